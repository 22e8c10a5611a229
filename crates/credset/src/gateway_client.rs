//! The gateway over HTTP/1.1 and TLS, without proxies and redirects. What is written to it is an [`Envelope`] or nothing: there is no way to
//! send a secret from here.

mod report;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use envelope::protocol::{MEDIA_TYPE_ENVELOPE, credential_path, test_path};
use envelope::{Envelope, Ticket};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http::{Method, Request, response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::commands::interruption;
use crate::failure::{Cause, Failure};
use crate::gateway_address::GatewayAddress;
use crate::http_answer::Answer;
use crate::{tls_trust, trouble};

/// How long finding and reaching the gateway may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long one request may take: as long as the gateway gives it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a test may take: half a minute for others that are before it, 15 s for itself, and as long as a request for its end.
const TEST_TIMEOUT: Duration = Duration::from_secs(75);
/// Longest answer, in bytes. None of the protocol's comes near.
const MOST_BYTES: usize = 256 * 1024;
/// Pauses before the same envelope is sent again when the answer was lost, or the gateway was busy: as long as the page's. It
/// answers a repeated envelope with the same receipt, so trying again cannot store anything twice.
const RETRY_PAUSES: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(1_600)];

/// A gateway that can be asked.
pub(crate) struct GatewayClient {
    address: GatewayAddress,
    tls: Arc<ClientConfig>,
}

impl GatewayClient {
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// When `ca_file` cannot be used.
    pub(crate) fn new(address: GatewayAddress, ca_file: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self {
            address,
            tls: tls_trust::client(ca_file)?,
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &GatewayAddress {
        &self.address
    }

    /// Fetches a path.
    ///
    /// # Errors
    /// When there is no answer.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.exchange(self.request(Method::GET, path, Bytes::new())?)
            .await
    }

    /// Sets a credential: sends the envelope under the ticket, again if the answer was lost.
    ///
    /// # Errors
    /// When there is no answer.
    pub(crate) async fn set(
        &self,
        envelope: &Envelope,
        ticket: &Ticket,
    ) -> Result<Answer, Failure> {
        let claims = ticket.claims();
        let path = credential_path(&claims.df, &claims.ls);
        let mut pauses = RETRY_PAUSES.iter();
        loop {
            let request = self.sealed_request(Method::PUT, &path, envelope, ticket)?;
            let answer = self.exchange(request).await;
            let again = match &answer {
                Ok(answer) => answer.status == 503,
                Err(failure) => matches!(failure.code.as_str(), "timed_out" | "interrupted_answer"),
            };
            match pauses.next() {
                Some(pause) if again => sleep(*pause).await,
                _ => {
                    interruption::answered();
                    return answer;
                }
            }
        }
    }

    /// Has a credential tried: sends the envelope under the ticket, once. `hear` is given each line of the report as it comes.
    ///
    /// # Errors
    /// When there is no answer, and what `hear` says.
    pub(crate) async fn test(
        &self,
        envelope: &Envelope,
        ticket: &Ticket,
        hear: &mut impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<Answer, Failure> {
        let claims = ticket.claims();
        let path = test_path(&claims.df, &claims.ls);
        let request = self.sealed_request(Method::POST, &path, envelope, ticket)?;
        let tcp = self.connect(&self.resolve().await?).await?;
        let tls = self.secure(tcp).await?;
        let told = timeout(TEST_TIMEOUT, report::listen(tls, request, hear)).await;
        told.map_err(|_| trouble::timed_out())?
    }

    fn sealed_request(
        &self,
        method: Method,
        path: &str,
        envelope: &Envelope,
        ticket: &Ticket,
    ) -> Result<Request<Full<Bytes>>, Failure> {
        let body = Bytes::copy_from_slice(envelope.as_str().as_bytes());
        let mut request = self.request(method, path, body)?;
        // EXPOSE: the ticket is the permission, and this is where it is shown.
        let bearer = zeroize::Zeroizing::new(["Bearer ", ticket.expose()].concat());
        let mut bearer = HeaderValue::from_str(&bearer)
            .map_err(|_| trouble::malformed_ticket("not a header's value"))?;
        bearer.set_sensitive(true);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE_ENVELOPE));
        Ok(request)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, Failure> {
        let agent = concat!("credset/", env!("CARGO_PKG_VERSION"));
        Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.address.authority())
            .header(USER_AGENT, agent)
            .header(ACCEPT, "application/json, application/problem+json")
            .body(Full::new(body))
            .map_err(|_| Failure::usage(format!("{} is no address", self.address)))
    }

    /// One connection for one request.
    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        let addresses = self.resolve().await?;
        let tcp = self.connect(&addresses).await?;
        let tls = self.secure(tcp).await?;
        if *request.method() == Method::PUT {
            interruption::sending();
        }
        let answered = async {
            let asked = ask(tls, request).await;
            let (head, body, _driven) = asked.map_err(|why| trouble::interrupted_answer(&why))?;
            let body = body.collect().await;
            let body = body.map_err(|why| trouble::interrupted_answer(&why))?;
            let body = body.to_bytes().into();
            Ok(Answer::new(head.status.as_u16(), &head.headers, body))
        };
        let answered = timeout(REQUEST_TIMEOUT, answered).await;
        answered.map_err(|_| trouble::timed_out())?
    }

    /// Looks the host's name up.
    ///
    /// # Errors
    /// When the name is not known.
    pub(crate) async fn resolve(&self) -> Result<Vec<SocketAddr>, Failure> {
        let (host, port) = (self.address.host(), self.address.port());
        let unknown = |why: String| {
            Failure::new(
                Cause::Network,
                "resolve",
                format!("The name {host} is not known here: {why}"),
            )
            .advise("Check the spelling, and that this computer asks the right name servers (VPN).")
        };
        let found = timeout(CONNECT_TIMEOUT, lookup_host((host, port))).await;
        let found = found.map_err(|_| unknown("no name server answers".to_owned()))?;
        let found: Vec<_> = found.map_err(|error| unknown(error.to_string()))?.collect();
        match found.is_empty() {
            true => Err(unknown("it has no address".to_owned())),
            false => Ok(found),
        }
    }

    /// Connects to the first address that takes it.
    ///
    /// # Errors
    /// When none does.
    pub(crate) async fn connect(&self, addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
        let connected = timeout(CONNECT_TIMEOUT, TcpStream::connect(addresses)).await;
        let tcp = connected
            .map_err(|_| trouble::timed_out())?
            .map_err(|error| trouble::gateway_down(&format!("{}: {error}", self.address)))?;
        // It is one request, and its last packet is not to wait for an acknowledgement.
        let _ = tcp.set_nodelay(true);
        Ok(tcp)
    }

    /// Speaks TLS over a connection.
    ///
    /// # Errors
    /// When the certificate is not trusted, or it is no TLS.
    pub(crate) async fn secure(&self, tcp: TcpStream) -> Result<TlsStream<TcpStream>, Failure> {
        let name = ServerName::try_from(self.address.host().to_owned())
            .map_err(|_| Failure::usage(format!("{} is no host name", self.address.host())))?;
        let handshake = TlsConnector::from(self.tls.clone()).connect(name, tcp);
        let secured = timeout(CONNECT_TIMEOUT, handshake).await;
        secured
            .map_err(|_| trouble::timed_out())?
            .map_err(|error| self.no_tls(&error))
    }

    fn no_tls(&self, error: &io::Error) -> Failure {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        match inner {
            Some(error) => tls_trust::refusal(error, &self.address),
            None => trouble::gateway_down(&format!("{}: {error}", self.address)),
        }
    }
}

/// Sends a request over a connection of its own, and hands over the head of the answer with the body that is to come.
async fn ask(
    stream: TlsStream<TcpStream>,
    request: Request<Full<Bytes>>,
) -> Result<(response::Parts, Limited<Incoming>, Driven), hyper::Error> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driven = Driven(tokio::spawn(connection));
    let (head, body) = sender.send_request(request).await?.into_parts();
    Ok((head, Limited::new(body, MOST_BYTES), driven))
}

/// A connection's own task, which ends with this.
struct Driven(JoinHandle<Result<(), hyper::Error>>);

impl Drop for Driven {
    fn drop(&mut self) {
        self.0.abort();
    }
}
