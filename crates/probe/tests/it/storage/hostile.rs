//! Servers that mean harm, or are something else. Of the account's own choice there is no TLS.

use std::io::{Read as _, Write as _};

use probe::report::{Cause, Stage};
use probe::request::Request;

use super::{asking, azurite};
use crate::certificates::Authority;
use crate::hostile::{LONG, SHORT, greeted, saying, serve};
use crate::server::PASSWORD;
use crate::terminator;
use crate::told::Told;

pub(crate) fn at_azure(port: u16) -> Request {
    let properties = [
        ("AccountName", azurite::ACCOUNT),
        ("DefaultEndpointsProtocol", "http"),
    ];
    let secret = ("AccountKey", azurite::KEY);
    asking("AzureStorage", "AccountKey", port, &properties, secret)
}

/// Behind TLS.
pub(crate) async fn at_amazon_s3(inner: u16) -> Request {
    let authority = Authority::new("Authority of the test");
    let port = terminator::start(&authority, inner).await;
    let properties = [("accessKeyID", "AKIAIOSFODNN7EXAMPLE")];
    let secret = ("secretAccessKey", PASSWORD);
    let mut request = asking("AwsAccessKey", "AccessKey", port, &properties, secret);
    request.authorities = vec![authority.pem()];
    request
}

async fn told_by(port: u16, total_ms: u64) -> Told {
    let mut request = at_azure(port);
    request.limits.total_ms = total_ms;
    Told::of(&request).await
}

#[tokio::test]
async fn something_else_answers_or_it_never_stops() {
    let endless = |beginning: &'static str, again: &'static str| {
        serve(move |mut stream| {
            greeted(&mut stream)?;
            stream.write_all(beginning.as_bytes())?;
            loop {
                stream.write_all(again.as_bytes())?;
            }
        })
    };
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    let xml = "HTTP/1.1 403 No\r\nx-ms-request-id: 1\r\n\r\n<Error>";
    for (port, total_ms, cause) in [
        (saying("220 (vsFTPd 3.0.3)\r\n"), LONG, Cause::WrongProtocol),
        (saying(""), LONG, Cause::Closed),
        (
            saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            LONG,
            Cause::WrongContent,
        ),
        (
            endless("HTTP/1.1 200 OK\r\n", "X: y\r\n"),
            LONG,
            Cause::TooMuch,
        ),
        (endless(xml, "<Code><Code>"), LONG, Cause::StoreRefused),
        (endless(xml, "<a b='&#1;"), LONG, Cause::StoreRefused),
        (silent, SHORT, Cause::TimedOut),
    ] {
        let told = told_by(port, total_ms).await;
        let found = told.failure().map(|(stage, cause, _)| (stage, cause));
        assert_eq!(found, Some((Stage::Authenticate, cause)), "{told:?}");
    }
}

pub(crate) fn refusal(words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    let body = format!("<Error><Code>AccessDenied</Code><Message>{words}</Message></Error>");
    let length = body.len();
    format!("HTTP/1.1 403 No\r\nx-ms-request-id: 1\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Behind TLS. The address is a secret as a whole.
pub(crate) async fn by_address(inner: u16, signature: &str) -> Request {
    let authority = Authority::new("Authority of the test");
    let port = terminator::start(&authority, inner).await;
    let address = format!("https://localhost:{port}/?ss=b&sig={signature}");
    let mut request = asking("AzureStorage", "SAS", port, &[], ("sasUri", &address));
    request.authorities = vec![authority.pem()];
    request
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn azure_repeating(words: &str) -> Request {
    at_azure(saying(refusal(words)))
}

/// The same behind TLS.
pub(crate) async fn amazon_s3_repeating(words: &str) -> Request {
    at_amazon_s3(saying(refusal(words))).await
}
