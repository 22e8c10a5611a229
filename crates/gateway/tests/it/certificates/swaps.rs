//! What callers meet while the certificate is replaced, over real TLS.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use gateway::config::Limits;
use gateway::server::{Service, bind};
use gateway::tls::{Served, ServerCertificate, provider, sha256};
use http::Request;
use http_body_util::BodyExt;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsConnector;

use super::forge;

struct Running {
    served: Served,
    connector: TlsConnector,
    port: u16,
    entered: Arc<Notify>,
    release: Arc<Notify>,
    _stop: watch::Sender<bool>,
}

/// A service at `localhost`, and a client that trusts the roots of all these certificates.
async fn start(certificates: &[ServerCertificate]) -> Running {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let router = {
        let (entered, release) = (entered.clone(), release.clone());
        let slow = get(async move || {
            entered.notify_one();
            release.notified().await;
            "finished"
        });
        Router::new()
            .route("/", get(async || "hello"))
            .route("/slow", slow)
    };
    let listener = bind("127.0.0.1:0".parse().unwrap(), "listen")
        .await
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = Served::new(certificates[0].clone());
    let service = Service::https(listener, served.clone(), router, &Limits::default());
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(service.run(stopped));

    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots
            .add(certificate.chain().last().unwrap().clone())
            .unwrap();
    }
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Running {
        served,
        connector: TlsConnector::from(Arc::new(config)),
        port,
        entered,
        release,
        _stop: stop,
    }
}

impl Running {
    /// A connection, and the fingerprint of what it was shown.
    async fn connect(&self) -> (SendRequest<Body>, String) {
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = self.connector.connect(name, tcp).await.unwrap();
        let shown = stream.get_ref().1.peer_certificates().unwrap();
        let shown = sha256(&shown[0]);
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        (sender, shown)
    }
}

async fn ask(sender: &mut SendRequest<Body>, path: &str) -> String {
    sender.ready().await.unwrap();
    let request = Request::get(path).header("host", "localhost");
    let response = sender.send_request(request.body(Body::empty()).unwrap());
    let body = response.await.unwrap().into_body().collect().await.unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

fn made() -> ServerCertificate {
    let (chain, key) = forge::sound();
    forge::pair((&chain, &key))
}

fn fingerprint(certificate: &ServerCertificate) -> &str {
    &certificate.fingerprint().certificate_sha256
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_runs_is_answered_and_the_next_connection_sees_the_new_certificate() {
    let (old, new) = (made(), made());
    let running = start(&[old.clone(), new.clone()]).await;
    let (mut before, shown) = running.connect().await;
    assert_eq!(shown, fingerprint(&old));
    let waiting = tokio::spawn(async move {
        let slow = ask(&mut before, "/slow").await;
        (slow, ask(&mut before, "/").await)
    });
    running.entered.notified().await;
    running.served.replace(new.clone());

    // The client has a ticket of the session before; it is not taken.
    for _ in 0..2 {
        let (mut after, shown) = running.connect().await;
        assert_eq!(shown, fingerprint(&new));
        assert_eq!(ask(&mut after, "/").await, "hello");
    }
    running.release.notify_one();
    let (slow, after) = waiting.await.unwrap();
    assert_eq!((&*slow, &*after), ("finished", "hello"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_requests_during_ten_swaps_none_fails() {
    let certificates: Vec<_> = (0..10).map(|_| made()).collect();
    let running = Arc::new(start(&certificates).await);
    let (asked, done) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    // Half of them on a connection that stays, half on new ones.
    let clients = [true, false].map(|stays| {
        let (running, asked, done) = (running.clone(), asked.clone(), done.clone());
        tokio::spawn(async move {
            let (mut sender, mut shown) = running.connect().await;
            let mut seen = vec![shown.clone()];
            for number in 0.. {
                if number >= 100 && done.load(Ordering::Relaxed) {
                    break;
                }
                if !stays {
                    (sender, shown) = running.connect().await;
                    seen.push(shown.clone());
                }
                assert_eq!(ask(&mut sender, "/").await, "hello");
                asked.fetch_add(1, Ordering::Relaxed);
            }
            seen.dedup();
            seen
        })
    });
    for (number, certificate) in certificates.iter().enumerate() {
        while asked.load(Ordering::Relaxed) < 20 * number {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        running.served.replace(certificate.clone());
    }
    done.store(true, Ordering::Relaxed);
    let mut seen = Vec::new();
    for client in clients {
        seen.push(client.await.unwrap());
    }
    assert!(asked.load(Ordering::Relaxed) >= 200);
    assert_eq!(
        seen[0].len(),
        1,
        "a connection was shown another certificate"
    );
    assert!(
        seen[1].len() > 5,
        "{} certificates were seen: nothing was tried",
        seen[1].len()
    );
    let last = running.connect().await.1;
    assert_eq!(last, fingerprint(&certificates[9]));
}
