//! One request at a time, each over a connection of its own to the one address that was checked.

use std::net::SocketAddr;
use std::time::Duration;

use http::Method;
use http::header::{self, HeaderMap, HeaderValue};
use http_body_util::Full;
use hyper::body::Bytes;
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::conversation::{Conversation, Stream};
use super::identity::Identity;
use super::resource::Resource;
use crate::bounded::{Bounded, Overflow};
use crate::report::{Cause, Certificate, Halt, Scrubber};
use crate::request::{Destination, Request};
use crate::{connect, tls};

/// As much as comes over one connection, certificates included, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// What the data store's administrator sees of the test.
const USER_AGENT: HeaderValue = HeaderValue::from_static("credential-gateway-test");

/// Who is asked, and how it is reached.
pub(super) struct Server<'a> {
    request: &'a Request,
    /// Whose certificate it has to show.
    host: &'a str,
    address: SocketAddr,
    resource: &'a Resource,
    identity: Option<&'a Identity>,
    scrubber: &'a Scrubber,
    overflow: Overflow,
}

impl<'a> Server<'a> {
    pub(super) fn new(
        request: &'a Request,
        stream: &TcpStream,
        resource: &'a Resource,
        identity: Option<&'a Identity>,
        scrubber: &'a Scrubber,
    ) -> Result<Self, Cause> {
        Ok(Self {
            request,
            host: &request.destination.host,
            address: stream.peer_addr().map_err(|_| Cause::Closed)?,
            resource,
            identity,
            scrubber,
            overflow: Overflow::default(),
        })
    }

    /// The same at another destination than the data store's own.
    pub(super) fn at(self, destination: &'a Destination) -> Self {
        Self {
            host: &destination.host,
            ..self
        }
    }

    /// The same, asked for something else.
    pub(super) fn asked_for(self, resource: &'a Resource) -> Self {
        Self { resource, ..self }
    }

    /// Which of two servers it was, where nothing else is said.
    pub(super) fn named(&self, halt: Halt) -> Halt {
        let said = halt.said.or_else(|| Some(self.host.to_owned().into()));
        Halt { said, ..halt }
    }

    pub(super) fn resource(&self) -> &'a Resource {
        self.resource
    }

    pub(super) fn scrubber(&self) -> &'a Scrubber {
        self.scrubber
    }

    /// Another connection, to the very same address.
    pub(super) async fn connect(&self) -> Result<TcpStream, Cause> {
        let patience = Duration::from_millis(self.request.limits.connect_ms);
        connect::connect(&[self.address], patience).await
    }

    /// TLS, if the URL asks for it, and the certificate.
    pub(super) async fn encrypt(
        &self,
        stream: TcpStream,
    ) -> Result<(Box<dyn Stream>, Option<Certificate>), Halt> {
        let stream = Bounded::new(stream, MAX_BYTES, self.overflow.clone());
        if !self.resource.is_encrypted() {
            return Ok((Box::new(stream), None));
        }
        let resolver = self.identity.map(Identity::resolver);
        match tls::handshake_as(self.request, self.host, stream, self.scrubber, resolver).await {
            Ok((stream, shown)) => Ok((Box::new(stream), shown.certificate)),
            Err(mut halt) => {
                if self.overflow.has_happened() {
                    halt.cause = Cause::TooMuch;
                }
                Err(halt)
            }
        }
    }

    /// Asks for the resource with these headers beside the usual ones, and reads the beginning of the answer.
    pub(super) async fn ask(
        &self,
        stream: Box<dyn Stream>,
        more: HeaderMap,
    ) -> Result<Answer, Halt> {
        self.exchange(stream, Method::GET, more, Bytes::new())
            .await
            .map_err(|error| Halt::from(self.failure(&error)))
    }

    /// Sends this secret there, and reads the beginning of the answer.
    pub(super) async fn tell(
        &self,
        stream: Box<dyn Stream>,
        more: HeaderMap,
        body: Zeroizing<String>,
    ) -> Result<Answer, Halt> {
        self.exchange(stream, Method::POST, more, Bytes::from_owner(Wiped(body)))
            .await
            .map_err(|error| Halt::from(self.failure(&error)))
    }

    /// A connection that is asked more than once.
    #[cfg(feature = "ntlm")]
    pub(super) async fn begin(&self) -> Result<Conversation, Halt> {
        let stream = self.connect().await?;
        let (stream, _) = self.encrypt(stream).await?;
        let begun = Conversation::begin(stream).await;
        begun.map_err(|error| self.failure(&error).into())
    }

    /// Asks for the resource over such a connection, with this header beside the usual ones.
    #[cfg(feature = "ntlm")]
    pub(super) async fn ask_within(
        &self,
        conversation: &mut Conversation,
        authorization: HeaderValue,
    ) -> Result<Answer, Halt> {
        let more = HeaderMap::from_iter([
            (header::AUTHORIZATION, authorization),
            (header::CONNECTION, HeaderValue::from_static("keep-alive")),
        ]);
        let question = self.question(Method::GET, more, Bytes::new());
        let answer = conversation.exchange(question).await;
        answer.map_err(|error| self.failure(&error).into())
    }

    async fn exchange(
        &self,
        stream: Box<dyn Stream>,
        method: Method,
        more: HeaderMap,
        body: Bytes,
    ) -> hyper::Result<Answer> {
        let question = self.question(method, more, body);
        Conversation::begin(stream).await?.exchange(question).await
    }

    fn question(&self, method: Method, more: HeaderMap, body: Bytes) -> http::Request<Full<Bytes>> {
        let mut question = http::Request::new(Full::new(body));
        *question.method_mut() = method;
        *question.uri_mut() = self.resource.target.clone();
        let headers = question.headers_mut();
        if let Ok(host) = HeaderValue::from_str(&self.resource.authority) {
            headers.insert(header::HOST, host);
        }
        headers.insert(header::USER_AGENT, USER_AGENT);
        headers.insert(header::ACCEPT, self.resource.content.accepted());
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        headers.extend(more);
        question
    }

    fn failure(&self, error: &hyper::Error) -> Cause {
        if self.overflow.has_happened() || error.is_parse_too_large() {
            return Cause::TooMuch;
        }
        if error.is_parse() {
            return Cause::WrongProtocol;
        }
        let source = std::error::Error::source(error);
        match source.and_then(|source| source.downcast_ref()) {
            Some(error) => tls::failure(error),
            None => Cause::Closed,
        }
    }
}

/// Wiped by whoever is the last to have it.
struct Wiped(Zeroizing<String>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
