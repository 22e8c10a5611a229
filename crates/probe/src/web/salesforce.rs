//! Salesforce: the `login` of its SOAP API, at the environment's own address.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use tokio::net::TcpStream;
use url::Url;
use zeroize::Zeroizing;

use super::answer::{Answer, Content};
use super::resource::Resource;
use super::server::Server;
use super::storage::text_of;
use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;

/// The last version that has `login`.
const PATH: &str = "/services/Soap/u/64.0";
const BEGINNING: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>"#,
    r#"<login xmlns="urn:partner.soap.sforce.com"><username>"#
);
const BETWEEN: &str = "</username><password>";
const END: &str = "</password></login></e:Body></e:Envelope>";
/// As long as one character becomes: `&quot;`.
const MAX_ESCAPED: usize = 6;

/// TLS to query, over a connection that is there. The login's answer is all that is asked for: where it leads, nobody goes.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let resource = resource(request).map_err(|cause| reporter.failed(Stage::Tls, cause.into()))?;
    let server = Server::new(request, &stream, &resource, None, scrubber);
    let server = server.map_err(|cause| reporter.failed(Stage::Tls, cause.into()))?;
    let (stream, certificate) = match server.encrypt(stream).await {
        Ok(both) => both,
        Err(halt) => return Err(reporter.failed(Stage::Tls, halt)),
    };
    reporter.passed_showing(Stage::Tls, certificate);
    let answer = match question(request) {
        Ok(body) => server.tell(stream, headers(), body).await,
        Err(cause) => Err(cause.into()),
    };
    let answer = answer.map_err(|halt| reporter.failed(Stage::Authenticate, halt))?;
    match judge(&answer, scrubber) {
        None => {
            for stage in [Stage::Authenticate, Stage::Authorise, Stage::Query] {
                reporter.passed(stage);
            }
            Ok(())
        }
        Some((stage, halt)) => {
            if stage == Stage::Authorise {
                reporter.passed(Stage::Authenticate);
            }
            Err(reporter.failed(stage, halt))
        }
    }
}

fn resource(request: &Request) -> Result<Resource, Cause> {
    let address = request.property("environmentUrl");
    let mut url = Url::parse(address.ok_or(Cause::BadRequest)?).map_err(|_| Cause::BadRequest)?;
    let has_credential = !url.username().is_empty() || url.password().is_some();
    if url.scheme() != "https" || has_credential {
        return Err(Cause::BadRequest);
    }
    url.set_path(PATH);
    url.set_query(None);
    url.set_fragment(None);
    Resource::at(url, Content::Any)
}

fn headers() -> HeaderMap {
    let text = HeaderValue::from_static("text/xml; charset=UTF-8");
    let action = HeaderName::from_static("soapaction");
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, text),
        (action, HeaderValue::from_static("login")),
    ])
}

/// The envelope. A security token stands behind the password.
fn question(request: &Request) -> Result<Zeroizing<String>, Cause> {
    let user = request.property("username").ok_or(Cause::BadRequest)?;
    let password = request.secret("password").ok_or(Cause::PasswordMissing)?;
    // EXPOSE: the data store is told it, over TLS.
    let password = password.expose();
    let token = request.secret("securityToken");
    // EXPOSE: the data store is told it, over TLS.
    let token = token.map_or("", |token| token.expose());
    let escaped = (user.len() + password.len() + token.len()) * MAX_ESCAPED;
    // It never grows: what has grown leaves its beginning behind.
    let room = BEGINNING.len() + BETWEEN.len() + END.len() + escaped;
    let mut body = Zeroizing::new(String::with_capacity(room));
    body.push_str(BEGINNING);
    escape(&mut body, user);
    body.push_str(BETWEEN);
    escape(&mut body, password);
    escape(&mut body, token);
    body.push_str(END);
    Ok(body)
}

/// As text of an element. Libraries' functions give back strings that nobody wipes.
fn escape(to: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '\r' => to.push_str("&#13;"),
            other => to.push(other),
        }
    }
}

/// Where the answer says no. Of one that has a session in it nothing is repeated.
fn judge(answer: &Answer, scrubber: &Scrubber) -> Option<(Stage, Halt)> {
    let body = answer.body();
    let at_login = |cause: Cause| Some((Stage::Authenticate, Halt::from(cause)));
    if let Some(fault) = text_of(body, "faultcode") {
        let code = fault.rsplit(':').next().unwrap_or("");
        let (stage, cause) = cause_of(code);
        let said = text_of(body, "faultstring");
        let halt = Halt {
            code: Some(scrubber.scrub(code)),
            said: said.map(|said| scrubber.scrub(&said)),
            ..Halt::from(cause)
        };
        return Some((stage, halt));
    }
    if let Some(cause) = answer.judge(Content::Any) {
        return Some((Stage::Authenticate, answer.halt(cause, scrubber)));
    }
    match text_of(body, "passwordExpired").as_deref() {
        Some("true") => at_login(Cause::PasswordExpired),
        // What the account belongs to comes with the session, and only through the API.
        Some("false") if text_of(body, "organizationId").is_some() => None,
        _ => at_login(Cause::WrongContent),
    }
}

/// As the SOAP API's reference names them (`ExceptionCode`).
fn cause_of(code: &str) -> (Stage, Cause) {
    let cause = match code {
        "INVALID_LOGIN" => Cause::WrongPassword,
        "LOGIN_MUST_USE_SECURITY_TOKEN" => Cause::SecurityTokenMissing,
        "PASSWORD_LOCKOUT" | "INACTIVE_OWNER_OR_USER" | "ORG_LOCKED" | "TRIAL_EXPIRED" => {
            Cause::AccountLocked
        }
        "INVALID_OPERATION_WITH_EXPIRED_PASSWORD" => Cause::PasswordExpired,
        "LOGIN_DURING_RESTRICTED_DOMAIN" | "LOGIN_DURING_RESTRICTED_TIME" => Cause::NotAdmitted,
        "REQUEST_LIMIT_EXCEEDED" | "LOGIN_RATE_EXCEEDED" => Cause::TooManyConnections,
        "SERVER_UNAVAILABLE" => Cause::NotReady,
        "API_CURRENTLY_DISABLED" | "API_DISABLED_FOR_ORG" | "INSUFFICIENT_ACCESS" => {
            return (Stage::Authorise, Cause::Forbidden);
        }
        _ => Cause::StoreRefused,
    };
    (Stage::Authenticate, cause)
}
