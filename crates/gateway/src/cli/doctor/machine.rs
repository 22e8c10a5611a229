//! The machine: clock, memory, room on the disk.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use envelope::UnixSeconds;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::finding::Findings;
use crate::cli::failure::Cause;
use crate::cli::memory::Granted;
use crate::clock::rfc3339;
use crate::data_folder::DataFolder;

/// 2026 and 2100 begin. This program is not older than the one, and no certificate of ours reaches the other.
const SENSIBLE: std::ops::Range<u64> = 1_767_225_600..4_102_444_800;
/// Seconds that a clock may be set back without anybody noticing.
const LEEWAY: u64 = 120;
/// Longer than two audit lines.
const TAIL_BYTES: u64 = 128 * 1024;

/// Free bytes from which on there is room enough, and under which there is none for certain.
const ENOUGH: u64 = 1 << 30;
const TOO_LITTLE: u64 = 64 << 20;

pub(super) fn look(
    folder: &DataFolder,
    granted: Granted,
    now: UnixSeconds,
    findings: &mut Findings,
) {
    clock(now, last_line_at(&folder.audit()), findings);
    match granted.is_locked() {
        true => findings.pass("memory", granted),
        false => findings.note(
            "memory",
            granted,
            "this is about the doctor's own process; of the service, its first log line says the same",
        ),
    }
    let room = rustix::fs::statvfs(folder.path())
        .map(|system| system.f_bavail.saturating_mul(system.f_frsize));
    if let Some(free) = findings.take("disk", room) {
        disk(free, findings);
    }
}

fn clock(now: UnixSeconds, last: Option<UnixSeconds>, findings: &mut Findings) {
    const ADVICE: &str =
        "have it set by a time server: tickets and certificates depend on it (timedatectl)";
    let at = rfc3339(now);
    match last {
        _ if !SENSIBLE.contains(&now.0) => {
            let found = format_args!("it is {at}, which is years off");
            findings.fail("clock", Cause::Local, found, ADVICE);
        }
        Some(last) if last.0 > now.0.saturating_add(LEEWAY) => {
            let found = format!(
                "it is {at}, and the last audit line is of {}",
                rfc3339(last)
            );
            findings.fail("clock", Cause::Local, found, ADVICE);
        }
        _ => findings.pass("clock", at),
    }
}

fn disk(free: u64, findings: &mut Findings) {
    const ADVICE: &str = "make room: a gateway that cannot write its audit trail refuses everybody. Full audit files may be moved away";
    let found = format!("{} MiB are free", free >> 20);
    if free < TOO_LITTLE {
        findings.fail("disk", Cause::Local, found, ADVICE);
    } else if free < ENOUGH {
        findings.note("disk", found, ADVICE);
    } else {
        findings.pass("disk", found);
    }
}

#[derive(Deserialize)]
struct Line {
    at: String,
}

/// When the last audit line was written, as far as it can be read.
fn last_line_at(audit: &Path) -> Option<UnixSeconds> {
    let file = File::open(audit).ok()?;
    let length = file.metadata().ok()?.len();
    let start = length.saturating_sub(TAIL_BYTES);
    let mut bytes = vec![0; usize::try_from(length - start).ok()?];
    file.read_exact_at(&mut bytes, start).ok()?;
    let mut lines = bytes.rsplit(|&byte| byte == b'\n');
    let line: Line = lines.find_map(|line| serde_json::from_slice(line).ok())?;
    let at = OffsetDateTime::parse(&line.at, &Rfc3339).ok()?;
    u64::try_from(at.unix_timestamp()).ok().map(UnixSeconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(look: impl FnOnce(&mut Findings)) -> String {
        let mut findings = Findings::default();
        look(&mut findings);
        findings.list()[0].to_string()
    }

    #[test]
    fn a_disk_is_told_of_before_it_is_full() {
        for (free, state) in [
            (0, "FAILED"),
            (TOO_LITTLE - 1, "FAILED"),
            (TOO_LITTLE, "note"),
            (ENOUGH - 1, "note"),
            (ENOUGH, "passed"),
        ] {
            let told = told(|findings| disk(free, findings));
            assert!(told.starts_with(state), "{free}: {told}");
        }
    }

    #[test]
    fn a_clock_is_behind_or_years_off() {
        let now = 1_795_468_380;
        for (now, last, state) in [
            (now, None, "passed"),
            (now, Some(now + LEEWAY), "passed"),
            (now, Some(now + LEEWAY + 1), "FAILED"),
            (0, None, "FAILED"),
            (now * 4, Some(now), "FAILED"),
        ] {
            let told = told(|findings| clock(UnixSeconds(now), last.map(UnixSeconds), findings));
            assert!(told.starts_with(state), "{now} {last:?}: {told}");
        }
    }
}
