//! Which identity key each gateway had when it was believed, in a file: one line for each name at each place, nothing in it is secret.
//!
//! `<thumbprint of the identity key> <highest number of a statement> <origin> <gateway id>`

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use envelope::GatewayId;
use envelope::statement::Seen;

use crate::failure::{Cause, Failure};
use crate::whole_file;

/// How long another run may take for writing the file: it is a few lines.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// The file.
#[derive(Clone, Debug)]
pub(crate) struct KnownGateways {
    path: PathBuf,
}

/// What becomes of lines of the same name or place that have another identity key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// They stay: whoever comes next is told.
    Kept,
    /// They go: a person has compared the fingerprint.
    Replaced,
}

struct Line {
    seen: Seen,
    origin: String,
    gateway: String,
}

impl KnownGateways {
    /// This file, or the one in the user's folder for such things.
    ///
    /// # Errors
    /// When the system names no such folder.
    pub(crate) fn at(path: Option<&Path>) -> Result<Self, Failure> {
        let path = match path {
            Some(path) => path.to_owned(),
            None => state_folder()
                .ok_or_else(|| {
                    Failure::usage("the system names no folder for what is remembered: give --known-gateways FILE")
                })?
                .join("credset/known-gateways"),
        };
        Ok(Self { path })
    }

    /// All that was seen of this name, and at this place. They may differ.
    ///
    /// # Errors
    /// When the file is there and cannot be read: then nobody knows what was seen.
    pub(crate) fn seen(
        &self,
        gateway: &GatewayId,
        origin: Option<&str>,
    ) -> Result<Vec<Seen>, Failure> {
        let lines = self.lines()?.into_iter().filter(|line| {
            line.gateway == gateway.as_str() || Some(line.origin.as_str()) == origin
        });
        Ok(lines.map(|line| line.seen).collect())
    }

    /// Remembers what was believed of this name at this place.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn remember(
        &self,
        gateway: &GatewayId,
        origin: &str,
        seen: &Seen,
        others: Others,
    ) -> Result<(), Failure> {
        let fail = |error: io::Error| Failure::file(&self.path, "written", &error);
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        // Two runs at the same time: the second waits.
        let _lock = self.lock()?;
        let mut lines = self.lines()?;
        let before = text_of(&lines);
        if others == Others::Replaced {
            lines.retain(|line| {
                let is_met = line.gateway == gateway.as_str() || line.origin == origin;
                !is_met || line.seen.identity == seen.identity
            });
        }
        // An older run may come to its end after a newer one.
        let newest = lines
            .iter()
            .filter(|line| line.gateway == gateway.as_str() && line.seen.identity == seen.identity)
            .map(|line| line.seen.seq)
            .fold(seen.seq, u64::max);
        let is_same = |line: &&mut Line| {
            line.gateway == gateway.as_str()
                && line.origin == origin
                && line.seen.identity == seen.identity
        };
        match lines.iter_mut().find(is_same) {
            Some(line) => line.seen.seq = newest,
            None => lines.push(Line {
                seen: Seen {
                    seq: newest,
                    ..seen.clone()
                },
                origin: origin.to_owned(),
                gateway: gateway.to_string(),
            }),
        }
        let text = text_of(&lines);
        if text == before {
            return Ok(());
        }
        whole_file::replace(&self.path, text.as_bytes()).map_err(fail)
    }

    /// A lock of this program's own, in a file beside the other: that one is replaced. What is in a file of that name stays.
    fn lock(&self) -> Result<File, Failure> {
        let mut path = self.path.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        let fail = |error: io::Error| Failure::file(&path, "locked", &error);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(fail)?;
        let end = Instant::now() + LOCK_TIMEOUT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(fail(error)),
                Err(TryLockError::WouldBlock) if Instant::now() < end => {
                    sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(fail(io::Error::new(
                        io::ErrorKind::WouldBlock,
                        "another program holds it",
                    )));
                }
            }
        }
    }

    fn lines(&self) -> Result<Vec<Line>, Failure> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::file(&self.path, "read", &error)),
        };
        let lines: Option<Vec<Line>> = text.lines().map(Line::read).collect();
        lines.ok_or_else(|| {
            Failure::new(
                Cause::Trust,
                "known_gateways",
                format!("{} is damaged", self.path.display()),
            )
            .advise("Remove the line that is not whole; the gateway's fingerprint will be asked for again.")
        })
    }
}

fn text_of(lines: &[Line]) -> String {
    lines.iter().map(Line::to_text).collect()
}

impl Line {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ' ');
        let seen = [parts.next()?, parts.next()?].join(" ");
        Some(Self {
            seen: Seen::from_text(&seen)?,
            origin: parts.next()?.to_owned(),
            gateway: parts.next()?.to_owned(),
        })
    }

    fn to_text(&self) -> String {
        format!("{} {} {}\n", self.seen.to_text(), self.origin, self.gateway)
    }
}

/// XDG's folder for state, or the system's own.
fn state_folder() -> Option<PathBuf> {
    let folder = |variable: &str| {
        let path = PathBuf::from(std::env::var_os(variable)?);
        path.is_absolute().then_some(path)
    };
    let own = || match cfg!(windows) {
        true => folder("LOCALAPPDATA"),
        false => Some(folder("HOME")?.join(".local/state")),
    };
    folder("XDG_STATE_HOME").or_else(own)
}
