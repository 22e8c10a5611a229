//! As little HTTP/1.1 over TLS as a load generator needs: one connection kept alive, one request at a time. A full client would
//! share the two cores with the gateway it is to measure.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Whom to connect to, and which authority to trust for it.
#[derive(Clone)]
pub struct Peer {
    connector: TlsConnector,
    host: String,
    port: u16,
}

/// A connection that is kept alive.
pub struct Connection {
    stream: TlsStream<TcpStream>,
    authority: String,
    received: Vec<u8>,
}

/// What came back.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, uncompressed because nothing else was offered.
    pub body: Vec<u8>,
}

impl Peer {
    /// `host` is looked up and named in SNI and `Host`; `authority` is the PEM file of the certificate authority.
    pub fn new(host: &str, port: u16, authority: &std::path::Path) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        for certificate in
            CertificateDer::pem_file_iter(authority).context("the certificate authority")?
        {
            roots.add(certificate?)?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            host: host.to_owned(),
            port,
        })
    }

    /// Opens a connection.
    pub async fn connect(&self) -> Result<Connection> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        socket.set_nodelay(true)?;
        let stream = self
            .connector
            .connect(ServerName::try_from(self.host.clone())?, socket)
            .await?;
        Ok(Connection {
            stream,
            authority: format!("{}:{}", self.host, self.port),
            received: Vec::new(),
        })
    }
}

impl Connection {
    /// Fetches a path.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.authority);
        self.exchange(head.as_bytes()).await
    }

    /// Sends an envelope, with its ticket.
    pub async fn send(
        &mut self,
        (method, path): (&str, &str),
        ticket: &str,
        envelope: &str,
    ) -> Result<Answer> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {ticket}\r\nContent-Type: application/jose\r\nContent-Length: {}\r\n\r\n{envelope}",
            self.authority,
            envelope.len()
        );
        self.exchange(request.as_bytes()).await
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        let head = loop {
            if let Some(end) = self
                .received
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
            {
                break self.received.drain(..end + 4).collect::<Vec<u8>>();
            }
            self.receive().await?;
        };
        let head = String::from_utf8(head).context("the answer's head is not text")?;
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .context("no status line")?;
        if head
            .to_ascii_lowercase()
            .contains("transfer-encoding: chunked")
        {
            return self.chunks(status).await;
        }
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(Ok(0), |(_, value)| value.trim().parse::<usize>())?;
        while self.received.len() < length {
            self.receive().await?;
        }
        Ok(Answer {
            status,
            body: self.received.drain(..length).collect(),
        })
    }

    /// A body whose length is not known when it begins: as it travelled, with the lengths of its chunks.
    async fn chunks(&mut self, status: u16) -> Result<Answer> {
        while !self.received.ends_with(b"\r\n0\r\n\r\n") {
            self.receive().await?;
        }
        Ok(Answer {
            status,
            body: std::mem::take(&mut self.received),
        })
    }

    async fn receive(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the gateway closed the connection");
        }
        Ok(())
    }
}
