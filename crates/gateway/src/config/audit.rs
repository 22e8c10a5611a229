//! How the audit trail is kept.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::audit::{Destination, Keeping};

/// `[audit]` of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    max_mebibytes: u64,
    keep_files: Option<usize>,
    also: Vec<Also>,
    syslog_socket: PathBuf,
    journald_socket: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Also {
    Syslog,
    Journald,
    Stdout,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            max_mebibytes: 64,
            keep_files: None,
            also: Vec::new(),
            syslog_socket: PathBuf::from("/dev/log"),
            journald_socket: PathBuf::from("/run/systemd/journal/socket"),
        }
    }
}

impl Audit {
    /// The same as custody takes it, for the service.
    #[must_use]
    pub fn keeping(&self) -> Keeping {
        let copy = |also: &Also| match also {
            Also::Syslog => Destination::Syslog(self.syslog_socket.clone()),
            Also::Journald => Destination::Journald(self.journald_socket.clone()),
            Also::Stdout => Destination::Stdout,
        };
        Keeping {
            max_bytes: self.max_mebibytes.saturating_mul(1 << 20),
            keep_files: self.keep_files,
            copies: self.also.iter().map(copy).collect(),
        }
    }

    /// The same for a command, whose standard output is its result's.
    #[must_use]
    pub fn keeping_of_command(&self) -> Keeping {
        let mut keeping = self.keeping();
        keeping.copies.retain(|copy| *copy != Destination::Stdout);
        keeping
    }

    /// Values that cannot work, as key and rule.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [
            (
                "audit.max_mebibytes",
                "must be 1 to 1048576",
                !(1..=1_048_576).contains(&self.max_mebibytes),
            ),
            (
                "audit.keep_files",
                "must be at least 1; leave it out to keep all files",
                self.keep_files == Some(0),
            ),
        ]
        .into_iter()
        .filter_map(|(key, rule, faulty)| faulty.then_some((key, rule)))
    }

    pub(super) fn resolve_paths(&mut self, folder: &Path) {
        for socket in [&mut self.syslog_socket, &mut self.journald_socket] {
            *socket = folder.join(&*socket);
        }
    }
}
