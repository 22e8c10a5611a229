//! Which identity key each gateway had when it was believed, in a file: one line for each, nothing in it is secret.
//!
//! `<thumbprint of the identity key> <highest number of a statement> <origin> <gateway id>`

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use envelope::GatewayId;
use envelope::statement::Seen;

use crate::failure::{Cause, Failure};
use crate::whole_file;

/// The file.
#[derive(Clone, Debug)]
pub(crate) struct KnownGateways {
    path: PathBuf,
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

    /// What was seen of a gateway: of this name, or at this place, which must agree on the key.
    ///
    /// # Errors
    /// When the file is there and cannot be read: then nobody knows what was seen.
    pub(crate) fn seen(
        &self,
        gateway: &GatewayId,
        origin: Option<&str>,
    ) -> Result<Option<Seen>, Failure> {
        let lines = self.lines()?;
        let by_name = lines.iter().find(|line| line.gateway == gateway.as_str());
        let by_place = || {
            lines
                .iter()
                .find(|line| Some(line.origin.as_str()) == origin)
        };
        Ok(by_name.or_else(by_place).map(|line| line.seen.clone()))
    }

    /// Remembers what was believed, in the place of what was known of this name or place before.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn remember(
        &self,
        gateway: &GatewayId,
        origin: &str,
        seen: &Seen,
    ) -> Result<(), Failure> {
        let fail = |error: io::Error| Failure::file(&self.path, "written", &error);
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        // Two runs at the same time: the second waits.
        let lock = fs::File::create(self.path.with_extension("lock")).map_err(fail)?;
        lock.lock().map_err(fail)?;
        let mut lines = self.lines()?;
        let known = |line: &Line| {
            line.gateway == gateway.as_str() && line.origin == origin && line.seen == *seen
        };
        if lines.iter().any(known) {
            return Ok(());
        }
        // An older run may come to its end after a newer one.
        let newest = lines
            .iter()
            .filter(|line| line.gateway == gateway.as_str() && line.seen.identity == seen.identity)
            .map(|line| line.seen.seq)
            .max();
        let seen = Seen {
            seq: seen.seq.max(newest.unwrap_or(0)),
            ..seen.clone()
        };
        lines.retain(|line| line.gateway != gateway.as_str() && line.origin != origin);
        lines.push(Line {
            seen,
            origin: origin.to_owned(),
            gateway: gateway.to_string(),
        });
        let text: String = lines.iter().map(Line::to_text).collect();
        whole_file::replace(&self.path, text.as_bytes()).map_err(fail)
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
