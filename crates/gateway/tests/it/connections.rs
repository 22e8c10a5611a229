//! The accept loop: who is slow, who is many, how it ends.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use gateway::certificate::authority::Authority;
use gateway::config::{Limits, ServedName};
use gateway::metrics::Listener;
use gateway::server::{Service, bind};
use gateway::tls::{Served, ServerCertificate, provider};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use crate::metrics::{metrics, value};
use crate::scratch::ScratchGateway;

/// No test needs this long unless it fails.
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(150);

struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    service: JoinHandle<()>,
}

async fn start(router: Router, limits: &Limits, tls: Option<Served>) -> Running {
    let listener = bind("127.0.0.1:0".parse().unwrap(), "listen")
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    let service = match tls {
        Some(tls) => Service::https(listener, tls, router, limits),
        None => Service::http(listener, router, limits),
    };
    let (stop, stopped) = watch::channel(false);
    Running {
        address,
        stop,
        service: tokio::spawn(service.run(stopped)),
    }
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

/// Whatever comes until the other side closes.
async fn read_to_close(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text))
        .await
        .expect("the connection stays open");
    // A reset is a close too.
    let _ = read;
    String::from_utf8_lossy(&text).into_owned()
}

async fn connect_and_send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

const WHOLE_REQUEST: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_client_that_is_slow_with_its_header_is_cut_off() {
    let running = start(
        hello(),
        &Limits {
            header: SHORT,
            idle: 2 * PATIENCE,
            ..Limits::default()
        },
        None,
    )
    .await;
    for part in ["", "G", "GET / HTTP/1.1\r\nHost: loc"] {
        let mut stream = connect_and_send(running.address, part).await;
        let text = read_to_close(&mut stream).await;
        assert!(!text.contains("hello"), "{text}");
    }
    let mut dripping = connect_and_send(running.address, "GET / HTTP/1.1\r\nX: ").await;
    let began = Instant::now();
    while dripping.write_all(b"a").await.is_ok() {
        assert!(
            began.elapsed() < PATIENCE,
            "a byte now and then keeps the connection open"
        );
        tokio::time::sleep(SHORT / 5).await;
    }
    let mut second_time = connect_and_send(
        running.address,
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT",
    )
    .await;
    let text = read_to_close(&mut second_time).await;
    assert_eq!(text.matches("hello").count(), 1, "{text}");
    let mut punctual = connect_and_send(running.address, WHOLE_REQUEST).await;
    assert!(read_to_close(&mut punctual).await.ends_with("hello"));
}

#[tokio::test]
async fn a_client_that_does_not_begin_tls_is_cut_off() {
    let (tls, _) = certificate_for_localhost();
    let limits = Limits {
        handshake: SHORT,
        ..Limits::default()
    };
    let running = start(hello(), &limits, Some(tls)).await;
    let mut silent = connect_and_send(running.address, "").await;
    assert_eq!(read_to_close(&mut silent).await, "");
    let mut half = connect_and_send(running.address, "\u{16}\u{3}\u{1}").await;
    assert_eq!(read_to_close(&mut half).await, "");
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let limits = Limits {
        idle: SHORT,
        header: PATIENCE,
        ..Limits::default()
    };
    let running = start(hello(), &limits, None).await;
    let mut stream =
        connect_and_send(running.address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let text = read_to_close(&mut stream).await;
    assert!(text.ends_with("hello"), "{text}");
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_408() {
    let gateway = ScratchGateway::with("[limits]\nrequest_seconds = 1\n").await;
    let running = start(
        gateway::router::router(gateway.state.clone(), crate::scratch::PORT),
        &Limits::default(),
        None,
    )
    .await;
    let claims = gateway.claims("ls");
    let head = format!(
        "PUT {} HTTP/1.1\r\nHost: localhost:8050\r\nContent-Type: application/jose\r\nContent-Length: 5000\r\nAuthorization: Bearer {}\r\n\r\nabc",
        envelope::protocol::credential_path(&claims.df, &claims.ls),
        gateway.ticket(&claims)
    );
    let mut stream = connect_and_send(running.address, &head).await;
    let text = read_to_close(&mut stream).await;
    assert!(
        text.starts_with("HTTP/1.1 408 ") && text.contains("\"code\":\"timeout\""),
        "{text}"
    );
}

#[tokio::test]
async fn an_announced_megabyte_is_refused_at_once() {
    let gateway = ScratchGateway::new().await;
    let running = start(
        gateway::router::router(gateway.state.clone(), crate::scratch::PORT),
        &Limits::default(),
        None,
    )
    .await;
    let head = "PUT /v1/factories/f/linked-services/l/credential HTTP/1.1\r\nHost: localhost:8050\r\nContent-Length: 1000000\r\n\r\n";
    let mut stream = connect_and_send(running.address, head).await;
    let text = read_to_close(&mut stream).await;
    assert!(
        text.starts_with("HTTP/1.1 413 ") && text.contains("\"code\":\"too_large\""),
        "{text}"
    );

    // The same without an announcement: read to the limit, then refused while the client goes on.
    let claims = gateway.claims("l");
    let head = format!(
        "PUT {} HTTP/1.1\r\nHost: localhost:8050\r\nContent-Type: application/jose\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer {}\r\n\r\n",
        envelope::protocol::credential_path(&claims.df, &claims.ls),
        gateway.ticket(&claims)
    );
    let mut stream = connect_and_send(running.address, &head).await;
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(4096));
    for _ in 0..5 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    let text = read_to_close(&mut stream).await;
    assert!(
        text.starts_with("HTTP/1.1 413 ") && text.contains("\"code\":\"too_large\""),
        "{text}"
    );
}

#[tokio::test]
async fn who_sends_all_before_reading_learns_why_it_was_too_much() {
    let gateway = ScratchGateway::new().await;
    let running = start(
        gateway::router::router(gateway.state.clone(), crate::scratch::PORT),
        &Limits::default(),
        None,
    )
    .await;
    let head = "PUT /v1/factories/f/linked-services/l/credential HTTP/1.1\r\nHost: localhost:8050\r\nContent-Length: 10000000\r\n\r\n";
    let mut stream = connect_and_send(running.address, head).await;
    let body = vec![b'a'; 10_000_000];
    stream.write_all(&body).await.unwrap();
    let text = read_to_close(&mut stream).await;
    assert!(
        text.starts_with("HTTP/1.1 413 ") && text.contains("\"code\":\"too_large\""),
        "{text}"
    );
}

#[tokio::test]
async fn open_and_refused_connections_are_counted() {
    let gateway = ScratchGateway::new().await;
    let told = async || {
        let text = metrics(&gateway).await;
        ["connections", "connections_refused_total"].map(|family| {
            let of = |listener| value(&text, &format!("{family}{{listener=\"{listener}\"}}"));
            (of("https"), of("health"))
        })
    };
    assert_eq!(told().await, [(0.0, 0.0); 2]);
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let address = "127.0.0.1:0".parse().unwrap();
    let listener = bind(address, "listen").await.unwrap();
    let address = listener.local_addr().unwrap();
    let counted = gateway.state.metrics.connections(Listener::Https);
    let service = Service::http(listener, hello(), &limits).counted(counted);
    let (stop, stopped) = watch::channel(false);
    let service = tokio::spawn(service.run(stopped));
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut stream =
            connect_and_send(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        let mut byte = [0];
        stream.read_exact(&mut byte).await.unwrap();
        open.push(stream);
    }
    let mut third = connect_and_send(address, "").await;
    assert_eq!(read_to_close(&mut third).await, "");
    assert_eq!(told().await, [(2.0, 0.0), (1.0, 0.0)]);
    stop.send(true).unwrap();
    service.await.unwrap();
    assert_eq!(told().await, [(0.0, 0.0), (1.0, 0.0)]);
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let limits = Limits {
        connections_per_address: 2,
        header: PATIENCE,
        ..Limits::default()
    };
    let running = start(hello(), &limits, None).await;
    // An answer on a connection that stays open shows that it has its place.
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream =
            connect_and_send(running.address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        stream.read_exact(&mut [0; 15]).await.unwrap();
        held.push(stream);
    }
    let mut third = TcpStream::connect(running.address).await.unwrap();
    // The server may have closed already.
    let _ = third.write_all(WHOLE_REQUEST.as_bytes()).await;
    assert_eq!(read_to_close(&mut third).await, "");

    drop(held.pop());
    let began = Instant::now();
    loop {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        let _ = stream.write_all(WHOLE_REQUEST.as_bytes()).await;
        if read_to_close(&mut stream).await.ends_with("hello") {
            break;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "a closed connection's place is not given back"
        );
    }
}

#[tokio::test]
async fn a_stop_lets_running_requests_finish_and_takes_no_more() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let router = {
        let (entered, release) = (entered.clone(), release.clone());
        Router::new().route(
            "/",
            get(async move || {
                entered.notify_one();
                release.notified().await;
                "finished"
            }),
        )
    };
    // No other limit may be what closes a connection here.
    let limits = Limits {
        header: 2 * PATIENCE,
        idle: 2 * PATIENCE,
        request: 2 * PATIENCE,
        ..Limits::default()
    };
    let running = start(router, &limits, None).await;
    let mut idle = connect_and_send(running.address, "").await;
    let mut busy =
        connect_and_send(running.address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    entered.notified().await;
    running.stop.send(true).unwrap();
    assert_eq!(
        read_to_close(&mut idle).await,
        "",
        "an idle connection is closed at once"
    );
    assert!(
        TcpStream::connect(running.address).await.is_err(),
        "a new connection was accepted"
    );
    release.notify_one();
    assert!(read_to_close(&mut busy).await.ends_with("finished"));
    tokio::time::timeout(PATIENCE, running.service)
        .await
        .expect("the service does not end")
        .unwrap();
}

#[tokio::test]
async fn both_protocols_and_both_tls_versions_are_served() {
    let (tls, ca) = certificate_for_localhost();
    let running = start(hello(), &Limits::default(), Some(tls)).await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for protocol in ["h2", "http/1.1"] {
            let mut roots = RootCertStore::empty();
            roots.add(ca.clone()).unwrap();
            let mut config = ClientConfig::builder_with_provider(provider())
                .with_protocol_versions(&[version])
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
            config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
            let tcp = TcpStream::connect(running.address).await.unwrap();
            let name = ServerName::try_from("localhost").unwrap();
            let stream = TlsConnector::from(Arc::new(config))
                .connect(name, tcp)
                .await
                .unwrap();
            assert_eq!(
                stream.get_ref().1.alpn_protocol(),
                Some(protocol.as_bytes())
            );
            assert_eq!(get_over(stream, protocol == "h2").await, "hello");
        }
    }
}

async fn get_over(stream: tokio_rustls::client::TlsStream<TcpStream>, http2: bool) -> String {
    use axum::body::Body;
    use http_body_util::BodyExt;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    let request = http::Request::get("https://localhost/")
        .header("host", "localhost")
        .body(Body::empty())
        .unwrap();
    let response = if http2 {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    };
    String::from_utf8(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    )
    .unwrap()
}

fn certificate_for_localhost() -> (Served, CertificateDer<'static>) {
    let hosts = [ServedName::localhost().host().clone()];
    let now = time::OffsetDateTime::now_utc();
    let authority = Authority::make("Test", &hosts, now).unwrap();
    let leaf = authority.issue(&hosts, now).unwrap();
    let path = Path::new("leaf.pem");
    let made = ServerCertificate::read(leaf.as_bytes(), leaf.as_bytes(), path, path).unwrap();
    let ca = CertificateDer::from_pem_slice(authority.certificate_pem().as_bytes()).unwrap();
    (Served::new(made), ca)
}
