//! A credential is tried at a real PostgreSQL before it is stored: the call of the API, streamed, and what it is refused for.

mod frequency;
mod mysql;

use axum::body::Body;
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::{MEDIA_TYPE_ENVELOPE, test_path};
use envelope::{Binding, Operation, Secret, SecretChange, TicketClaims};
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::certificates::forge;
use crate::metrics::metrics;
use crate::postgresql_server::{PASSWORD, Server};
use crate::scratch::{Answer, ScratchGateway, request, seal_basic, seal_untriable};

const WRONG: &str = "hunter2-hunter2";
const KIND: &str = "OnPremisesPostgreSql";
const TRUSTED: &str = "trustedCertificateSha256";

/// A data store with a certificate that nobody has signed whom the machine trusts, and a gateway that may go there.
struct Shop {
    store: Server,
    gateway: ScratchGateway,
    /// SHA-256 of the store's certificate.
    sha256: String,
}

impl Shop {
    async fn open(test_section: &str) -> Self {
        let store = Server::start("hostssl all all 127.0.0.1/32 scram-sha-256\n");
        let author = format!("CREATE ROLE author LOGIN PASSWORD '{PASSWORD}'");
        store.run(&[&author, "CREATE DATABASE sales"]).await;
        let root = forge::root("root of the data store");
        let (leaf, key) = forge::leaf(&forge::server(|_| ()), &root);
        store.show(&leaf, &key);
        let gateway = gateway_to(store.port, test_section).await;
        let mut shop = Self {
            store,
            gateway,
            sha256: String::new(),
        };
        let claims = shop.gateway.claims("first-look");
        let lines = report(&shop.test(&claims, &[], PASSWORD).await);
        assert_eq!(lines[3]["cause"], "certificate_untrusted", "{lines:?}");
        let sha256 = lines[3]["certificate"]["sha256"].as_str();
        shop.sha256 = sha256.unwrap().to_owned();
        shop
    }

    fn sealed(
        &self,
        claims: &TicketClaims,
        operation: Operation,
        changed: &[(&str, &str)],
        password: SecretChange,
    ) -> String {
        let server = format!("localhost:{}", self.store.port);
        let properties = [
            ("server", server.as_str()),
            ("database", "sales"),
            ("username", "author"),
            (TRUSTED, &self.sha256),
        ];
        let properties: Vec<_> = properties.iter().chain(changed).copied().collect();
        let keys = self.gateway.custody.public_keys();
        let binding = Binding::from_ticket(claims, operation);
        seal_basic(&keys, claims, &binding, (KIND, &properties), password)
    }

    async fn send_test(&self, claims: &TicketClaims, envelope: impl Into<Body>) -> Answer {
        let ticket = self.gateway.ticket(claims);
        self.gateway
            .send(test_request(claims, &ticket, envelope))
            .await
    }

    async fn test(
        &self,
        claims: &TicketClaims,
        changed: &[(&str, &str)],
        password: &str,
    ) -> Answer {
        let password = SecretChange::Replace(Secret::new(password.to_owned()));
        let envelope = self.sealed(claims, Operation::Test, changed, password);
        self.send_test(claims, envelope).await
    }

    async fn keep(&self, claims: &TicketClaims, changed: &[(&str, &str)]) -> Answer {
        let envelope = self.sealed(claims, Operation::Test, changed, SecretChange::Keep);
        self.send_test(claims, envelope).await
    }

    async fn save(
        &self,
        claims: &TicketClaims,
        changed: &[(&str, &str)],
        password: &str,
    ) -> Answer {
        let password = SecretChange::Replace(Secret::new(password.to_owned()));
        let envelope = self.sealed(claims, Operation::Set, changed, password);
        self.gateway.set(claims, envelope).await
    }

    fn events(&self, name: &str) -> Vec<Value> {
        let audit = self.gateway.audit();
        let lines = audit
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        lines.filter(|line: &Value| line["event"] == name).collect()
    }
}

async fn gateway_to(port: u16, test_section: &str) -> ScratchGateway {
    let allow = format!("allow = [{{ network = \"127.0.0.0/8\", ports = [{port}] }}]");
    ScratchGateway::with(&format!("[test]\n{allow}\n{test_section}")).await
}

/// What this kind with these properties and this password is answered.
async fn tried(
    gateway: &ScratchGateway,
    claims: &TicketClaims,
    what: (&str, &[(&str, &str)]),
    password: &str,
) -> Answer {
    let keys = gateway.custody.public_keys();
    let binding = Binding::from_ticket(claims, Operation::Test);
    let password = SecretChange::Replace(Secret::new(password.to_owned()));
    let envelope = seal_basic(&keys, claims, &binding, what, password);
    let ticket = gateway.ticket(claims);
    gateway.send(test_request(claims, &ticket, envelope)).await
}

pub(crate) fn test_request(
    claims: &TicketClaims,
    ticket: &str,
    body: impl Into<Body>,
) -> Request<Body> {
    request(Method::POST, &test_path(&claims.df, &claims.ls))
        .header(header::AUTHORIZATION, format!("Bearer {ticket}"))
        .header(header::CONTENT_TYPE, MEDIA_TYPE_ENVELOPE)
        .header("sec-fetch-site", "same-origin")
        .body(body.into())
        .unwrap()
}

#[track_caller]
pub(crate) fn report(answer: &Answer) -> Vec<Value> {
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    assert_eq!(answer.status, 200, "{text}");
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// How the test ended: nothing if it passed, else the cause.
#[track_caller]
fn ending(answer: &Answer) -> Value {
    let lines = report(answer);
    assert_eq!(lines.len(), 8, "{lines:?}");
    let last = &lines[7];
    assert_eq!(last["outcome"] == "passed", last["cause"].is_null());
    last["cause"].clone()
}

#[tokio::test]
async fn a_test_is_told_stage_by_stage_and_stores_nothing() {
    let shop = Shop::open("").await;
    let claims = shop.gateway.claims("orders");
    let answer = shop.test(&claims, &[], PASSWORD).await;
    let lines = report(&answer);
    let stages: Vec<_> = lines
        .iter()
        .filter_map(|line| line["stage"].as_str())
        .collect();
    let all = [
        "policy",
        "resolve",
        "connect",
        "tls",
        "authenticate",
        "authorise",
        "query",
    ];
    assert_eq!(stages, all);
    assert!(
        lines[..7].iter().all(|line| line["result"] == "passed"),
        "{lines:?}"
    );
    assert_eq!(lines[7]["outcome"], "passed");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");

    let answer = shop.test(&claims, &[], WRONG).await;
    let lines = report(&answer);
    assert_eq!(lines[4]["cause"], "wrong_password");
    assert_eq!(lines[4]["field"], "password");
    assert_eq!(lines[7]["outcome"], "failed");
    let told = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(!told.contains(WRONG));
    let no_database = shop.test(&claims, &[("database", "other")], PASSWORD).await;
    assert_eq!(ending(&no_database), "no_such_database");

    // The ticket is not used up, and nothing is stored.
    let listed = shop.gateway.custody.list(None).await.unwrap();
    assert!(listed.is_empty());
    let stored = shop.save(&claims, &[], PASSWORD).await;
    assert_eq!(stored.status, 201);
    let after = shop.test(&claims, &[], PASSWORD).await;
    after.assert_problem(409, "ticket_used");

    let begun = shop.events("credential_test_begun");
    let results: Vec<_> = begun.iter().map(|line| &line["result"]).collect();
    assert_eq!(results, ["ok", "ok", "ok", "ok", "refused"]);
    let tested = shop.events("credential_tested");
    let reasons: Vec<_> = tested.iter().map(|line| line["reason"].as_str()).collect();
    let expected = [
        Some("certificate_untrusted"),
        None,
        Some("wrong_password"),
        Some("no_such_database"),
    ];
    assert_eq!(reasons, expected);
    for line in begun[1..4].iter().chain(&tested[1..]) {
        assert_eq!(line["who"], "tester");
        assert_eq!(line["ls"], "orders");
        assert_eq!(line["jti"], claims.jti.as_str());
    }
    let audit = shop.gateway.audit();
    assert!(!audit.contains(PASSWORD) && !audit.contains(WRONG));

    let text = metrics(&shop.gateway).await;
    for counted in ["{outcome=\"passed\"} 1", "{outcome=\"failed\"} 3"] {
        let line = format!("credential_gateway_tests_total{counted}\n");
        assert!(text.contains(&line), "no {line} in {text}");
    }
}

#[tokio::test]
async fn a_kept_secret_is_tried_where_it_is_stored_for_and_nowhere_else() {
    let shop = Shop::open("").await;
    let claims = shop.gateway.claims("orders");
    let nothing_stored = shop.keep(&claims, &[]).await;
    nothing_stored.assert_problem(422, "secret_required");
    assert_eq!(shop.save(&claims, &[], PASSWORD).await.status, 201);

    let again = shop.gateway.claims("orders");
    assert_eq!(ending(&shop.keep(&again, &[]).await), Value::Null);
    let other_certificate = "0".repeat(64);
    for change in [
        ("server", "127.0.0.1"),
        ("database", "other"),
        ("username", "admin"),
        (TRUSTED, &other_certificate),
        (TRUSTED, ""),
    ] {
        let refused = shop.keep(&again, &[change]).await;
        refused.assert_problem(422, "secret_required");
        assert_eq!(refused.json()["errors"][0]["field"], "password");
    }
    // What is stored is tried with the certificate that is trusted for it.
    let stored = shop.gateway.custody.list(None).await.unwrap();
    assert_eq!(stored[0].properties[TRUSTED], shop.sha256);
}

#[tokio::test]
async fn a_store_without_tls_is_tried_where_that_is_part_of_what_is_sealed() {
    let store = Server::start("hostnossl all all 127.0.0.1/32 scram-sha-256\n");
    let author = format!("CREATE ROLE author LOGIN PASSWORD '{PASSWORD}'");
    store.run(&[&author, "CREATE DATABASE sales"]).await;
    let gateway = gateway_to(store.port, "").await;
    let sha256 = String::new();
    let shop = Shop {
        store,
        gateway,
        sha256,
    };
    let claims = shop.gateway.claims("orders");
    let refused = shop.test(&claims, &[], PASSWORD).await;
    assert_eq!(ending(&refused), "tls_not_offered");
    let on = shop.test(&claims, &[("encrypt", "true")], PASSWORD).await;
    assert_eq!(ending(&on), "tls_not_offered");
    let clear = [("encrypt", "false")];
    let passed = shop.test(&claims, &clear, PASSWORD).await;
    assert_eq!(ending(&passed), Value::Null);
    let lines = report(&passed);
    assert_eq!(
        (&lines[3]["result"], &lines[3]["cause"]),
        (&json!("skipped"), &json!("tls_off"))
    );
    let wrong = shop.test(&claims, &clear, WRONG).await;
    assert_eq!(ending(&wrong), "wrong_password");
    // A secret that is stored for TLS is not sent without it.
    assert_eq!(shop.save(&claims, &[], PASSWORD).await.status, 201);
    let claims = shop.gateway.claims("orders");
    assert_eq!(shop.keep(&claims, &clear).await.status, 422);
    assert_eq!(shop.keep(&claims, &[]).await.status, 200);
}

#[tokio::test]
async fn what_is_no_good_is_refused_before_the_first_line() {
    let shop = Shop::open("").await;
    let claims = shop.gateway.claims("orders");
    let faulty = shop.test(&claims, &[("server", "")], PASSWORD).await;
    faulty.assert_problem(422, "invalid_credential");
    assert_eq!(faulty.json()["errors"][0]["field"], "server");
    let two = format!("{},{}", shop.sha256, shop.sha256);
    let faulty = shop.test(&claims, &[(TRUSTED, &two)], PASSWORD).await;
    faulty.assert_problem(422, "invalid_credential");

    let to_test = TicketClaims {
        op: Operation::Test,
        ..shop.gateway.claims("orders")
    };
    assert_eq!(
        ending(&shop.test(&to_test, &[], PASSWORD).await),
        Value::Null
    );
    let saved = shop.save(&to_test, &[], PASSWORD).await;
    saved.assert_problem(403, "context_mismatch");
    let to_delete = TicketClaims {
        op: Operation::Delete,
        ..shop.gateway.claims("orders")
    };
    let refused = shop.test(&to_delete, &[], PASSWORD).await;
    refused.assert_problem(403, "context_mismatch");
    let of_a_kind = TicketClaims {
        kind: Some("Http".to_owned()),
        ..shop.gateway.claims("orders")
    };
    let refused = shop.test(&of_a_kind, &[], PASSWORD).await;
    refused.assert_problem(403, "context_mismatch");

    // An envelope that was sealed to be stored is none to be tried, and five of those end the ticket.
    let password = || SecretChange::Replace(Secret::new(PASSWORD.to_owned()));
    let to_store = shop.sealed(&claims, Operation::Set, &[], password());
    for _ in 0..5 {
        let rejected = shop.send_test(&claims, to_store.clone()).await;
        rejected.assert_problem(400, "envelope_rejected");
    }
    let ended = shop.test(&claims, &[], PASSWORD).await;
    ended.assert_problem(401, "ticket_invalid");
    let ended = shop.save(&claims, &[], PASSWORD).await;
    ended.assert_problem(401, "ticket_invalid");
    assert_eq!(shop.events("credential_tested").len(), 2);
}

#[tokio::test]
async fn a_ticket_has_twenty_tests() {
    let shop = Shop::open("").await;
    let claims = shop.gateway.claims("orders");
    for _ in 0..20 {
        assert_eq!(
            ending(&shop.test(&claims, &[], PASSWORD).await),
            Value::Null
        );
    }
    let one_more = shop.test(&claims, &[], PASSWORD).await;
    one_more.assert_problem(429, "rate_limited");
    let wait = one_more.headers[header::RETRY_AFTER].to_str().unwrap();
    assert!((1..=600).contains(&wait.parse::<u64>().unwrap()), "{wait}");
    // It can still be saved.
    assert_eq!(shop.save(&claims, &[], PASSWORD).await.status, 201);
}

#[tokio::test]
async fn nobody_guesses_and_no_account_is_locked() {
    let shop = Shop::open("").await;
    for number in 0..4 {
        let claims = shop.gateway.claims(&format!("orders-{number}"));
        let server = ["localhost", "LOCALHOST", "localhost", "Localhost"][number];
        let server = format!("{server}:{}", shop.store.port);
        let guessed = shop.test(&claims, &[("server", &server)], WRONG).await;
        assert_eq!(ending(&guessed), "wrong_password");
    }
    let claims = shop.gateway.claims("orders-5");
    let refused = shop.test(&claims, &[], PASSWORD).await;
    refused.assert_problem(429, "rate_limited");
    let wait: u64 = refused.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((600..=900).contains(&wait), "{wait}");
    let last = shop.events("credential_test_begun").pop().unwrap();
    assert_eq!(last["reason"], "rate_limited: wrong_password");
    // Another account may.
    let other = shop.test(&claims, &[("username", "other")], PASSWORD).await;
    assert_eq!(ending(&other), "wrong_password");
}

#[tokio::test]
async fn what_can_be_tried_is_in_the_description() {
    let description = async |section: &str| {
        let gateway = ScratchGateway::with(section).await;
        gateway.get("/.well-known/credential-gateway").await.json()["tests"].clone()
    };
    let kinds = description("").await["kinds"].clone();
    assert_eq!(kinds[KIND], json!(["Basic"]));
    for (save, told) in [
        ("", "chosen"),
        ("[test]\nsave = \"chosen\"", "chosen"),
        ("[test]\nsave = \"tested\"", "tested"),
    ] {
        let tests = description(save).await;
        assert_eq!(tests, json!({"save": told, "kinds": kinds}));
    }
    assert!(description("[test]\nsave = \"off\"").await.is_null());
}

#[tokio::test]
async fn a_gateway_may_try_nothing_for_callers() {
    let gateway = ScratchGateway::with("[test]\nsave = \"off\"").await;
    let claims = gateway.claims("orders");
    let asked = test_request(&claims, &gateway.ticket(&claims), "any.five.parts.of.text");
    let refused = gateway.send(asked).await;
    refused.assert_problem(403, "tests_off");
}

#[tokio::test]
async fn the_receipt_says_what_became_of_the_test_of_this_very_content() {
    let shop = Shop::open("").await;
    let told = async |ls: &str, tried: Option<&str>, saved: &str| {
        let claims = shop.gateway.claims(ls);
        if let Some(password) = tried {
            ending(&shop.test(&claims, &[], password).await);
        }
        let stored = shop.save(&claims, &[], saved).await;
        assert_eq!(stored.status, 201);
        let stored = stored.json();
        // What is signed is what is shown.
        let jws = stored["jws"].as_str().unwrap();
        let signed = jws.split('.').nth(1).unwrap();
        let signed = Base64UrlUnpadded::decode_vec(signed).unwrap();
        let signed: Value = serde_json::from_slice(&signed).unwrap();
        assert_eq!(signed["test"], stored["receipt"]["test"]);
        signed["test"].clone()
    };
    let passed = told("passed", Some(PASSWORD), PASSWORD).await;
    assert_eq!(passed["outcome"], "passed");
    assert!(passed["at"].is_u64() && passed["cause"].is_null());
    let failed = told("failed", Some(WRONG), WRONG).await;
    assert_eq!(failed["outcome"], "failed");
    assert_eq!(failed["cause"], "wrong_password");
    let none = json!({"outcome": "none"});
    assert_eq!(told("untested", None, PASSWORD).await, none);
    assert_eq!(told("changed", Some(PASSWORD), WRONG).await, none);
    // It is remembered with what is stored.
    let listed = shop.gateway.custody.list(None).await.unwrap();
    let remembered = |name: &str| {
        let stored = listed.iter().find(|stored| stored.ls.as_str() == name);
        serde_json::to_value(stored.unwrap()).unwrap()["last_test"].clone()
    };
    assert_eq!(remembered("passed"), passed);
    assert_eq!(remembered("failed"), failed);
    assert_eq!(remembered("untested"), Value::Null);
    assert_eq!(remembered("changed"), Value::Null);
}

#[tokio::test]
async fn a_gateway_may_store_only_what_has_passed() {
    let shop = Shop::open("save = \"tested\"").await;
    let claims = shop.gateway.claims("orders");
    let required = async |changed: &[(&str, &str)], password: &str| {
        let refused = shop.save(&claims, changed, password).await;
        refused.assert_problem(409, "test_required");
    };
    required(&[], PASSWORD).await;
    assert_eq!(
        ending(&shop.test(&claims, &[], WRONG).await),
        "wrong_password"
    );
    required(&[], WRONG).await;
    assert_eq!(
        ending(&shop.test(&claims, &[], PASSWORD).await),
        Value::Null
    );
    required(&[], WRONG).await;
    required(&[("database", "postgres")], PASSWORD).await;
    required(&[("schema", "other")], PASSWORD).await;
    // What has passed under another ticket has not under this one.
    let other = shop.gateway.claims("orders");
    let refused = shop.save(&other, &[], PASSWORD).await;
    refused.assert_problem(409, "test_required");
    // None of that has used the ticket up.
    assert_eq!(shop.save(&claims, &[], PASSWORD).await.status, 201);

    // What is kept counts as what it is.
    let keep = SecretChange::Keep;
    let envelope = shop.sealed(&other, Operation::Set, &[], keep);
    let refused = shop.gateway.set(&other, envelope).await;
    refused.assert_problem(409, "test_required");
    assert_eq!(ending(&shop.keep(&other, &[]).await), Value::Null);
    let envelope = shop.sealed(&other, Operation::Set, &[], SecretChange::Keep);
    let stored = shop.gateway.set(&other, envelope).await;
    assert_eq!(stored.status, 200);
    assert_eq!(stored.json()["receipt"]["test"]["outcome"], "passed");

    // A kind without a driver is stored as ever.
    let warehouse = shop.gateway.claims("warehouse");
    let envelope = seal_untriable(&shop.gateway.custody.public_keys(), &warehouse);
    assert_eq!(shop.gateway.set(&warehouse, envelope).await.status, 201);
}
