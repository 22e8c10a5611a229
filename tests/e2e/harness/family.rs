//! A process with all that it started, and what these started.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Process ids, as they were when it was made.
pub(crate) struct Family(Vec<u32>);

/// A family that stands still until this is dropped.
pub(crate) struct Stopped(Family);

/// One process of a browser's family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    id: u32,
}

impl Family {
    /// The process with this id and its descendants.
    pub(crate) fn of(id: u32) -> Self {
        let parents: BTreeMap<u32, u32> = all_processes()
            .filter_map(|id| Some((id, status(id)?.1)))
            .collect();
        let mut members = vec![id];
        let mut next = 0;
        while let Some(parent) = members.get(next).copied() {
            members.extend(
                parents
                    .iter()
                    .filter(|(_, of)| **of == parent)
                    .map(|(id, _)| *id),
            );
            next += 1;
        }
        Self(members)
    }

    /// SIGSTOP to all of them, and to those that they have started meanwhile.
    pub(crate) fn stopped(self) -> Stopped {
        let mut family = self;
        let eldest = family.0[0];
        loop {
            family.signal("-STOP");
            let now = Self::of(eldest);
            if now.0.iter().all(|id| family.0.contains(id)) {
                return Stopped(family);
            }
            family = now;
        }
    }

    /// SIGKILL to all of them; they are gone when this returns.
    pub(super) fn kill(&self) {
        self.signal("-KILL");
        self.wait();
    }

    fn signal(&self, signal: &str) {
        let ids = self.0.iter().map(u32::to_string);
        // Those that have ended already make it fail; the others get it nevertheless.
        let _ = Command::new("kill")
            .arg(signal)
            .args(ids)
            .stderr(Stdio::null())
            .status();
    }

    /// Waits for the end of all, a few seconds at most.
    pub(super) fn wait(&self) {
        for _ in 0..500 {
            if !self.0.iter().any(|id| is_running(*id)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Stopped {
    /// Those that are still running.
    pub(crate) fn members(&self) -> impl Iterator<Item = Member> {
        let running = self.0.0.iter().filter(|id| is_running(**id));
        running.map(|id| Member { id: *id })
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.signal("-CONT");
    }
}

impl Member {
    pub(crate) fn id(self) -> u32 {
        self.id
    }

    /// What kind of process of Chromium it is: `browser`, `renderer`, `gpu-process`, `utility`, `zygote`.
    pub(crate) fn role(self) -> String {
        let line = std::fs::read(format!("/proc/{}/cmdline", self.id)).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        // Children write their command line with spaces.
        let mut words = line.split(['\0', ' ']);
        let kind = words.find_map(|word| word.strip_prefix("--type="));
        kind.unwrap_or("browser").to_owned()
    }
}

fn all_processes() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// One that has ended and that nobody has asked about yet does nothing any more.
pub(crate) fn is_running(id: u32) -> bool {
    status(id).is_some_and(|(state, _)| state != 'Z')
}

/// State and parent (proc(5), `/proc/pid/stat`).
fn status(id: u32) -> Option<(char, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it is in parentheses and may hold anything.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}
