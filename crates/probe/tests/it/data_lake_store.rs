//! Azure Data Lake Store, by two servers of our own: one signs in as RFC 6749 and Microsoft's error codes have it, one answers as the
//! store's reference of WebHDFS does. No others can be had here.

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use envelope::Secret;
use probe::policy::Policy;
use probe::report::{Cause, Outcome, Stage};
use probe::request::{Destination, Request};

use crate::asked::asked;
use crate::certificates::Authority;
use crate::hostile::{SHORT, serve};
use crate::server::PASSWORD;
use crate::terminator;
use crate::told::{self, Told};

const APPLICATION: &str = "01234567-89ab-cdef-0123-456789abcdef";
const ACCESS: &str = "eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJodHRw.c2lnbmVk";

/// How often something was asked.
type Asked = Arc<AtomicUsize>;

/// A server over HTTP that answers by head and body; and how often it was asked.
fn answering(by: impl Fn(&str, &str) -> String + Send + Sync + Clone + 'static) -> (u16, Asked) {
    let count = Asked::default();
    let counted = count.clone();
    let port = serve(move |mut stream| {
        let (head, body) = asked(&mut stream)?;
        counted.fetch_add(1, Ordering::SeqCst);
        stream.write_all(by(&head, &body).as_bytes())
    });
    (port, count)
}

fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn refused(error: &str, number: u32) -> String {
    let body = format!(
        r#"{{"error":"{error}","error_description":"AADSTS{number}: no.","error_codes":[{number}],"trace_id":"x"}}"#
    );
    let status = match error {
        "invalid_client" => "401 Unauthorized",
        _ => "400 Bad Request",
    };
    answer(status, &body)
}

fn granted() -> String {
    let body =
        format!(r#"{{"token_type":"Bearer","expires_in":"3599","access_token":"{ACCESS}"}}"#);
    answer("200 OK", &body)
}

/// Signs this one application of this one tenant in.
fn login() -> (u16, Asked) {
    answering(|head, body| {
        let Some(rest) = head.strip_prefix("POST /corp.example/oauth2/token HTTP/1.1\r\n") else {
            return refused("invalid_request", 90_002);
        };
        assert!(rest.contains("content-type: application/x-www-form-urlencoded\r\n"));
        let form = url::form_urlencoded::parse(body.as_bytes());
        let form = form.collect::<std::collections::HashMap<_, _>>();
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(form["resource"], "https://datalake.azure.net/");
        if form["client_id"] != APPLICATION {
            return refused("unauthorized_client", 700_016);
        }
        match form["client_secret"] == PASSWORD {
            true => granted(),
            false => refused("invalid_client", 7_000_215),
        }
    })
}

/// A store that lets whoever was signed in do this.
fn store(listed: &'static str, passed: &'static str) -> (u16, Asked) {
    answering(move |head, _| {
        let shown = format!("\r\nauthorization: Bearer {ACCESS}");
        if !head.contains(&shown) {
            return answer(
                "401 Unauthorized",
                r#"{"error":{"code":"AuthenticationFailed","message":"no"}}"#,
            );
        }
        let (line, _) = head.split_once("\r\n").unwrap();
        match line {
            "GET /webhdfs/v1/?op=LISTSTATUS&listSize=1 HTTP/1.1" => answer(listed, LISTED),
            "GET /webhdfs/v1/?op=CHECKACCESS&fsaction=--x HTTP/1.1" => answer(passed, ""),
            _ => answer("404 Not Found", "{}"),
        }
    })
}

const LISTED: &str = r#"{"FileStatuses":{"FileStatus":[{"length":0,"pathSuffix":"in","type":"DIRECTORY"}]},"RemoteException":{"exception":"AccessControlException","message":"LISTSTATUS failed with error 0x83090aa2"}}"#;

/// The two, each behind TLS by an authority of its own, both of which are believed.
struct Both {
    request: Request,
    of_login: Authority,
    of_store: Authority,
}

impl Both {
    async fn new(login: u16, store: u16) -> Self {
        let of_login = Authority::new("Authority of the login");
        let of_store = Authority::new("Authority of the store");
        let mut request = told::request(terminator::start(&of_store, store).await);
        request.sign_in = Some(Destination {
            host: "localhost".to_owned(),
            port: terminator::start(&of_login, login).await,
        });
        request.kind = "AzureDataLakeStore".to_owned();
        request.auth = "ServicePrincipal".to_owned();
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let properties = [
            (
                "dataLakeStoreUri",
                "https://sales.azuredatalakestore.net/webhdfs/v1",
            ),
            ("tenant", "corp.example"),
            ("servicePrincipalId", APPLICATION),
        ];
        request.properties = properties.map(own).into();
        let key = request.secrets.remove("password").unwrap();
        request
            .secrets
            .insert("servicePrincipalKey".to_owned(), key);
        request.authorities = vec![of_login.pem(), of_store.pem()];
        Self {
            request,
            of_login,
            of_store,
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let properties = &mut self.request.properties;
        properties.insert(name.to_owned(), value.to_owned());
    }

    async fn failure(&self) -> (Stage, Cause, String) {
        Told::failure_of(&self.request).await
    }
}

/// Signing in and listing files, both at this server behind TLS.
pub(crate) async fn asking(port: u16) -> Request {
    Both::new(port, port).await.request
}

/// What a store refuses in these words, after a login that lets everybody in.
pub(crate) async fn repeating(words: &str) -> Request {
    let (login, _) = answering(|_, _| granted());
    let words = serde_json::Value::from(words);
    let body = format!(r#"{{"error":{{"code":"x","message":{words}}}}}"#);
    let (store, _) = answering(move |_, _| answer("401 Unauthorized", &body));
    Both::new(login, store).await.request
}

fn found(stage: Stage, cause: Cause, code: &str) -> (Stage, Cause, String) {
    (stage, cause, code.to_owned())
}

fn at_login(cause: Cause, code: &str) -> (Stage, Cause, String) {
    found(Stage::Authenticate, cause, code)
}

#[tokio::test]
async fn whoever_signs_in_lists_the_files() {
    let ((login, _), (store, asked)) = (login(), store("200 OK", "200 OK"));
    let mut both = Both::new(login, store).await;
    let told = Told::of(&both.request).await;
    assert!(told.has_passed(), "{told:?}");
    let certificate = told.stage(Stage::Tls).certificate.as_ref().unwrap();
    assert!(
        certificate
            .issuer
            .as_str()
            .contains("Authority of the store")
    );
    assert!(
        !format!("{told:?}").contains(ACCESS),
        "an access token was told"
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // Without a path it is the usual one.
    both.set("dataLakeStoreUri", "https://sales.azuredatalakestore.net");
    assert!(Told::of(&both.request).await.has_passed());
}

#[tokio::test]
async fn whoever_does_not_is_told_why_and_the_store_is_not_asked() {
    let ((login, _), (store, asked)) = (login(), store("200 OK", "200 OK"));
    let mut both = Both::new(login, store).await;
    both.set("tenant", "other.example");
    assert_eq!(
        both.failure().await,
        at_login(Cause::TenantUnknown, "AADSTS90002")
    );
    both.set("tenant", "corp.example");
    both.set("servicePrincipalId", "fedcba98-7654-3210-fedc-ba9876543210");
    assert_eq!(
        both.failure().await,
        at_login(Cause::NoSuchUser, "AADSTS700016")
    );
    both.set("servicePrincipalId", APPLICATION);
    let wrong = Secret::new("another & key=".to_owned());
    let secrets = &mut both.request.secrets;
    secrets.insert("servicePrincipalKey".to_owned(), wrong);
    assert_eq!(
        both.failure().await,
        at_login(Cause::WrongKey, "AADSTS7000215")
    );
    both.request.secrets.clear();
    assert_eq!(both.failure().await, at_login(Cause::PasswordMissing, ""));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_the_login_may_refuse() {
    let (store, _) = store("200 OK", "200 OK");
    for (text, cause, code) in [
        (
            refused("invalid_client", 7_000_222),
            Cause::PasswordExpired,
            "AADSTS7000222",
        ),
        (
            refused("unauthorized_client", 7_000_112),
            Cause::AccountLocked,
            "AADSTS7000112",
        ),
        (
            refused("access_denied", 53_003),
            Cause::NotAdmitted,
            "AADSTS53003",
        ),
        (
            refused("invalid_request", 900_023),
            Cause::TenantUnknown,
            "AADSTS900023",
        ),
        (
            refused("temporarily_unavailable", 90_033),
            Cause::NotReady,
            "AADSTS90033",
        ),
        (
            refused("invalid_resource", 500_011),
            Cause::StoreRefused,
            "AADSTS500011",
        ),
        (
            answer("401 Unauthorized", r#"{"error":"invalid_client"}"#),
            Cause::WrongKey,
            "invalid_client",
        ),
        (
            answer("400 Bad Request", r#"{"error":"<b>"}"#),
            Cause::StoreRefused,
            "400",
        ),
        (
            answer("429 Too Many Requests", ""),
            Cause::TooManyConnections,
            "429",
        ),
        (
            answer(
                "200 OK",
                r#"{"token_type":"Bearer","access_token":"a\r\nb"}"#,
            ),
            Cause::WrongContent,
            "",
        ),
        (
            answer("200 OK", r#"{"token_type":"mac","access_token":"a"}"#),
            Cause::WrongContent,
            "",
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: https://evil.example/?a=b\r\n\r\n".to_owned(),
            Cause::Redirected,
            "302",
        ),
        ("220 ready\r\n".to_owned(), Cause::WrongProtocol, ""),
        (String::new(), Cause::Closed, ""),
    ] {
        let (login, _) = answering(move |_, _| text.clone());
        assert_eq!(
            Both::new(login, store).await.failure().await,
            at_login(cause, code)
        );
    }
}

#[tokio::test]
async fn what_the_store_may_refuse() {
    let (login, _) = login();
    let (closed, _) = store("403 Forbidden", "403 Forbidden");
    let both = Both::new(login, closed).await;
    let told = Told::of(&both.request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authorise, Cause::Forbidden, "403"))
    );
    let said = told.stage(Stage::Authorise).said.as_ref().unwrap();
    assert!(said.as_str().starts_with("LISTSTATUS failed"));

    // It may go through the top to what it may use.
    let (passed, _) = store("403 Forbidden", "200 OK");
    let told = Told::of(&Both::new(login, passed).await.request).await;
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(told.stage(Stage::Authorise).cause, Some(Cause::NotListed));
    assert_eq!(told.stage(Stage::Query).result, Outcome::Skipped);

    let mut elsewhere = Both::new(login, passed).await;
    elsewhere.set(
        "dataLakeStoreUri",
        "https://sales.azuredatalakestore.net/other",
    );
    let missing = found(Stage::Query, Cause::NothingThere, "404");
    assert_eq!(elsewhere.failure().await, missing);

    // What it says may have what it was shown in it.
    let (echo, _) = answering(|_, _| {
        let body = format!(r#"{{"error":{{"code":"x","message":"bad {ACCESS} {PASSWORD}"}}}}"#);
        answer("401 Unauthorized", &body)
    });
    let told = Told::of(&Both::new(login, echo).await.request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::NotAdmitted, "401"))
    );
    let said = told.stage(Stage::Authenticate).said.as_ref().unwrap();
    assert_eq!(said.as_str(), "bad ••• •••");

    let moved = "HTTP/1.1 307 Moved\r\nLocation: https://evil.example/\r\n\r\n";
    for (text, stage, cause, code) in [
        (moved, Stage::Query, Cause::Redirected, "307"),
        (
            "HTTP/1.1 200 OK\r\n\r\n<html>",
            Stage::Query,
            Cause::WrongContent,
            "200",
        ),
        (
            "220 ready\r\n",
            Stage::Authenticate,
            Cause::WrongProtocol,
            "",
        ),
        ("", Stage::Authenticate, Cause::Closed, ""),
    ] {
        let (other, _) = answering(move |_, _| text.to_owned());
        let failure = Both::new(login, other).await.failure().await;
        assert_eq!(failure, found(stage, cause, code));
    }
}

/// Which of the two it was stands where a server's words do.
async fn said_of(both: &Both, stage: Stage, cause: Cause, host: &str) {
    let told = Told::of(&both.request).await;
    assert_eq!(told.failure(), Some((stage, cause, "")));
    let said = told.stage(stage).said.as_ref().unwrap();
    assert_eq!(said.as_str(), host);
}

#[tokio::test]
async fn a_certificate_of_either_that_nobody_vouches_for_ends_it() {
    let ((login, signed_in), (store, asked)) = (login(), store("200 OK", "200 OK"));
    let mut both = Both::new(login, store).await;
    for (believed, stranger) in [
        (both.of_store.pem(), "Authority of the login"),
        (both.of_login.pem(), "Authority of the store"),
    ] {
        both.request.authorities = vec![believed];
        let told = Told::of(&both.request).await;
        let expected = Some((Stage::Tls, Cause::CertificateUntrusted, ""));
        assert_eq!(told.failure(), expected);
        let shown = told.stage(Stage::Tls).certificate.clone().unwrap();
        assert!(shown.issuer.as_str().contains(stranger));
        // By its fingerprint it is.
        both.request.trusted = vec![shown.sha256.as_str().parse().unwrap()];
        let before = signed_in.load(Ordering::SeqCst);
        assert!(Told::of(&both.request).await.has_passed());
        assert_eq!(signed_in.load(Ordering::SeqCst), before + 1);
        both.request.trusted.clear();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // Each has a name of its own.
    both.request.authorities = vec![both.of_login.pem(), both.of_store.pem()];
    let names = |request: &mut Request, login: &str, store: &str| {
        request.sign_in.as_mut().unwrap().host = login.to_owned();
        request.destination.host = store.to_owned();
    };
    let wrong = (Stage::Tls, Cause::CertificateWrongName);
    for (login, store) in [("127.0.0.1", "localhost"), ("localhost", "127.0.0.1")] {
        names(&mut both.request, login, store);
        said_of(&both, wrong.0, wrong.1, "127.0.0.1").await;
    }
    names(&mut both.request, "localhost", "localhost");
    both.set("dataLakeStoreUri", "http://sales.azuredatalakestore.net/");
    assert_eq!(
        both.failure().await,
        found(Stage::Tls, Cause::BadRequest, "")
    );
}

#[tokio::test]
async fn the_policy_and_the_network_are_asked_about_both() {
    let ((login, signed_in), (store, asked)) = (login(), store("200 OK", "200 OK"));
    let allowed = |port: u16| -> Policy {
        let text = format!(
            r#"allow = [{{ network = "127.0.0.0/8", ports = [{port}] }}, {{ network = "::1/128", ports = [{port}] }}]"#
        );
        toml::from_str(&text).unwrap()
    };
    let mut both = Both::new(login, store).await;
    let ports = (
        both.request.destination.port,
        both.request.sign_in.clone().unwrap().port,
    );
    for only in [ports.0, ports.1] {
        both.request.policy = allowed(only);
        said_of(&both, Stage::Resolve, Cause::PolicyLoopback, "localhost").await;
    }
    // Denied by its name, neither is looked up.
    let denied = r#"deny = [{ name = "login.example" }]"#;
    both.request.policy = toml::from_str(denied).unwrap();
    both.request.sign_in.as_mut().unwrap().host = "login.example".to_owned();
    said_of(&both, Stage::Policy, Cause::PolicyDenied, "login.example").await;

    let mut unknown = Both::new(login, store).await;
    unknown.request.destination.host = "no-such-account.invalid".to_owned();
    said_of(
        &unknown,
        Stage::Resolve,
        Cause::UnknownHost,
        "no-such-account.invalid",
    )
    .await;
    let mut nobody = Both::new(login, store).await;
    nobody.request.sign_in = None;
    assert_eq!(
        nobody.failure().await,
        found(Stage::Tls, Cause::BadRequest, "")
    );
    let mut gone = Both::new(login, store).await;
    let [free] = crate::service::free_ports();
    gone.request.sign_in.as_mut().unwrap().port = free;
    said_of(&gone, Stage::Connect, Cause::Refused, "localhost").await;
    let both = [signed_in, asked].map(|asked| asked.load(Ordering::SeqCst));
    assert_eq!(both, [0, 0]);
}

#[tokio::test]
async fn either_that_stays_silent_is_late() {
    let silent = || serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    let ((login, _), (store, _)) = (login(), store("200 OK", "200 OK"));
    for (login, store) in [(silent(), store), (login, silent())] {
        let mut both = Both::new(login, store).await;
        // TLS takes its time, too.
        both.request.limits.total_ms = SHORT * 20;
        assert_eq!(both.failure().await, at_login(Cause::TimedOut, ""));
    }
}
