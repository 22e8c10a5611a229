//! The certificate's commands, and a gateway that runs meanwhile.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateway::tls::{provider, sha256};
use http::Request;
use rustix::process::{Signal, kill_process};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Installed, PATIENCE, Serving, command, json, output, run, wait_until};
use crate::certificates::forge;
use axum::body::Body;

/// A gateway without a portal, which no test here asks for.
fn initialised(arguments: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    run(&folder, &[&["init"], arguments].concat());
    (outer, folder)
}

fn trusting(ca: &Path) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(ca).unwrap())
        .unwrap();
    roots
}

/// The fingerprint that a client is shown that trusts `roots` and calls the gateway so.
async fn shown(port: u16, name: &str, roots: RootCertStore) -> std::io::Result<String> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from(name.trim_matches(['[', ']']).to_owned()).unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await?;
    Ok(sha256(&stream.get_ref().1.peer_certificates().unwrap()[0]))
}

fn serving(folder: &Path) -> Serving {
    let log = std::fs::File::create(folder.join("../log")).unwrap();
    let mut serve = command(folder, &["serve"]);
    let mut process = serve
        .stdout(std::process::Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = process.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
    let port = line.trim().rsplit(':').next().unwrap().parse();
    Serving {
        process,
        port: port.unwrap_or_else(|_| panic!("{line:?}")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_trusts_the_authority_reaches_the_gateway_under_each_of_its_names() {
    let (_outer, folder) = initialised(&["--listen", "0.0.0.0:0", "--host", "gateway.corp"]);
    let serving = serving(&folder);
    let standing = json(&run(&folder, &["certificate", "show", "--json"]));
    let names: Vec<&str> = standing["hosts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let host = gateway::certificate::machine::host_name().unwrap();
    let addresses = if_addrs::get_if_addrs().unwrap();
    let addresses = addresses
        .iter()
        .filter(|it| it.ip().is_ipv4() && !it.is_link_local())
        .map(|it| it.ip().to_string());
    let expected = ["gateway.corp", "localhost", "[::1]", &host].map(str::to_lowercase);
    for name in addresses.chain(expected) {
        assert!(names.contains(&&*name), "{name} is not among {names:?}");
    }
    let ca = folder.join("tls/ca.pem");
    for name in names {
        let shown = shown(serving.port, name, trusting(&ca)).await;
        assert_eq!(shown.unwrap(), standing["certificate_sha256"], "{name}");
    }
    assert!(
        shown(serving.port, "other.corp", trusting(&ca))
            .await
            .is_err()
    );
    // And nobody does who trusts another.
    let mut stranger = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(forge::root("root").pem().as_bytes());
    stranger.add(root.unwrap()).unwrap();
    assert!(shown(serving.port, "localhost", stranger).await.is_err());
}

#[test]
fn trust_says_what_to_do_on_each_system_until_a_certificate_of_one_s_own_is_there() {
    let (outer, folder) = initialised(&["--id", "gw-trust"]);
    let ca = CertificateDer::from_pem_file(folder.join("tls/ca.pem")).unwrap();
    let (pem, der) = (outer.path().join("ca.crt"), outer.path().join("ca.CER"));
    for out in [&pem, &der] {
        let said = run(
            &folder,
            &["certificate", "trust", "--out", out.to_str().unwrap()],
        );
        let said = String::from_utf8(said).unwrap();
        for words in [
            &*sha256(&ca),
            "certutil -addstore -f Root gw-trust.cer",
            "Import-Certificate -FilePath gw-trust.cer -CertStoreLocation Cert:\\LocalMachine\\Root",
            "Group Policy",
            "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain gw-trust.crt",
            "update-ca-certificates",
            "update-ca-trust",
            "ImportEnterpriseRoots",
        ] {
            let said = said.to_lowercase();
            assert!(said.contains(&words.to_lowercase()), "{words}");
        }
    }
    assert_eq!(CertificateDer::from_pem_file(&pem).unwrap(), ca);
    assert_eq!(std::fs::read(&der).unwrap(), ca.to_vec());

    // A certificate of one's own, whose root stays out of the chain's file and is named once.
    let (chain, key) = forge::sound();
    let end = chain.rfind("-----BEGIN").unwrap();
    let at = |name: &str| outer.path().join(name).to_str().unwrap().to_owned();
    for (name, content) in [
        ("chain", &chain[..end]),
        ("root", &chain[end..]),
        ("key", &key),
    ] {
        std::fs::write(at(name), content).unwrap();
    }
    let (chain, key, root) = (at("chain"), at("key"), at("root"));
    let replace = [
        "certificate",
        "replace",
        "--certificate",
        &chain,
        "--key",
        &key,
    ];
    let refused = output(&folder, &replace);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("--root FILE"),
        "{said}"
    );
    run(&folder, &[&replace[..], &["--root", &root]].concat());
    // Whoever looks later finds nothing missing.
    let standing = json(&run(&folder, &["certificate", "show", "--json"]));
    assert!(standing.get("fault").is_none(), "{standing}");
    assert_eq!(standing["subject"], "CN=leaf");

    let said = run(&folder, &["certificate", "trust"]);
    let said = String::from_utf8(said).unwrap();
    assert!(
        said.contains("of your own") && !said.contains("certutil"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_replaced_while_the_gateway_serves() {
    let installed = Installed::new();
    let folder = installed.folder();
    let serving = installed.serve();
    let mut before = installed.connect(serving.port).await;
    let first = described(&mut before).await;

    // What is wrong is refused with the reason, and nothing changes.
    let at = |name: &str| {
        installed
            .outer
            .path()
            .join(name)
            .to_str()
            .unwrap()
            .to_owned()
    };
    let (chain, key) = forge::sound();
    let (_, other_key) = forge::sound();
    let (leaf, _) = chain.split_at(chain.find("-----END").unwrap() + 26);
    for (name, content) in [
        ("chain", &*chain),
        ("key", &*key),
        ("other-key", &*other_key),
        ("leaf", leaf),
    ] {
        std::fs::write(at(name), content).unwrap();
    }
    let replace = |certificate: &str, key: &str| {
        let (certificate, key) = (at(certificate), at(key));
        output(
            &folder,
            &[
                "certificate",
                "replace",
                "--certificate",
                &certificate,
                "--key",
                &key,
            ],
        )
    };
    for (certificate, key, words) in [
        ("chain", "other-key", "the key is of another certificate"),
        ("leaf", "key", "incomplete"),
        ("chain", "nothing", "nothing"),
    ] {
        let refused = replace(certificate, key);
        assert_eq!(refused.status.code(), Some(6), "{certificate} {key}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(
            said.contains(words) && said.contains("nothing was changed"),
            "{said}"
        );
    }
    assert!(!folder.join("tls/own.pem").exists());

    let replaced = replace("chain", "key");
    assert!(
        replaced.status.success(),
        "{}",
        String::from_utf8_lossy(&replaced.stderr)
    );
    kill_process(serving.pid(), Signal::HUP).unwrap();
    let new = forge::pair((&chain, &key))
        .fingerprint()
        .certificate_sha256
        .clone();
    wait_for_certificate(&mut before, &new).await;
    let roots = || {
        let mut roots = RootCertStore::empty();
        let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).last();
        roots.add(chain.unwrap().unwrap()).unwrap();
        roots
    };
    assert_eq!(
        shown(serving.port, "localhost", roots()).await.unwrap(),
        new
    );
    let fingerprint = json(&installed.run(&["fingerprint", "--json"]));
    assert_eq!(fingerprint["certificate_sha256"], *new);
    assert!(fingerprint.get("ca_certificate").is_none());

    // Back to the gateway's own: not by mistake.
    let refused = output(&folder, &["certificate", "renew"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--instead-of-own"));
    installed.run(&["certificate", "renew", "--instead-of-own"]);
    // Without a signal.
    let made = json(&installed.run(&["certificate", "show", "--json"]));
    let made = made["certificate_sha256"].as_str().unwrap();
    assert!(made != first && made != new);
    wait_for_certificate(&mut before, made).await;

    // It is shown a moment before that is written down, by processes of their own.
    let audit = || std::fs::read_to_string(folder.join("audit.jsonl")).unwrap();
    let told = |event: &str, certificate: &str, who: bool| {
        let audit = audit();
        let mut lines = audit
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        lines.any(|line: Value| {
            line["event"] == event
                && line["result"] == "ok"
                && line["certificate"] == certificate
                && line.get("who").is_some() == who
        })
    };
    for certificate in [&*new, made] {
        for (event, who) in [
            ("certificate_replaced", true),
            ("certificate_served", false),
        ] {
            wait_until(&format!("the audit lacks {event}"), || {
                told(event, certificate, who)
            })
            .await;
        }
    }
    let log = std::fs::read_to_string(installed.outer.path().join("log")).unwrap();
    for text in [audit(), log] {
        assert!(
            !text.contains(key.lines().nth(1).unwrap()),
            "a key was told"
        );
    }
}

async fn described(client: &mut super::Client) -> String {
    let request = Request::get("/.well-known/credential-gateway");
    let (status, body) = client.send(request, Body::empty()).await.unwrap();
    assert_eq!(status, 200);
    json(&body)["certificate_sha256"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// On a connection that was open before: it goes on.
async fn wait_for_certificate(client: &mut super::Client, fingerprint: &str) {
    let began = std::time::Instant::now();
    while described(client).await != fingerprint {
        assert!(began.elapsed() < PATIENCE, "the certificate is not taken");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_moves_to_another_port() {
    let installed = Installed::new();
    let free = || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let toml = installed.folder().join("gateway.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    let mut before = "127.0.0.1:0".to_owned();
    for port in [free(), free()] {
        let listen = format!("127.0.0.1:{port}");
        std::fs::write(
            &toml,
            text.replace("\"127.0.0.1:0\"", &format!("\"{listen}\"")),
        )
        .unwrap();
        let mut serving = installed.serve();
        assert_eq!(serving.port, port);
        let origin = format!("https://localhost:{port}");
        let link = String::from_utf8(installed.run(&["ticket", "sales"])).unwrap();
        assert!(link.starts_with(&format!("{origin}/#ticket=")));
        let policy = String::from_utf8(installed.run(&["portal", "csp", "portal"])).unwrap();
        assert!(
            policy.contains(&format!("connect-src 'self' {origin};")),
            "{policy}"
        );

        // The names of gateway.toml have no port: they mean this one, and no longer the one before.
        let mut client = installed.connect(port).await;
        client.keys().await;
        client.host = before.replace("127.0.0.1", "localhost");
        let (status, _) = client
            .send(Request::get("/v1/keys"), Body::empty())
            .await
            .unwrap();
        assert_eq!(status, 421);
        client.host = format!("localhost:{port}");
        let write = Request::put("/v1/factories/f/linked-services/l/credential");
        for (origin, expected) in [
            (origin, 401),
            (
                format!("https://{}", before.replace("127.0.0.1", "localhost")),
                403,
            ),
        ] {
            let write = Request::put(write.uri_ref().unwrap().clone()).header("origin", origin);
            let (status, _) = client.send(write, Body::empty()).await.unwrap();
            assert_eq!(status, expected);
        }
        kill_process(serving.pid(), Signal::TERM).unwrap();
        assert!(serving.end().await.success());
        before = listen;
    }

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    std::fs::write(
        &toml,
        text.replace("\"127.0.0.1:0\"", &format!("\"{listen}\"")),
    )
    .unwrap();
    let refused = output(&installed.folder(), &["serve"]);
    assert_eq!(refused.status.code(), Some(10));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains(&listen) && said.contains("stop what uses it") && said.contains("`listen`"),
        "{said}"
    );
}

#[test]
fn the_audit_has_the_line_before_the_certificate_is_there() {
    let (outer, folder) = initialised(&[]);
    let (chain, key) = forge::sound();
    let (chain_file, key_file) = (outer.path().join("chain.pem"), outer.path().join("key.pem"));
    std::fs::write(&chain_file, chain).unwrap();
    std::fs::write(&key_file, key).unwrap();
    let replace = [
        "certificate",
        "replace",
        "--certificate",
        chain_file.to_str().unwrap(),
        "--key",
        key_file.to_str().unwrap(),
    ];
    for (arguments, name) in [
        (&replace[..], "own.pem"),
        (&["certificate", "renew", "--instead-of-own"], "leaf.pem"),
    ] {
        // Nothing takes the place of a folder.
        let place = folder.join("tls").join(name);
        let _ = std::fs::remove_file(&place);
        std::fs::create_dir(&place).unwrap();
        assert!(!output(&folder, arguments).status.success());
        let audit = std::fs::read_to_string(folder.join("audit.jsonl")).unwrap();
        let lines: Vec<Value> = audit.lines().map(|line| json(line.as_bytes())).collect();
        let told: Vec<_> = lines
            .iter()
            .rev()
            .take(2)
            .map(|line| {
                assert_eq!(line["event"], "certificate_replaced", "{line}");
                &line["result"]
            })
            .collect();
        assert_eq!(told, ["failed", "ok"]);
    }
}
