//! Salesforce, by a server of our own that answers as the SOAP API's reference has it: no other can be had here.

use std::io::{Read as _, Write as _};

use envelope::Secret;
use probe::report::{Cause, Stage};
use probe::request::Request;

use crate::asked::asked;
use crate::certificates::Authority;
use crate::hostile::{LONG, SHORT, serve};
use crate::server::PASSWORD;
use crate::terminator;
use crate::told::{self, Told};

const TOKEN: &str = "T0<k&n>";
const SESSION: &str = "00Dxx0000000001!AQ4AQ.session";

/// `ann` at this server, behind TLS.
pub(crate) async fn asking(inner: u16) -> Request {
    let authority = Authority::new("Authority of the test");
    let port = terminator::start(&authority, inner).await;
    let mut request = told::request(port);
    request.kind = "Salesforce".to_owned();
    let address = format!("https://localhost:{port}/");
    let properties = [
        ("username", "ann&co".to_owned()),
        ("environmentUrl", address),
    ];
    request.properties = properties
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    let token = Secret::new(TOKEN.to_owned());
    request.secrets.insert("securityToken".to_owned(), token);
    request.authorities = vec![authority.pem()];
    request
}

fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn fault(code: &str, words: &str) -> String {
    let body = format!(
        r#"<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {words}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
    );
    answer("500 Internal Server Error", &body)
}

fn session(is_expired: bool) -> String {
    let body = format!(
        r#"<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><soapenv:Body><loginResponse><result><passwordExpired>{is_expired}</passwordExpired><serverUrl>https://eu1.salesforce.com/services/Soap/u/64.0</serverUrl><sessionId>{SESSION}</sessionId><userInfo><organizationId>00Dxx0000000001</organizationId></userInfo></result></loginResponse></soapenv:Body></soapenv:Envelope>"#
    );
    answer("200 OK", &body)
}

/// Answers this, whoever asks.
fn saying(text: String) -> u16 {
    serve(move |mut stream| {
        asked(&mut stream)?;
        stream.write_all(text.as_bytes())
    })
}

async fn failure_at(port: u16) -> (Stage, Cause, String) {
    Told::failure_of(&asking(port).await).await
}

fn found(stage: Stage, cause: Cause, code: &str) -> (Stage, Cause, String) {
    (stage, cause, code.to_owned())
}

#[tokio::test]
async fn whoever_is_known_gets_in() {
    let port = serve(|mut stream| {
        let (head, body) = asked(&mut stream)?;
        assert!(head.starts_with("POST /services/Soap/u/64.0 HTTP/1.1\r\n"));
        assert!(head.contains("\r\nsoapaction: login"));
        let account = format!(
            "<username>ann&amp;co</username><password>{PASSWORD}T0&lt;k&amp;n&gt;</password>"
        );
        let is_known = body.contains(&account);
        let wrong = fault(
            "INVALID_LOGIN",
            "Invalid username, password, security token",
        );
        let answer = if is_known { session(false) } else { wrong };
        stream.write_all(answer.as_bytes())
    });
    let mut request = asking(port).await;
    let told = Told::of(&request).await;
    assert!(told.has_passed(), "{told:?}");
    assert!(told.stage(Stage::Tls).certificate.is_some());
    assert!(!format!("{told:?}").contains(SESSION), "a session was told");

    request.secrets.remove("securityToken");
    let wrong = found(Stage::Authenticate, Cause::WrongPassword, "INVALID_LOGIN");
    assert_eq!(Told::failure_of(&request).await, wrong);
    request.secrets.clear();
    let missing = found(Stage::Authenticate, Cause::PasswordMissing, "");
    assert_eq!(Told::failure_of(&request).await, missing);
    request.authorities.clear();
    let stranger = found(Stage::Tls, Cause::CertificateUntrusted, "");
    assert_eq!(Told::failure_of(&request).await, stranger);
    let clear = "http://localhost/".to_owned();
    request
        .properties
        .insert("environmentUrl".to_owned(), clear);
    let unusable = found(Stage::Tls, Cause::BadRequest, "");
    assert_eq!(Told::failure_of(&request).await, unusable);
}

#[tokio::test]
async fn what_it_may_refuse() {
    use Cause as C;
    for (code, stage, cause) in [
        (
            "LOGIN_MUST_USE_SECURITY_TOKEN",
            Stage::Authenticate,
            C::SecurityTokenMissing,
        ),
        ("PASSWORD_LOCKOUT", Stage::Authenticate, C::AccountLocked),
        (
            "INACTIVE_OWNER_OR_USER",
            Stage::Authenticate,
            C::AccountLocked,
        ),
        (
            "LOGIN_DURING_RESTRICTED_TIME",
            Stage::Authenticate,
            C::NotAdmitted,
        ),
        (
            "REQUEST_LIMIT_EXCEEDED",
            Stage::Authenticate,
            C::TooManyConnections,
        ),
        ("SERVER_UNAVAILABLE", Stage::Authenticate, C::NotReady),
        ("INVALID_OPERATION", Stage::Authenticate, C::StoreRefused),
        ("API_DISABLED_FOR_ORG", Stage::Authorise, C::Forbidden),
    ] {
        let told = failure_at(saying(fault(code, "no"))).await;
        assert_eq!(told, found(stage, cause, code));
    }
    let expired = found(Stage::Authenticate, C::PasswordExpired, "");
    assert_eq!(failure_at(saying(session(true))).await, expired);
}

#[tokio::test]
async fn something_else_or_something_hostile_listens() {
    let moved = "HTTP/1.1 302 Found\r\nLocation: https://evil.example/?a=b\r\n\r\n";
    for (text, cause, code) in [
        (moved.to_owned(), Cause::Redirected, "302"),
        (
            answer("503 Service Unavailable", "<html>Maintenance</html>"),
            Cause::NotReady,
            "503",
        ),
        (
            answer("200 OK", "<html>Welcome</html>"),
            Cause::WrongContent,
            "",
        ),
        (
            answer("404 Not Found", "<faultcode>"),
            Cause::NothingThere,
            "404",
        ),
        ("220 ready\r\n".to_owned(), Cause::WrongProtocol, ""),
        (String::new(), Cause::Closed, ""),
    ] {
        let expected = found(Stage::Authenticate, cause, code);
        assert_eq!(failure_at(saying(text)).await, expected);
    }
    for (again, cause) in [
        ("X: y\r\n", Cause::TooMuch),
        ("\r\n<a b='&#1;", Cause::WrongContent),
    ] {
        let endless = serve(move |mut stream| {
            asked(&mut stream)?;
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            loop {
                stream.write_all(again.as_bytes())?;
            }
        });
        let mut request = asking(endless).await;
        request.limits.total_ms = LONG;
        let expected = found(Stage::Authenticate, cause, "");
        assert_eq!(Told::failure_of(&request).await, expected);
    }
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    let mut request = asking(silent).await;
    // TLS takes its time, too.
    request.limits.total_ms = SHORT * 10;
    let late = found(Stage::Authenticate, Cause::TimedOut, "");
    assert_eq!(Told::failure_of(&request).await, late);
}

/// A server that refuses in these words, and who asks it.
pub(crate) async fn repeating(words: &str) -> Request {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    asking(saying(fault("INVALID_LOGIN", &words))).await
}
