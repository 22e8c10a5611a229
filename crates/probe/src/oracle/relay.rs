//! Between Oracle's driver and the server: the driver is shown nothing that would lead it elsewhere, or have it prove too much.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::packet::{Length, Packet};
use crate::report::{Cause, Halt};

/// As much as a server may send in all, in bytes.
const MAX_ALL: u64 = 2 * 1024 * 1024;
/// How often it may be told that it is to ask once more.
const MAX_RESENT: usize = 4;

/// How far they are.
#[derive(Default)]
struct Progress {
    is_accepted: AtomicBool,
    /// The driver waits for what it needs to log in.
    is_login: AtomicBool,
}

impl Progress {
    fn length(&self) -> Length {
        match self.is_accepted.load(Ordering::Relaxed) {
            true => Length::Long,
            false => Length::Short,
        }
    }
}

/// Until one of them has enough: why, if it was not the driver. Nobody gets to the server but whoever connects first; the driver cannot
/// connect again.
pub(super) async fn relay(listener: TcpListener, server: TcpStream) -> Option<Halt> {
    let (mut driver, _) = listener.accept().await.ok()?;
    drop(listener);
    let _ = driver.set_nodelay(true);
    let (mut from_driver, mut to_driver) = driver.split();
    let (from_server, mut to_server) = server.into_split();
    let mut from_server = from_server.take(MAX_ALL);
    let progress = Progress::default();
    let answers = async {
        let mut halt = answers(&mut from_server, &mut to_driver, &progress).await;
        if from_server.limit() == 0 {
            halt.cause = Cause::TooMuch;
        }
        halt
    };
    tokio::select! {
        biased;
        halt = answers => Some(halt),
        () = questions(&mut from_driver, &mut to_server, &progress) => None,
    }
}

/// Passes the driver's packets on until it has gone. That the server has gone is seen on the way from it.
async fn questions(
    driver: &mut (impl AsyncRead + Unpin),
    server: &mut (impl AsyncWrite + Unpin),
    progress: &Progress,
) {
    while let Ok(packet) = Packet::read(driver, || progress.length()).await {
        if packet.begins_login() {
            progress.is_login.store(true, Ordering::Relaxed);
        }
        let _ = server.write_all(packet.bytes()).await;
    }
}

/// Passes the server's packets on until one is not to be, or none comes: why.
async fn answers(
    server: &mut (impl AsyncRead + Unpin),
    driver: &mut (impl AsyncWrite + Unpin),
    progress: &Progress,
) -> Halt {
    let mut resent = 0;
    loop {
        let length = progress.length();
        let packet = match Packet::read(server, || length).await {
            Ok(packet) => packet,
            Err(cause) => return cause.into(),
        };
        let is_login = progress.is_login.load(Ordering::Relaxed);
        let checked = match length {
            Length::Short => packet.accepts(),
            Length::Long => packet.check(is_login).map(|()| true),
        };
        let packet = match checked {
            Ok(true) if length == Length::Short => {
                progress.is_accepted.store(true, Ordering::Relaxed);
                packet.without_short_cuts()
            }
            Ok(true) => packet,
            Ok(false) if resent == MAX_RESENT => return Cause::TooMuch.into(),
            Ok(false) => {
                resent += 1;
                packet
            }
            Err(halt) => return *halt,
        };
        if packet.is_data() {
            progress.is_login.store(false, Ordering::Relaxed);
        }
        // The driver has gone: that is seen on the way from it.
        if driver.write_all(packet.bytes()).await.is_err() {
            return Cause::Closed.into();
        }
    }
}
