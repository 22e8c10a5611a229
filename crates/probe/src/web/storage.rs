//! Object stores: one question, signed, and what the answer says of the key.

#[cfg(feature = "s3")]
mod amazon_s3;
mod azure;
mod refusal;

use http::header::{HeaderMap, HeaderValue};
use tokio::net::TcpStream;

use super::answer::Answer;
use super::conversation::Stream;
use super::resource::Resource;
use super::server::Server;
use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;
use azure::Azure;
use refusal::Refusal;
pub(super) use refusal::text_of;

/// Who is asked.
enum Store {
    #[cfg(feature = "s3")]
    AmazonS3,
    Azure(Azure),
}

/// What the answer says.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It has what was asked for.
    Listed,
    /// The account is known. It may not list.
    Unlisted,
    /// No.
    Refused(Stage, Cause),
}

/// TLS to query, over a connection that is there. No redirect is followed.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let (store, resource) = match prepare(request) {
        Ok(prepared) => prepared,
        Err(cause) => return Err(reporter.failed(Stage::Tls, cause.into())),
    };
    let server = Server::new(request, &stream, &resource, None, scrubber);
    let server = server.map_err(|cause| reporter.failed(Stage::Tls, cause.into()))?;
    let stream = encrypt(&server, stream, reporter).await?;
    let answer = match store.headers(request) {
        Ok(headers) => server.ask(stream, headers).await,
        Err(cause) => Err(cause.into()),
    };
    let answer = answer.map_err(|halt| reporter.failed(Stage::Authenticate, halt))?;
    let refusal = Refusal::of(&answer);
    match store.judge(&answer, &refusal) {
        Verdict::Listed => {
            for stage in [Stage::Authenticate, Stage::Authorise, Stage::Query] {
                reporter.passed(stage);
            }
        }
        Verdict::Unlisted => {
            reporter.passed(Stage::Authenticate);
            let note = store.halt(&refusal, Cause::NotListed, scrubber);
            reporter.passed_noting(Stage::Authorise, note);
            reporter.skipped(Stage::Query, Cause::NotListed);
        }
        Verdict::Refused(stage, cause) => {
            let before = [Stage::Authenticate, Stage::Authorise, Stage::Query];
            for passed in before.into_iter().take_while(|before| *before != stage) {
                reporter.passed(passed);
            }
            let halt = store.halt(&refusal, cause, scrubber);
            return Err(reporter.failed(stage, halt));
        }
    }
    Ok(())
}

fn prepare(request: &Request) -> Result<(Store, Resource), Cause> {
    match request.kind.as_str() {
        #[cfg(feature = "s3")]
        "AwsAccessKey" => Ok((Store::AmazonS3, amazon_s3::buckets()?)),
        _ => {
            let (azure, resource) = Azure::of(request)?;
            Ok((Store::Azure(azure), resource))
        }
    }
}

async fn encrypt(
    server: &Server<'_>,
    stream: TcpStream,
    reporter: &mut Reporter,
) -> Result<Box<dyn Stream>, Cause> {
    match server.encrypt(stream).await {
        Ok((stream, certificate)) if server.resource().is_encrypted() => {
            reporter.passed_showing(Stage::Tls, certificate);
            Ok(stream)
        }
        Ok((stream, _)) => {
            reporter.skipped(Stage::Tls, Cause::TlsOff);
            Ok(stream)
        }
        Err(halt) => Err(reporter.failed(Stage::Tls, halt)),
    }
}

impl Store {
    /// What proves that the key is known, and what else belongs to the question.
    fn headers(&self, request: &Request) -> Result<HeaderMap, Cause> {
        match self {
            #[cfg(feature = "s3")]
            Self::AmazonS3 => amazon_s3::headers(request),
            Self::Azure(azure) => azure.headers(request),
        }
    }

    fn judge(&self, answer: &Answer, refusal: &Refusal) -> Verdict {
        match self {
            #[cfg(feature = "s3")]
            Self::AmazonS3 => amazon_s3::judge(answer, refusal),
            Self::Azure(azure) => azure.judge(answer, refusal),
        }
    }

    /// Of a shared access signature each part is a secret: the server's words, which could have one in them, are not repeated.
    fn halt(&self, refusal: &Refusal, cause: Cause, scrubber: &Scrubber) -> Halt {
        let words = match self {
            Self::Azure(Azure::Signature { .. }) => None,
            _ => refusal.message.as_deref(),
        };
        Halt {
            code: Some(scrubber.scrub(&refusal.code)),
            said: words.map(|words| scrubber.scrub(words)),
            ..Halt::from(cause)
        }
    }
}

/// A header's value that is never printed.
pub(super) fn header(text: &str) -> Result<HeaderValue, Cause> {
    let mut value = HeaderValue::from_str(text).map_err(|_| Cause::BadRequest)?;
    value.set_sensitive(true);
    Ok(value)
}
