//! The real program: commands, signals, and what is left after a kill.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::body::{Body, Bytes};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::{MEDIA_TYPE_ENVELOPE, credential_path};
use envelope::{
    DataFactoryName, GatewayId, JwkSet, Kid, LinkedServiceName, Operation, TicketClaims,
    UnixSeconds,
};
use gateway::clock;
use gateway::tls::provider;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rustix::process::{Pid, Signal, kill_process};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::scratch::{seal, seal_basic, seal_untriable, unique_ticket_id};

mod audit;
mod backups;
mod certificates;
mod command_line;
mod credential_socket;
mod doctor;
mod identity;
mod lock;
mod memory;
mod portals;
mod providers;
mod residue;
mod schemathesis;
mod shared_store;
mod terms;
mod trying;

const PATIENCE: Duration = Duration::from_secs(30);

/// A gateway made by `init`, with a portal registered by `portal add`.
struct Installed {
    outer: tempfile::TempDir,
    id: GatewayId,
    kid: Kid,
    portal_key: Ed25519KeyPair,
}

/// `serve`, running.
struct Serving {
    process: Child,
    port: u16,
}

impl Installed {
    fn new() -> Self {
        let portal_key = Ed25519KeyPair::generate().unwrap();
        Self::with(portal_key, &["--id", "gw-process"])
    }

    /// With a portal whose key this is, and more arguments for `init`.
    fn with(portal_key: Ed25519KeyPair, more: &[&str]) -> Self {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("gateway");
        let init = ["init", "--listen", "127.0.0.1:0", "--json"];
        let made = json(&run(&folder, &[&init, more].concat()));
        let id = GatewayId::parse(made["gateway"].as_str().unwrap()).unwrap();
        let kid = Kid::parse(made["envelope_kid"].as_str().unwrap()).unwrap();
        Self::of(outer, id, kid, portal_key)
    }

    /// One that was made already, without a portal.
    fn of(outer: tempfile::TempDir, id: GatewayId, kid: Kid, portal_key: Ed25519KeyPair) -> Self {
        let x = Base64UrlUnpadded::encode_string(portal_key.public_key().as_ref());
        let jwk = outer.path().join("portal.jwk");
        std::fs::write(
            &jwk,
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#),
        )
        .unwrap();
        let folder = outer.path().join("gateway");
        let add = [
            "portal",
            "add",
            "https://portal.corp",
            "--name",
            "portal",
            "--factory",
            "factory",
            "--issuer-key",
        ];
        run(&folder, &[&add[..], &[jwk.to_str().unwrap()]].concat());
        Self {
            outer,
            id,
            kid,
            portal_key,
        }
    }

    fn folder(&self) -> PathBuf {
        self.outer.path().join("gateway")
    }

    fn run(&self, arguments: &[&str]) -> Vec<u8> {
        run(&self.folder(), arguments)
    }

    fn serve(&self) -> Serving {
        self.serve_by(&mut command(&self.folder(), &["serve"]))
    }

    /// `serve`, started in another way.
    fn serve_by(&self, command: &mut Command) -> Serving {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.outer.path().join("log"))
            .unwrap();
        Self::serve_logging_to(log, command)
    }

    fn serve_logging_to(log: std::fs::File, command: &mut Command) -> Serving {
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line
            .trim()
            .strip_prefix("listening https://localhost:")
            .unwrap_or_else(|| panic!("{line:?}"))
            .parse();
        Serving {
            process,
            port: port.unwrap(),
        }
    }

    fn claims(&self, ls: &str) -> TicketClaims {
        let now = clock::now();
        TicketClaims {
            iss: "portal".to_owned(),
            aud: self.id.clone(),
            sub: "author".to_owned(),
            jti: unique_ticket_id(),
            iat: now,
            nbf: now,
            exp: UnixSeconds(now.0 + 600),
            op: Operation::Set,
            df: DataFactoryName::parse("factory").unwrap(),
            ls: LinkedServiceName::parse(ls).unwrap(),
            kind: None,
            thp: self.kid.clone(),
            org: None,
        }
    }

    fn ticket(&self, claims: &TicketClaims) -> String {
        let header =
            Base64UrlUnpadded::encode_string(br#"{"alg":"EdDSA","typ":"credential-ticket+jwt"}"#);
        let claims = Base64UrlUnpadded::encode_string(&serde_json::to_vec(claims).unwrap());
        let signature = self
            .portal_key
            .sign(format!("{header}.{claims}").as_bytes());
        format!(
            "{header}.{claims}.{}",
            Base64UrlUnpadded::encode_string(signature.as_ref())
        )
    }

    async fn connect(&self, port: u16) -> Client {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(self.folder().join("tls/ca.pem")).unwrap())
            .unwrap();
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, tcp)
            .await
            .unwrap();
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        Client {
            sender,
            host: format!("localhost:{port}"),
        }
    }

    /// Sets credentials from several connections, each with its own names and passwords, until the gateway is gone. Everything
    /// that was sent is in the first map, everything that was acknowledged in the second.
    fn burst(self: &Arc<Self>, port: u16, keys: &JwkSet) -> Burst {
        self.burst_of("ls", port, keys)
    }

    /// The same under other names.
    fn burst_of(self: &Arc<Self>, prefix: &'static str, port: u16, keys: &JwkSet) -> Burst {
        let burst = Burst::default();
        for connection in 0..4 {
            let (installed, keys, burst) = (
                self.clone(),
                JwkSet::parse(keys.to_json().as_bytes()).unwrap(),
                burst.clone(),
            );
            tokio::spawn(async move {
                let mut client = installed.connect(port).await;
                for number in 0.. {
                    let name = format!("{prefix}-{connection}-{number}");
                    let password = format!("password of {name}");
                    let claims = installed.claims(&name);
                    burst
                        .sent
                        .lock()
                        .unwrap()
                        .insert(name.clone(), password.clone());
                    match client
                        .set(
                            &installed.ticket(&claims),
                            &claims,
                            seal(&keys, &claims, &password),
                        )
                        .await
                    {
                        Ok((StatusCode::CREATED, _)) => {
                            burst.acknowledged.lock().unwrap().push(name);
                        }
                        Ok((status, body)) => panic!("{status}: {body:?}"),
                        Err(_) => break,
                    }
                }
                *burst.ended.lock().unwrap() += 1;
            });
        }
        burst
    }

    /// Every acknowledged credential is there, and each that is there is whole.
    fn check(&self, burst: &Burst) {
        let listed = json(&self.run(&["list", "--json"]));
        let stored: Vec<&str> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["ls"].as_str().unwrap())
            .collect();
        let sent = burst.sent.lock().unwrap();
        for name in burst.acknowledged.lock().unwrap().iter() {
            assert!(
                stored.contains(&name.as_str()),
                "{name} was acknowledged and is lost"
            );
        }
        for name in stored {
            let revealed = self.run(&["reveal", name, "--secret", "password"]);
            assert!(
                revealed == sent[name].as_bytes(),
                "{name} is not what was sent"
            );
        }
    }
}

#[derive(Clone, Default)]
struct Burst {
    sent: Arc<Mutex<BTreeMap<String, String>>>,
    acknowledged: Arc<Mutex<Vec<String>>>,
    ended: Arc<Mutex<usize>>,
}

impl Burst {
    async fn wait_for_acknowledged(&self, number: usize) {
        wait_until("too few are acknowledged", || {
            self.acknowledged.lock().unwrap().len() >= number
        })
        .await;
    }

    async fn wait_for_end(&self) {
        wait_until("the clients go on", || *self.ended.lock().unwrap() == 4).await;
    }
}

struct Client {
    sender: SendRequest<Body>,
    host: String,
}

impl Client {
    async fn send(
        &mut self,
        request: http::request::Builder,
        body: Body,
    ) -> hyper::Result<(StatusCode, Bytes)> {
        let request: Request<Body> = request.header(header::HOST, &self.host).body(body).unwrap();
        // The answer before may be read while its connection has not come to rest yet.
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }

    async fn keys(&mut self) -> JwkSet {
        let (status, body) = self
            .send(Request::get("/v1/keys"), Body::empty())
            .await
            .unwrap();
        assert_eq!(status, 200);
        JwkSet::parse(&body).unwrap()
    }

    async fn set(
        &mut self,
        ticket: &str,
        claims: &TicketClaims,
        envelope: String,
    ) -> hyper::Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(Method::PUT)
            .uri(credential_path(&claims.df, &claims.ls))
            .header(header::AUTHORIZATION, format!("Bearer {ticket}"))
            .header(header::CONTENT_TYPE, MEDIA_TYPE_ENVELOPE);
        self.send(request, Body::from(envelope)).await
    }
}

impl Serving {
    fn pid(&self) -> Pid {
        Pid::from_child(&self.process)
    }

    async fn end(&mut self) -> std::process::ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "the gateway does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn wait_until(complaint: &str, condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < PATIENCE, "{complaint}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credential-gateway"));
    command
        .args(arguments)
        .env("CREDENTIAL_GATEWAY_DATA", folder)
        .env_remove("RUST_LOG");
    command
}

fn output(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn run(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = output(folder, arguments);
    assert!(
        output.status.success(),
        "{}: {}",
        arguments[0],
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn json(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_kill() {
    let installed = Arc::new(Installed::new());
    let mut serving = installed.serve();
    let keys = installed.connect(serving.port).await.keys().await;
    let burst = installed.burst(serving.port, &keys);
    burst.wait_for_acknowledged(25).await;
    kill_process(serving.pid(), Signal::KILL).unwrap();
    serving.end().await;
    burst.wait_for_end().await;

    let serving = installed.serve();
    // While it runs again:
    installed.check(&burst);
    let mut client = installed.connect(serving.port).await;
    let claims = installed.claims("after");
    let (status, _) = client
        .set(
            &installed.ticket(&claims),
            &claims,
            seal(&keys, &claims, "after"),
        )
        .await
        .unwrap();
    assert_eq!(status, 201);
    let shown = json(&installed.run(&["show", "after", "--json"]));
    assert_eq!(
        (shown["ls"].as_str(), shown["version"].as_u64()),
        (Some("after"), Some(1))
    );

    // One audit line for each that is stored, numbered without a gap.
    let audit = std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    let lines: Vec<Value> = audit.lines().map(|line| json(line.as_bytes())).collect();
    let numbers: Vec<u64> = lines
        .iter()
        .map(|line| line["seq"].as_u64().unwrap())
        .collect();
    assert!(
        numbers.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "the audit has a gap"
    );
    for name in burst.acknowledged.lock().unwrap().iter() {
        let told = |line: &Value| {
            line["event"] == "credential_set" && line["result"] == "ok" && line["ls"] == **name
        };
        assert!(lines.iter().any(told), "{name} is not in the audit");
    }
    assert!(!audit.contains("password of"), "a secret is in the audit");
    installed.run(&["audit", "verify"]);
    let log = std::fs::read_to_string(installed.outer.path().join("log")).unwrap();
    assert!(
        !log.contains("password of") && !log.contains("eyJ"),
        "a secret or a ticket is in the log"
    );
    assert!(
        log.lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok()),
        "a log line is not JSON"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_polite_stop_loses_nothing_acknowledged() {
    let installed = Arc::new(Installed::new());
    let mut serving = installed.serve();
    let keys = installed.connect(serving.port).await.keys().await;
    let burst = installed.burst(serving.port, &keys);
    burst.wait_for_acknowledged(10).await;
    kill_process(serving.pid(), Signal::TERM).unwrap();
    let status = serving.end().await;
    assert!(status.success(), "{status}");
    burst.wait_for_end().await;
    installed.check(&burst);
    let last = installed.run(&["list", "--json"]);
    assert!(json(&last).as_array().unwrap().len() >= 10);
}

#[test]
fn a_folder_is_initialised_once() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    run(&folder, &["init"]);
    let before = std::fs::read_to_string(folder.join("gateway.toml")).unwrap();
    let again = output(&folder, &["init"]);
    assert!(!again.status.success());
    let complaint = String::from_utf8(again.stderr).unwrap();
    assert!(
        complaint.contains("already") && complaint.contains(folder.to_str().unwrap()),
        "{complaint}"
    );
    assert_eq!(
        std::fs::read_to_string(folder.join("gateway.toml")).unwrap(),
        before
    );

    let other = outer.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("thesis.txt"), "years of work").unwrap();
    let refused = output(&other, &["init"]);
    assert!(!refused.status.success());
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("not empty")
    );
    assert_eq!(
        std::fs::read_dir(&other).unwrap().count(),
        1,
        "something was written into a folder that is not ours"
    );
}

#[test]
fn init_makes_nothing_where_it_was_told_what_is_not_there() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    let empty = outer.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let file = empty.join("index.html");
    let nowhere = outer.path().join("nowhere");
    let refused = |choice: &[&Path], code: i32| {
        let mut init = command(&folder, &["init", "--listen", "127.0.0.1:0"]);
        let refused = init.args(choice).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(code), "{said}");
        let named = choice.last().unwrap().to_str().unwrap();
        assert!(said.contains(named), "{named} is not in: {said}");
        assert!(!folder.exists(), "a folder was made: {said}");
    };
    let page = Path::new("--page");
    refused(&[page, &nowhere], 2);
    refused(&[page, &empty], 9);
    std::fs::write(&file, "").unwrap();
    refused(&[page, &file], 9);
    let pin = outer.path().join("pin");
    std::fs::write(&pin, "1234").unwrap();
    std::fs::set_permissions(&pin, std::fs::Permissions::from_mode(0o600)).unwrap();
    let [kek, pkcs11, token, label] = ["--kek", "pkcs11", "--kek-token", "t"].map(Path::new);
    let (pin_file, module) = (Path::new("--kek-pin-file"), Path::new("--kek-module"));
    let choice = [kek, pkcs11, token, label];
    refused(
        &[&choice[..], &[module, &pin, pin_file, &nowhere]].concat(),
        2,
    );
    refused(
        &[&choice[..], &[pin_file, &pin, module, &nowhere]].concat(),
        9,
    );
}

#[test]
fn what_is_wrong_at_the_start_is_a_sentence_with_the_file_in_it() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    let complaint = |folder: &Path, code: i32| {
        let output = output(folder, &["serve"]);
        assert_eq!(output.status.code(), Some(code));
        String::from_utf8(output.stderr).unwrap()
    };
    let said = complaint(&folder, 1);
    assert!(said.contains("credential-gateway init"), "{said}");

    run(&folder, &["init", "--listen", "127.0.0.1:0"]);
    let key = folder.join("tls/leaf.pem");
    std::fs::write(&key, "no key").unwrap();
    let said = complaint(&folder, 11);
    assert!(
        said.contains("tls/leaf.pem") && said.contains("no certificate"),
        "{said}"
    );

    let toml = folder.join("gateway.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, format!("{text}\nlimts = 3\n")).unwrap();
    let said = complaint(&folder, 9);
    assert!(
        said.contains("gateway.toml") && said.contains("limts"),
        "{said}"
    );
}

/// What a command that fails with this code says.
#[track_caller]
fn said(folder: &Path, command: &str, code: i32) -> String {
    let arguments: Vec<&str> = command.split(' ').collect();
    let ended = output(folder, &arguments);
    let said = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
    assert_eq!(ended.status.code(), Some(code), "{command}: {said}");
    said
}

#[test]
fn a_certificate_that_is_lost_is_made_anew() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    run(&folder, &["init", "--listen", "127.0.0.1:0"]);
    std::fs::remove_dir_all(folder.join("tls")).unwrap();
    for command in ["serve", "doctor", "certificate show", "fingerprint"] {
        let said = said(&folder, command, 1);
        let advice = "leaf.pem is missing … `credential-gateway certificate renew`";
        for word in advice.split(" … ") {
            assert!(said.contains(word), "{command}: {said}");
        }
    }
    // And that leads to the next step.
    for command in ["certificate renew", "certificate trust"] {
        let said = said(&folder, command, 1);
        assert!(said.contains("tls/ca.pem"), "{said}");
        assert!(said.contains("renew --new-authority`"), "{said}");
    }
    run(&folder, &["certificate", "renew", "--new-authority"]);
    let shown = json(&run(&folder, &["certificate", "show", "--json"]));
    assert!(shown["days_left"].as_i64() > Some(300), "{shown}");
    assert!(said(&folder, "check", 0).contains("can be used"));
}

#[test]
fn portals_that_are_lost_are_registered_again() {
    let installed = Installed::new();
    let folder = installed.folder();
    let issuers = folder.join("issuers");
    std::fs::remove_dir_all(&issuers).unwrap();
    for command in ["serve", "list", "doctor", "portal list"] {
        let said = said(&folder, command, 1);
        for word in ["issuers is missing", "mkdir -m 700", "portal add`"] {
            assert!(said.contains(word), "{command}: {word} not in {said}");
        }
    }
    let mut folders = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    folders.create(&issuers).unwrap();
    assert_eq!(said(&folder, "portal list", 0), "");
    assert!(said(&folder, "check", 0).contains("can be used"));
}

#[test]
fn a_store_that_was_cut_off_is_damage_and_no_new_one() {
    let installed = Installed::new();
    let folder = installed.folder();
    let store = folder.join("store.sqlite");
    let whole = std::fs::read(&store).unwrap();
    let is_damage = |kept: &[u8], command: &str| {
        std::fs::write(&store, kept).unwrap();
        let arguments: Vec<&str> = command.split(' ').collect();
        let refused = output(&folder, &arguments);
        let said = [refused.stdout, refused.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        let what = format!("{command} with {} bytes: {said}", kept.len());
        assert_eq!(refused.status.code(), Some(11), "{what}");
        let advice = "damaged … `credential-gateway restore`";
        assert!(
            advice.split(" … ").all(|word| said.contains(word)),
            "{what}"
        );
        assert!(std::fs::read(&store).unwrap() == kept, "changed by {what}");
    };
    for command in ["list", "serve", "doctor", "audit verify"] {
        is_damage(b"", command);
    }
    for length in [50, 4096, whole.len() / 2] {
        is_damage(&whole[..length], "list");
    }
    std::fs::remove_file(folder.join("gateway.toml")).unwrap();
    is_damage(b"", "init");
}

#[test]
fn a_ticket_is_printed_as_a_link_and_recorded() {
    let installed = Installed::new();
    let text = String::from_utf8(installed.run(&[
        "ticket",
        "sales",
        "--port",
        "8050",
        "--kind",
        "onpremisessqlserver",
    ]))
    .unwrap();
    let compact = text
        .trim()
        .strip_prefix("https://localhost:8050/#ticket=")
        .unwrap_or_else(|| panic!("not a link"));
    let ticket = envelope::Ticket::parse(compact).unwrap();
    let claims = ticket.claims();
    assert!(claims.check(clock::now(), &installed.id).is_ok());
    assert_eq!(claims.exp.0 - claims.iat.0, 600);
    assert_eq!(
        (claims.ls.as_str(), claims.kind.as_deref()),
        ("sales", Some("OnPremisesSqlServer"))
    );
    let audit = std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    assert!(audit.contains("ticket_issued") && audit.contains(claims.jti.as_str()));
    assert!(
        !audit.contains(compact),
        "the ticket itself is in the audit"
    );

    for refused in [
        &["ticket", "sales", "--port", "1", "--kind", "Nothing"][..],
        &["ticket", "a/b", "--port", "1"],
        &["ticket", "sales"],
        &["ticket", "sales", "--minutes", "11"],
    ] {
        assert!(
            !output(&installed.folder(), refused).status.success(),
            "{refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_folder_has_one_gateway_and_fingerprint_tells_its_certificate() {
    let installed = Installed::new();
    let serving = installed.serve();
    let process = command(&installed.folder(), &["serve"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut second = Serving { process, port: 0 };
    assert!(!second.end().await.success());
    let mut complaint = String::new();
    std::io::Read::read_to_string(&mut second.process.stderr.take().unwrap(), &mut complaint)
        .unwrap();
    assert!(complaint.contains("already"), "{complaint}");

    let fingerprint = json(&installed.run(&["fingerprint", "--json"]));
    let leaf = CertificateDer::from_pem_file(installed.folder().join("tls/leaf.pem")).unwrap();
    let expected: String = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &leaf)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(fingerprint["certificate_sha256"], expected);
    let identity = Kid::parse(fingerprint["identity"].as_str().unwrap()).unwrap();
    let key = envelope::protocol::IdentityJwk {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        x: fingerprint["identity_key"].as_str().unwrap().to_owned(),
    };
    assert_eq!(key.thumbprint(), identity);
    assert_eq!(
        fingerprint["words"].as_str().map(str::to_owned),
        envelope::fingerprint::words(&identity, envelope::fingerprint::WORD_LIST)
    );
    let keys = installed.connect(serving.port).await.keys().await;
    assert!(
        keys.select(&Kid::parse(fingerprint["envelope_kid"].as_str().unwrap()).unwrap())
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_written_holds_nothing_up() {
    let installed = Installed::new();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    // Every thread has something to say.
    let mut serve = command(&installed.folder(), &["serve"]);
    let serving = Installed::serve_logging_to(full, serve.env("RUST_LOG", "trace"));
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    for name in ["orders", "returns"] {
        let claims = installed.claims(name);
        let envelope = seal(&keys, &claims, "x");
        let ticket = installed.ticket(&claims);
        let (status, _) = client.set(&ticket, &claims, envelope).await.unwrap();
        assert_eq!(status, 201, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_replaced_while_the_gateway_serves() {
    let installed = Installed::new();
    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let old_keys = client.keys().await;
    let mut claims = installed.claims("orders");
    let ticket = installed.ticket(&claims);
    let early = seal(&old_keys, &claims, "x");

    installed.run(&["key", "rotate"]);
    installed.run(&["key", "rotate", "--now"]);
    // On a busy machine making two keys takes longer than the gateway keeps a connection without a request.
    client = installed.connect(serving.port).await;
    let (status, body) = client.set(&ticket, &claims, early).await.unwrap();
    assert_eq!(
        (status.as_u16(), &json(&body)["code"]),
        (409, &Value::from("key_rotated"))
    );
    let keys = client.keys().await;
    assert_eq!(keys.keys().len(), 1);
    claims.thp = keys.keys()[0].kid().clone();
    let (status, _) = client
        .set(&ticket, &claims, seal(&keys, &claims, "x"))
        .await
        .unwrap();
    assert_eq!(status, 201);

    let listed = json(&installed.run(&["key", "list", "--json"]))["envelope_keys"].take();
    let states: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["state"].as_str().unwrap())
        .collect();
    assert_eq!(states.iter().filter(|state| **state == "active").count(), 1);
    assert_eq!(states.iter().filter(|state| **state == "gone").count(), 2);
    let files = std::fs::read_dir(installed.folder().join("envelope-keys")).unwrap();
    assert_eq!(
        files.count(),
        1,
        "a private key that is gone is still there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_takes_the_place_of_one_that_is_lost() {
    let installed = Installed::new();
    let folder = installed.folder();
    let keys = folder.join("envelope-keys");
    let key = keys.join(format!("{}.key", installed.kid));
    let is_told = |code: i32, what: &str| {
        for arguments in [&["serve"][..], &["list"], &["key", "rotate"], &["doctor"]] {
            let refused = output(&folder, arguments);
            let said = [refused.stdout, refused.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            assert_eq!(refused.status.code(), Some(code), "{arguments:?}: {said}");
            for word in [what, "`credential-gateway key rotate --now`"] {
                assert!(said.contains(word), "{arguments:?}: {word} not in {said}");
            }
        }
    };
    std::fs::write(&key, "no key").unwrap();
    is_told(11, "is damaged");
    std::fs::remove_file(&key).unwrap();
    is_told(1, ".key is missing");
    std::fs::remove_dir(&keys).unwrap();
    is_told(1, "is missing");
    let rotated = json(&installed.run(&["key", "rotate", "--now", "--json"]));
    assert_eq!(rotated["former"], installed.kid.as_str());

    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let published = client.keys().await;
    let mut claims = installed.claims("orders");
    claims.thp = published.keys()[0].kid().clone();
    assert_eq!(rotated["active"], claims.thp.as_str());
    let envelope = seal(&published, &claims, "x");
    let ticket = installed.ticket(&claims);
    let (status, _) = client.set(&ticket, &claims, envelope).await.unwrap();
    assert_eq!(status, 201);
    let listed = json(&installed.run(&["key", "list", "--json"]));
    let states = listed["envelope_keys"].as_array().unwrap().iter();
    let mut states: Vec<_> = states.map(|row| row["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["active", "gone"]);
}

#[test]
fn only_the_owner_reveals_deletes_and_permits() {
    let installed = Installed::new();
    let folder = installed.folder();
    let outer = |name: &str| installed.outer.path().join(name).display().to_string();
    let (jwk, backup) = (outer("portal.jwk"), outer("backup"));
    // Whoever opens the gateway cuts this off.
    let audit = folder.join("audit.jsonl");
    let cut_off = [&*std::fs::read(&audit).unwrap(), b"{"].concat();
    std::fs::write(&audit, &cut_off).unwrap();
    let nobody = rustix::fs::Uid::from_raw(65534);
    // Only root can give a folder away; root is also who must be refused then. Another user has no folder to try it on.
    if rustix::fs::chown(&folder, Some(nobody), None).is_err() {
        return;
    }
    let before = doctor::contents(&folder);
    for arguments in [
        "reveal ls",
        "delete ls",
        "import none --ticket-file none",
        "ticket ls --port 8050",
        "key rotate",
        "key rotate --store",
        "key rewrap --kek file",
        "key replace-identity --yes",
        "key verify --accept",
        "audit accept --yes",
        "certificate renew",
        "certificate replace --certificate none --key none",
        "portal remove portal",
        &format!("portal add https://b.corp --name b --factory f --issuer-key {jwk}"),
        &format!("backup --out {backup} --passphrase-file none"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let refused = output(&folder, &words);
        assert_eq!(refused.status.code(), Some(6), "{arguments}: {refused:?}");
        assert!(refused.stdout.is_empty(), "{arguments}");
        let complaint = String::from_utf8(refused.stderr).unwrap();
        assert!(complaint.contains("only the owner"), "{complaint}");
        assert!(
            doctor::contents(&folder) == before,
            "{arguments}: something was written into a folder that is not its own"
        );
    }
    installed.run(&["list"]);
    assert!(
        std::fs::read(&audit).unwrap() != cut_off,
        "who opens it writes nothing: this test cannot fail"
    );
}
