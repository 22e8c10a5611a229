//! A process with all that it started, and what these started.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Process ids, as they were when it was made.
pub(super) struct Family(Vec<u32>);

impl Family {
    /// The process with this id and its descendants.
    pub(super) fn of(id: u32) -> Self {
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

    /// SIGKILL to all of them; they are gone when this returns.
    pub(super) fn kill(&self) {
        let ids = self.0.iter().map(u32::to_string);
        // Those that have ended already make it fail; the others are killed nevertheless.
        let _ = Command::new("kill")
            .arg("-KILL")
            .args(ids)
            .stderr(Stdio::null())
            .status();
        self.wait();
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

fn all_processes() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// One that has ended and that nobody has asked about yet does nothing any more.
fn is_running(id: u32) -> bool {
    status(id).is_some_and(|(state, _)| state != 'Z')
}

/// State and parent (proc(5), `/proc/pid/stat`).
fn status(id: u32) -> Option<(char, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it is in parentheses and may hold anything.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}
