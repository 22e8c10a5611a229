//! Policy, resolve, connect: what all drivers begin with, for one destination or for two.

use std::iter;
use std::time::Duration;

use tokio::net::TcpStream;

use crate::report::{Cause, Halt, Reporter, Stage};
use crate::request::{Destination, Request};
use crate::{connect, resolve};

/// Connections to addresses that were checked.
pub(crate) struct Arrived {
    /// To the data store.
    pub(crate) store: TcpStream,
    /// To where one signs in, if that is elsewhere.
    pub(crate) sign_in: Option<TcpStream>,
}

/// A stage is over when it has passed for each destination: nothing is looked up while one is forbidden, and nothing is connected to.
///
/// # Errors
/// The cause, which has been reported.
pub(crate) async fn arrive(request: &Request, reporter: &mut Reporter) -> Result<Arrived, Cause> {
    let destinations = || iter::once(&request.destination).chain(&request.sign_in);
    // Of two, which.
    let halt = |cause: Cause, destination: &Destination| Halt {
        said: request
            .sign_in
            .as_ref()
            .map(|_| destination.host.clone().into()),
        ..Halt::from(cause)
    };
    for destination in destinations() {
        if let Err(cause) = admit(request, destination) {
            return Err(reporter.failed(Stage::Policy, halt(cause, destination)));
        }
    }
    reporter.passed(Stage::Policy);
    let mut found = Vec::new();
    for destination in destinations() {
        let (host, port) = (destination.host.as_str(), destination.port);
        match resolve::resolve(host, port, &request.policy).await {
            Ok(addresses) => found.push((destination, addresses)),
            Err(cause) => return Err(reporter.failed(Stage::Resolve, halt(cause, destination))),
        }
    }
    reporter.passed(Stage::Resolve);
    let patience = Duration::from_millis(request.limits.connect_ms);
    let mut streams = Vec::new();
    for (destination, addresses) in found {
        match connect::connect(&addresses, patience).await {
            Ok(stream) => streams.push(stream),
            Err(cause) => return Err(reporter.failed(Stage::Connect, halt(cause, destination))),
        }
    }
    let mut streams = streams.into_iter();
    let Some(store) = streams.next() else {
        return Err(reporter.failed(Stage::Connect, Cause::ConnectFailed.into()));
    };
    reporter.passed(Stage::Connect);
    Ok(Arrived {
        store,
        sign_in: streams.next(),
    })
}

/// What can be said before the name is looked up; an address needs no looking up.
fn admit(request: &Request, destination: &Destination) -> Result<(), Cause> {
    let (host, port) = (destination.host.as_str(), destination.port);
    if !resolve::is_name(host) {
        return Err(Cause::BadHost);
    }
    if port == 0 {
        return Err(Cause::PortUnknown);
    }
    match host.parse() {
        Ok(address) => request.policy.check_address(host, address, port),
        Err(_) => request.policy.check_name(host, port),
    }
}
