//! A gateway in a folder of its own, called without a socket; tickets and envelopes for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use envelope::protocol::{MEDIA_TYPE_ENVELOPE, credential_path};
use envelope::{
    Binding, Credential, DataFactoryName, GatewayId, JwkSet, LinkedServiceName, Operation, Secret,
    SecretChange, TicketClaims, TicketId, UnixSeconds,
};
use gateway::certificate::authority::Authority;
use gateway::clock;
use gateway::config::{Config, ServedName};
use gateway::custody::{Custody, Settings};
use gateway::data_folder::DataFolder;
use gateway::issuers::{self, Issuer};
use gateway::metrics::Metrics;
use gateway::page_files::PageFiles;
use gateway::router::{self, Gateway};
use gateway::tester::{CHILD, Tester};
use gateway::tls::{Served, ServerCertificate};
use getrandom::SysRng;
use http::{HeaderMap, Method, Request, StatusCode, header};
use probe::parent::Program;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::openapi;

/// The port that the router believes to be listening on.
pub(crate) const PORT: u16 = 8050;
pub(crate) const HOST: &str = "localhost:8050";
pub(crate) const PASSWORD: &str = "pässword with \"quotes\"; and {braces}";

/// A gateway that was just made.
pub(crate) struct ScratchGateway {
    pub(crate) custody: Custody,
    pub(crate) state: Gateway,
    router: Router,
    outer: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl ScratchGateway {
    pub(crate) async fn new() -> Self {
        Self::with("").await
    }

    /// With lines added to the configuration.
    pub(crate) async fn with(more_configuration: &str) -> Self {
        Self::made(more_configuration, &[]).await
    }

    /// With registered portals.
    pub(crate) async fn with_portals(portals: &[Issuer]) -> Self {
        Self::made("", portals).await
    }

    async fn made(more_configuration: &str, portals: &[Issuer]) -> Self {
        let outer = tempfile::tempdir().unwrap();
        let page = outer.path().join("page");
        write_page(&page);
        let text = format!(
            "id = \"gw-test\"\nname = \"Test gateway\"\nnames = [\"localhost\", \"127.0.0.1\"]\npage = {page:?}\n{more_configuration}"
        );
        let config = Config::parse(&text, Path::new("gateway.toml")).unwrap();
        let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
        Custody::create(&folder, &config.id).await.unwrap();
        for portal in portals {
            issuers::register(&folder, portal).unwrap();
        }
        let mut settings = Settings::new(config.id.clone());
        settings.saving = config.test.save;
        let custody = Custody::open(&folder, settings).await.unwrap();
        let program = Program {
            path: env!("CARGO_BIN_EXE_credential-gateway").into(),
            arguments: vec![CHILD.into()],
        };
        let metrics = Metrics::new(custody.write_times());
        let state = Gateway {
            custody: custody.clone(),
            tester: Arc::new(Tester::new(program, config.test.policy(), metrics.tests())),
            config: Arc::new(config),
            page: Arc::new(PageFiles::load(&page).unwrap()),
            certificate: Served::new(made_certificate()),
            metrics: Arc::new(metrics),
        };
        let router = router::router(state.clone(), PORT);
        Self {
            custody,
            state,
            router,
            outer,
        }
    }

    /// The store behind the gateway's back.
    pub(crate) async fn sql(&self) -> SqliteConnection {
        let store = self.outer.path().join("gateway/store.sqlite");
        let options = SqliteConnectOptions::new().filename(store);
        options.connect().await.unwrap()
    }

    /// The audit file's lines.
    pub(crate) fn audit(&self) -> String {
        fs::read_to_string(self.outer.path().join("gateway/audit.jsonl")).unwrap_or_default()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let answer = Answer {
            status: head.status,
            headers: head.headers,
            body,
        };
        openapi::assert_declared(&method, &path, &answer);
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    /// Claims of a ticket that permits setting `ls`.
    pub(crate) fn claims(&self, ls: &str) -> TicketClaims {
        let now = clock::now();
        TicketClaims {
            iss: "gateway".to_owned(),
            aud: self.custody.gateway_id().clone(),
            sub: "tester".to_owned(),
            jti: unique_ticket_id(),
            iat: now,
            nbf: now,
            exp: UnixSeconds(now.0 + 600),
            op: Operation::Set,
            df: DataFactoryName::parse("factory").unwrap(),
            ls: LinkedServiceName::parse(ls).unwrap(),
            kind: None,
            thp: self.custody.active_kid(),
            org: None,
        }
    }

    /// A ticket with the gateway's own signature.
    pub(crate) fn ticket(&self, claims: &TicketClaims) -> String {
        self.custody.identity().issue(claims).unwrap().to_string()
    }

    /// A credential for an HTTP server, sealed for this gateway.
    pub(crate) fn envelope(&self, claims: &TicketClaims) -> String {
        seal(&self.custody.public_keys(), claims, PASSWORD)
    }

    /// The request that stores `envelope`, as the page sends it.
    pub(crate) async fn set(&self, claims: &TicketClaims, envelope: impl Into<Body>) -> Answer {
        let ticket = self.ticket(claims);
        self.send(set_request(
            &credential_path(&claims.df, &claims.ls),
            &ticket,
            envelope,
        ))
        .await
    }
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Checks status and code of a problem document.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let problem = self.json();
        assert_eq!(problem["code"], code);
        assert_eq!(problem["status"], status);
        assert_eq!(
            problem["type"],
            format!("urn:credential-gateway:problem:{code}")
        );
        assert!(
            problem["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty())
        );
    }
}

pub(crate) fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, HOST)
}

pub(crate) fn set_request(path: &str, ticket: &str, body: impl Into<Body>) -> Request<Body> {
    request(Method::PUT, path)
        .header(header::AUTHORIZATION, format!("Bearer {ticket}"))
        .header(header::CONTENT_TYPE, MEDIA_TYPE_ENVELOPE)
        .header("sec-fetch-site", "same-origin")
        .body(body.into())
        .unwrap()
}

/// A credential for an HTTP server with this password.
pub(crate) fn seal(keys: &JwkSet, claims: &TicketClaims, password: &str) -> String {
    seal_bound(
        keys,
        claims,
        &Binding::from_ticket(claims, Operation::Set),
        password,
    )
}

pub(crate) fn seal_bound(
    keys: &JwkSet,
    claims: &TicketClaims,
    binding: &Binding,
    password: &str,
) -> String {
    let properties = [
        ("url", "https://files.corp.example/"),
        ("enableServerCertificateValidation", "true"),
        ("userName", "etl"),
    ];
    let password = SecretChange::Replace(Secret::new(password.to_owned()));
    seal_basic(keys, claims, binding, ("Http", &properties), password)
}

/// A credential of a kind that no gateway can try: SAP has no driver that may be passed on.
pub(crate) fn seal_untriable(keys: &JwkSet, claims: &TicketClaims) -> String {
    let properties = [
        ("server", "bw.corp.example"),
        ("systemNumber", "00"),
        ("clientId", "800"),
        ("username", "etl"),
    ];
    let binding = Binding::from_ticket(claims, Operation::Set);
    let password = SecretChange::Replace(Secret::new(PASSWORD.to_owned()));
    seal_basic(keys, claims, &binding, ("SapBw", &properties), password)
}

/// A credential of this kind and these properties, with the authentication type `Basic`.
pub(crate) fn seal_basic(
    keys: &JwkSet,
    claims: &TicketClaims,
    binding: &Binding,
    (kind, properties): (&str, &[(&str, &str)]),
    password: SecretChange,
) -> String {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let credential = Credential {
        kind: kind.to_owned(),
        auth: "Basic".to_owned(),
        properties: properties.iter().map(text).collect(),
        secrets: BTreeMap::from([("password".to_owned(), password)]),
    };
    let key = keys.select(&claims.thp).unwrap();
    credential
        .seal(key, binding, &mut SysRng)
        .unwrap()
        .as_str()
        .to_owned()
}

pub(crate) fn unique_ticket_id() -> TicketId {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    TicketId::parse(&format!("ticket-{process}-{number}")).unwrap()
}

pub(crate) fn other_gateway() -> GatewayId {
    GatewayId::parse("gw-other").unwrap()
}

/// A certificate that nobody is shown.
fn made_certificate() -> ServerCertificate {
    let hosts = [ServedName::localhost().host().clone()];
    let now = time::OffsetDateTime::now_utc();
    let leaf = Authority::make("Test", &hosts, now).and_then(|it| it.issue(&hosts, now));
    let (leaf, path) = (leaf.unwrap(), Path::new("leaf.pem"));
    ServerCertificate::read(leaf.as_bytes(), leaf.as_bytes(), path, path).unwrap()
}

fn write_page(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for (name, content) in [
        (
            "index.html",
            "<!doctype html><title>Set a credential</title>",
        ),
        ("frame.html", "<!doctype html><title>In a frame</title>"),
        ("boot-0123456789abcdef.js", "start()"),
        ("boot-0123456789abcdef.js.br", "brotli"),
        ("boot-0123456789abcdef.js.gz", "gzip"),
        ("setter-0123456789abcdef_bg.wasm", "\0asm"),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
}
