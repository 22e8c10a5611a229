//! HTTP, and what is spoken over it: OData, tables in web pages, WebHDFS, object stores, Salesforce, Data Lake Store.

mod answer;
mod conversation;
pub(crate) mod data_lake_store;
mod identity;
mod login;
#[cfg(feature = "ntlm")]
mod ntlm;
mod resource;
pub(crate) mod salesforce;
mod server;
pub(crate) mod storage;

use http::StatusCode;
use http::header::{self, HeaderMap, HeaderValue};
use tokio::net::TcpStream;

use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;
use answer::Answer;
use identity::Identity;
use login::Login;
use resource::Resource;
use server::Server;

/// TLS to query, over a connection that is there. No redirect is followed: whatever is sent goes to the address that was checked.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let prepared = Resource::of(request)
        .and_then(|resource| Ok((resource, Login::of(request)?, identity::of(request)?)));
    let (resource, login, identity) = match prepared {
        Ok(prepared) => prepared,
        Err(cause) => return Err(reporter.failed(Stage::Tls, cause.into())),
    };
    let server = Server::new(request, &stream, &resource, identity.as_ref(), scrubber);
    let server = server.map_err(|cause| reporter.failed(Stage::Tls, cause.into()))?;
    let (stream, certificate) = match server.encrypt(stream).await {
        Ok(both) => both,
        Err(halt) if halt.cause == Cause::ClientCertificateRefused => {
            reporter.passed_showing(Stage::Tls, halt.certificate.clone());
            return Err(reporter.failed(Stage::Authenticate, without_certificate(halt)));
        }
        Err(halt) => return Err(reporter.failed(Stage::Tls, halt)),
    };
    if resource.is_encrypted() {
        reporter.passed_showing(Stage::Tls, certificate);
    } else {
        reporter.skipped(Stage::Tls, Cause::TlsOff);
    }
    let refused = |reporter: &mut Reporter, halt| Err(reporter.failed(Stage::Authenticate, halt));
    let first = match server.ask(stream, HeaderMap::new()).await {
        Ok(answer) => answer,
        Err(halt) => return refused(reporter, halt),
    };
    let (answer, note) = match sign_in(&server, &login, identity.as_ref(), first).await {
        Ok(both) => both,
        Err(halt) => return refused(reporter, halt),
    };
    match note {
        None => reporter.passed(Stage::Authenticate),
        Some(note) => reporter.passed_with(Stage::Authenticate, note),
    }
    if answer.status == StatusCode::FORBIDDEN {
        return Err(reporter.failed(Stage::Authorise, answer.halt(Cause::Forbidden, scrubber)));
    }
    reporter.passed(Stage::Authorise);
    match answer.judge(resource.content) {
        None => reporter.passed(Stage::Query),
        Some(cause) => return Err(reporter.failed(Stage::Query, answer.halt(cause, scrubber))),
    }
    Ok(())
}

/// From the answer to a stranger to the one that counts, and what is worth knowing of the credential.
async fn sign_in(
    server: &Server<'_>,
    login: &Login<'_>,
    identity: Option<&Identity>,
    first: Answer,
) -> Result<(Answer, Option<Cause>), Halt> {
    let is_asking = first.status == StatusCode::UNAUTHORIZED;
    let halt = |answer: &Answer, cause| answer.halt(cause, server.scrubber());
    if let Some(identity) = identity {
        return match (first.status, identity.was_asked_for()) {
            // As nginx says it, inside of HTTP.
            (StatusCode::BAD_REQUEST, true) => Err(halt(&first, Cause::ClientCertificateRefused)),
            (StatusCode::UNAUTHORIZED, _) => Err(halt(&first, Cause::MethodOther)),
            (_, true) => Ok((first, None)),
            (_, false) => Ok((first, Some(Cause::ClientCertificateNotAsked))),
        };
    }
    if login.is_anonymous() {
        return match is_asking {
            true => Err(halt(&first, Cause::SignInRequired)),
            false => Ok((first, None)),
        };
    }
    #[cfg(feature = "ntlm")]
    if let (true, Login::Windows(account)) = (is_asking, login) {
        return ntlm::sign_in(server, account, first).await;
    }
    let header = if is_asking {
        let header = login.respond(&first, server.resource());
        header.map_err(|cause| match cause {
            Cause::MethodOther => first.halt_offering(server.scrubber()),
            _ => halt(&first, cause),
        })?
    } else if first.status.is_success() {
        return Ok((first, Some(Cause::PasswordNotChecked)));
    } else {
        // It may hide from strangers that there is something.
        match login.unasked(server.resource()) {
            Some(header) => header,
            None => return Ok((first, Some(Cause::PasswordNotChecked))),
        }
    };
    let second = again(server, header).await?;
    match second.status {
        StatusCode::UNAUTHORIZED => Err(halt(&second, Cause::WrongPassword)),
        status if status == first.status => Ok((second, Some(Cause::PasswordNotChecked))),
        _ => Ok((second, None)),
    }
}

async fn again(server: &Server<'_>, header: HeaderValue) -> Result<Answer, Halt> {
    let stream = server.connect().await?;
    let (stream, _) = server.encrypt(stream).await?;
    let more = HeaderMap::from_iter([(header::AUTHORIZATION, header)]);
    server.ask(stream, more).await
}

/// The certificate is the server's; what was refused is another.
fn without_certificate(halt: Halt) -> Halt {
    Halt {
        certificate: None,
        ..halt
    }
}
