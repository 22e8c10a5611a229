//! One question and one answer over the socket.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::answer;
use crate::credential::Credential;
use crate::error::Error;

/// No answer is longer, in bytes. Reserved at once, so that nothing is left behind by a buffer that grows.
const MAX_ANSWER_BYTES: usize = 512 * 1024;

/// Where the gateway gives credentials to processes of its machine.
#[derive(Clone, Debug)]
pub struct CredentialSocket {
    path: PathBuf,
    patience: Duration,
}

#[derive(Serialize)]
struct Request<'a> {
    v: u64,
    df: &'a str,
    ls: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

impl CredentialSocket {
    /// The socket at this path, `path` of `[credential_socket]` in gateway.toml. Nothing is opened yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            patience: Duration::from_secs(30),
        }
    }

    /// How long a connection and its answer are waited for; 30 seconds unless told otherwise.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The credential of a linked service, whatever its version.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn credential(&self, df: &str, ls: &str) -> Result<Credential, Error> {
        self.ask(df, ls, None)
    }

    /// The credential of a linked service if it is of this version: the number at the end of the reference in the linked service's JSON.
    ///
    /// # Errors
    /// See [`Error`]; [`crate::Problem::OtherVersion`] when it was set again since.
    pub fn credential_version(
        &self,
        df: &str,
        ls: &str,
        version: u64,
    ) -> Result<Credential, Error> {
        self.ask(df, ls, Some(version))
    }

    fn ask(&self, df: &str, ls: &str, version: Option<u64>) -> Result<Credential, Error> {
        let until = Instant::now() + self.patience;
        let stream = connect(self.path.clone(), until)?;
        let request = Request {
            v: 1,
            df,
            ls,
            version,
        };
        let mut line = serde_json::to_vec(&request).map_err(io::Error::from)?;
        line.push(b'\n');
        stream.set_write_timeout(Some(left(until)?))?;
        // A gateway that refuses somebody does not read first: its answer is there all the same.
        let written = (&stream).write_all(&line);
        let _ = stream.shutdown(Shutdown::Write);
        let mut buffer = Zeroizing::new(vec![0; MAX_ANSWER_BYTES]);
        let length = read(&stream, &mut buffer, until)?;
        match length {
            0 => Err(written.err().unwrap_or_else(closed).into()),
            _ => answer::parse(&buffer[..length]),
        }
    }
}

/// A gateway that takes no connections any more lets whoever connects wait, and the system knows no limit to that. So it is done in a
/// thread that nobody waits for longer.
fn connect(path: PathBuf, until: Instant) -> io::Result<UnixStream> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        // Nobody may wait any more.
        let _ = sender.send(UnixStream::connect(path));
    })?;
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    receiver.recv_timeout(left(until)?).map_err(late)?
}

/// Reads up to the line's end, the connection's or the buffer's.
fn read(mut stream: &UnixStream, buffer: &mut [u8], until: Instant) -> io::Result<usize> {
    let mut length = 0;
    loop {
        stream.set_read_timeout(Some(left(until)?))?;
        let read = match stream.read(&mut buffer[length..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // What has come may be a whole answer.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => 0,
            other => other?,
        };
        let ended = buffer[length..length + read].contains(&b'\n');
        length += read;
        if read == 0 || ended {
            return Ok(length);
        }
    }
}

/// Never nothing, which would mean to wait for ever.
fn left(until: Instant) -> io::Result<Duration> {
    match until.checked_duration_since(Instant::now()) {
        Some(left) if !left.is_zero() => Ok(left),
        _ => Err(io::ErrorKind::TimedOut.into()),
    }
}

fn closed() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}
