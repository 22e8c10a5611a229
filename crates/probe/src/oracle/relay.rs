//! Between Oracle's driver and the server: the driver is shown nothing that would lead it elsewhere.

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};

use super::packet::{Length, Packet};
use crate::report::{Cause, Halt};

/// As much as a server may send in all, in bytes.
const MAX_ALL: u64 = 2 * 1024 * 1024;
/// How often it may be told that it is to ask once more.
const MAX_RESENT: usize = 4;

/// Until one of them has enough: why, if it was not the driver. Nobody gets to the server but whoever connects first; the driver cannot
/// connect again.
pub(super) async fn relay(listener: TcpListener, server: TcpStream) -> Option<Halt> {
    let (mut driver, _) = listener.accept().await.ok()?;
    drop(listener);
    let _ = driver.set_nodelay(true);
    let (mut from_driver, mut to_driver) = driver.split();
    let (from_server, mut to_server) = server.into_split();
    let mut from_server = from_server.take(MAX_ALL);
    let answers = async {
        let mut halt = pass_on(&mut from_server, &mut to_driver).await;
        if from_server.limit() == 0 {
            halt.cause = Cause::TooMuch;
        }
        Some(halt)
    };
    tokio::select! {
        biased;
        halt = answers => halt,
        _ = copy(&mut from_driver, &mut to_server) => None,
    }
}

/// Passes packets on until one is not to be, or none comes: why.
async fn pass_on(
    server: &mut (impl AsyncRead + Unpin),
    driver: &mut (impl AsyncWrite + Unpin),
) -> Halt {
    let mut length = Length::Short;
    let mut resent = 0;
    loop {
        let packet = match Packet::read(server, length).await {
            Ok(packet) => packet,
            Err(cause) => return cause.into(),
        };
        let checked = match length {
            Length::Short => packet.accepts(),
            Length::Long => packet.check().map(|()| true),
        };
        match checked {
            Ok(true) => length = Length::Long,
            Ok(false) if resent == MAX_RESENT => return Cause::TooMuch.into(),
            Ok(false) => resent += 1,
            Err(halt) => return *halt,
        }
        // The driver has gone: that is seen on the way from it.
        if driver.write_all(packet.bytes()).await.is_err() {
            return Cause::Closed.into();
        }
    }
}
