//! Servers that mean harm, or are something else. Of the account's own choice there is no TLS.

use std::io::{Read as _, Write as _};

use probe::report::{Cause, Stage};

use super::{asking, azurite};
use crate::hostile::{LONG, SHORT, greeted, saying, serve};
use crate::told::Told;

async fn told_by(port: u16, total_ms: u64) -> Told {
    let properties = [
        ("AccountName", azurite::ACCOUNT),
        ("DefaultEndpointsProtocol", "http"),
    ];
    let secret = ("AccountKey", azurite::KEY);
    let mut request = asking("AzureStorage", "AccountKey", port, &properties, secret);
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

#[tokio::test]
async fn what_it_says_is_clipped_and_without_secrets() {
    let body = format!(
        "<Error><Code>&lt;b&gt;</Code><Message>{} &lt;script&gt; {}</Message></Error>",
        azurite::KEY,
        "x".repeat(500)
    );
    let answer = format!(
        "HTTP/1.1 403 No\r\nx-ms-request-id: 1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let told = told_by(saying(answer), LONG).await;
    let report = told.stage(Stage::Authenticate);
    assert_eq!(report.code.as_ref().unwrap().as_str(), "403");
    let said = report.said.as_ref().unwrap().as_str();
    assert!(
        said.starts_with("••• <script> xxx"),
        "the beginning is another"
    );
    assert_eq!(said.chars().count(), probe::report::MAX_CHARS);
}
