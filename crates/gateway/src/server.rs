//! The accept loop: hyper-util with timers, because a server without a header timeout can be held by whoever is slow.

mod activity;
mod connection;
mod lingering;
pub(crate) mod places;

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::config::Limits;
use crate::metrics::{Connections, OpenConnection};
use crate::tls::Served;
use places::{Place, Places, counted_as};

/// Who is at the other end of the connection; among a request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct RemoteAddress(pub SocketAddr);

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address} ({source}); {advice}, or change `{key}` in gateway.toml", advice = advice(source))]
pub struct CannotListen {
    address: SocketAddr,
    key: &'static str,
    source: std::io::Error,
}

fn advice(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            "a port below 1024 takes a right: AmbientCapabilities=CAP_NET_BIND_SERVICE in the service's unit gives it"
        }
        ErrorKind::AddrNotAvailable => "this machine has no such address: give it that address",
        _ => "stop what uses it",
    }
}

/// A bound socket and what is served on it.
pub struct Service {
    listener: TcpListener,
    router: Router,
    tls: Option<Served>,
    limits: Limits,
    connections: Connections,
}

/// Binds an address; `key` is the configuration key to name if that fails.
///
/// # Errors
/// [`CannotListen`].
pub async fn bind(address: SocketAddr, key: &'static str) -> Result<TcpListener, CannotListen> {
    TcpListener::bind(address)
        .await
        .map_err(|source| CannotListen {
            address,
            key,
            source,
        })
}

impl Service {
    /// HTTPS.
    #[must_use]
    pub fn https(listener: TcpListener, tls: Served, router: Router, limits: &Limits) -> Self {
        Self {
            listener,
            router,
            tls: Some(tls),
            limits: limits.clone(),
            connections: Connections::default(),
        }
    }

    /// Plain HTTP, for the loopback health listener.
    #[must_use]
    pub fn http(listener: TcpListener, router: Router, limits: &Limits) -> Self {
        Self {
            listener,
            router,
            tls: None,
            limits: limits.clone(),
            connections: Connections::default(),
        }
    }

    /// With its connections counted.
    #[must_use]
    pub fn counted(self, connections: Connections) -> Self {
        Self {
            connections,
            ..self
        }
    }

    /// Accepts until `stop` turns true, then lets every running request finish, for at most the request limit.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let places = Places::new(self.limits.connections, self.limits.connections_per_address);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = stopped(&mut stop) => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, address)) => {
                        if let Some(place) = places.take(counted_as(address.ip())) {
                            let place = (place, self.connections.opened());
                            connections.spawn(self.connection(stream, address, place, stop.clone()));
                        } else {
                            self.connections.refused();
                            tracing::warn!(remote = %address.ip(), "connection refused: too many are open");
                        }
                    }
                    Err(error) => rest_after(&error).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(self.listener);
        let all_done = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(self.limits.request, all_done)
            .await
            .is_err()
        {
            tracing::warn!("some requests did not finish in time and were cut off");
        }
    }

    fn connection(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        place: (Place<IpAddr>, OpenConnection),
        stop: watch::Receiver<bool>,
    ) -> impl Future<Output = ()> + use<> {
        let (router, tls, limits) = (self.router.clone(), self.tls.clone(), self.limits.clone());
        async move {
            // Held until the connection is closed, however that comes about.
            let _place = place;
            // Answers are small and whole: waiting for more to send only delays them.
            let _ = stream.set_nodelay(true);
            let Some(tls) = tls else {
                return connection::serve(stream, false, address, router, &limits, stop).await;
            };
            let tls = TlsAcceptor::from(tls.config());
            match tokio::time::timeout(limits.handshake, tls.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                    connection::serve(stream, http2, address, router, &limits, stop).await;
                }
                Ok(Err(error)) => {
                    tracing::debug!(remote = %address.ip(), %error, "TLS handshake failed");
                }
                Err(_) => tracing::debug!(remote = %address.ip(), "TLS handshake took too long"),
            }
        }
    }
}

/// Returns once `stop` is true, or nobody is left who could make it so.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// A client that went away again is no reason to wait; running out of file descriptors is.
pub(crate) async fn rest_after(error: &std::io::Error) {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        tracing::error!(%error, "cannot accept connections");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_port_cannot_be_had_is_said_with_what_to_do() {
        for (kind, words) in [
            (ErrorKind::PermissionDenied, "CAP_NET_BIND_SERVICE"),
            (ErrorKind::AddrInUse, "stop what uses it"),
            (ErrorKind::AddrNotAvailable, "no such address"),
        ] {
            let said = CannotListen {
                address: SocketAddr::from(([127, 0, 0, 1], 443)),
                key: "listen",
                source: kind.into(),
            };
            let said = said.to_string();
            for word in [words, "127.0.0.1:443", "`listen`"] {
                assert!(said.contains(word), "{said}");
            }
        }
    }
}
