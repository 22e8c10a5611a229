//! Lines that are sent elsewhere as well, once the file has them. That never decides an answer: a thread of its own sends
//! them, and what cannot be sent is counted and logged.
//!
//! Both protocols are one datagram per line. Their crates fix the socket's path or are made for loggers, and journald's
//! way for what does not fit a datagram is not needed: no line comes near that size.

use std::io::{self, Write};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Appends that may wait to be sent.
const WAITING: usize = 256;
/// How long a receiver may let one line wait, and all of them when the process ends.
const PATIENCE: Duration = Duration::from_secs(1);
/// Losses are logged at once, then together.
const LOG_INTERVAL: Duration = Duration::from_secs(60);
/// Facility authpriv (10), severity notice (5): RFC 5424 section 6.2.1.
const SYSLOG_PRIORITY: u8 = 10 * 8 + 5;

/// Where lines are sent as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The system's log, at this socket.
    Syslog(PathBuf),
    /// systemd's journal, at this socket.
    Journald(PathBuf),
    /// Standard output.
    Stdout,
}

/// The thread that sends, if there is anything to do for it.
pub(super) struct Copies {
    thread: Option<Thread>,
}

struct Thread {
    lines: SyncSender<Message>,
    ended: Receiver<()>,
    /// Lines that the thread was not even given.
    unsent: u64,
}

struct Message {
    lines: String,
    unsent: u64,
}

impl Copies {
    pub(super) fn start(copies: &[Destination]) -> io::Result<Self> {
        if copies.is_empty() {
            return Ok(Self { thread: None });
        }
        let (lines, waiting) = sync_channel(WAITING);
        let (ending, ended) = sync_channel(1);
        let mut sender = Sender::new(copies)?;
        thread::Builder::new()
            .name("audit-copies".to_owned())
            .spawn(move || {
                sender.run(&waiting);
                // An error means that nobody waits for the end.
                let _ = ending.send(());
            })?;
        Ok(Self {
            thread: Some(Thread {
                lines,
                ended,
                unsent: 0,
            }),
        })
    }

    /// Hands whole lines over. Never waits.
    pub(super) fn send(&mut self, lines: &str) {
        let Some(thread) = &mut self.thread else {
            return;
        };
        let message = Message {
            lines: lines.to_owned(),
            unsent: thread.unsent,
        };
        match thread.lines.try_send(message) {
            Ok(()) => thread.unsent = 0,
            Err(_) => thread.unsent += lines.lines().count() as u64,
        }
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        if let Some(Thread { lines, ended, .. }) = self.thread.take() {
            drop(lines);
            // A receiver that hangs must not keep the process: what it did not take in time is lost to it.
            let _ = ended.recv_timeout(PATIENCE);
        }
    }
}

struct Sender {
    targets: Vec<Destination>,
    socket: UnixDatagram,
    losses: Losses,
}

impl Sender {
    fn new(targets: &[Destination]) -> io::Result<Self> {
        let socket = UnixDatagram::unbound()?;
        socket.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            targets: targets.to_owned(),
            socket,
            losses: Losses::default(),
        })
    }

    fn run(&mut self, waiting: &Receiver<Message>) {
        loop {
            match waiting.recv_timeout(LOG_INTERVAL) {
                Ok(message) => {
                    if message.unsent > 0 {
                        let full = io::Error::other("lines came faster than they were taken");
                        self.losses.count(message.unsent, &full);
                    }
                    for line in message.lines.lines() {
                        self.send(line);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.losses.tell(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.losses.tell();
    }

    fn send(&mut self, line: &str) {
        for target in &self.targets {
            // The address is looked up each time: a daemon that was restarted has a new socket there.
            let sent = match target {
                Destination::Syslog(path) => self.socket.send_to(&syslog(line), path).map(drop),
                Destination::Journald(path) => self.socket.send_to(&journald(line), path).map(drop),
                Destination::Stdout => print(line),
            };
            if let Err(error) = sent {
                self.losses.count(1, &error);
            }
        }
    }
}

/// Lines that did not arrive.
#[derive(Default)]
struct Losses {
    all: u64,
    untold: u64,
    last_error: String,
    told: Option<Instant>,
}

impl Losses {
    fn count(&mut self, lines: u64, error: &io::Error) {
        self.all += lines;
        self.untold += lines;
        self.last_error = error.to_string();
        if self.told.is_none_or(|told| told.elapsed() >= LOG_INTERVAL) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        if self.untold > 0 {
            tracing::warn!(
                lines = self.untold,
                since_start = self.all,
                error = self.last_error,
                "audit lines were not copied; the audit file has them"
            );
            self.untold = 0;
            self.told = Some(Instant::now());
        }
    }
}

/// As syslog(3) writes it to the local socket, but without a time: the receiver has one, and so has the line.
fn syslog(line: &str) -> Vec<u8> {
    let process = std::process::id();
    format!("<{SYSLOG_PRIORITY}>credential-gateway[{process}]: {line}").into_bytes()
}

/// systemd's native protocol: a field per line. A JSON line has no line feed in it.
fn journald(line: &str) -> Vec<u8> {
    let number: String = line
        .chars()
        .skip_while(|character| !character.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    format!(
        "MESSAGE={line}\nPRIORITY=5\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=credential-gateway\n\
         CREDENTIAL_GATEWAY_SEQ={number}\n"
    )
    .into_bytes()
}

fn print(line: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(line.as_bytes())?;
    output.write_all(b"\n")?;
    output.flush()
}
