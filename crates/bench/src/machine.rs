//! What the figures were measured on.

use std::fs;
use std::process::Command;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The lines at the head of BENCHMARKS.md, as Markdown list items.
pub(crate) fn description() -> String {
    let mut text = String::new();
    let mut item = |name: &str, value: Option<String>| {
        text += &format!("- {name}: {}\n", value.unwrap_or_else(|| "unknown".into()));
    };
    item(
        "date",
        OffsetDateTime::now_utc()
            .replace_nanosecond(0)
            .ok()
            .and_then(|now| now.format(&Rfc3339).ok()),
    );
    item("commit", commit());
    item("processor", processor());
    item("memory", memory());
    item("system", system());
    item("rustc", version("rustc", &["--version"]));
    item("Chromium", version("chromium", &["--version"]));
    item("OpenSSL", version("openssl", &["version"]));
    item("Node.js", version("node", &["--version"]));
    item("other load at the start (1-minute average)", load());
    text
}

/// The first line that a program prints about its version.
pub(crate) fn version(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines()
        .next()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
}

fn commit() -> Option<String> {
    let commit = version(
        "git",
        &[
            "-C",
            env!("CARGO_MANIFEST_DIR"),
            "rev-parse",
            "--short",
            "HEAD",
        ],
    )?;
    let tracked = [
        "-C",
        env!("CARGO_MANIFEST_DIR"),
        "status",
        "--short",
        "--untracked-files=no",
    ];
    let changed = version("git", &tracked).is_some();
    Some(if changed {
        format!("{commit} with changes")
    } else {
        commit
    })
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let model = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"))?
        .trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().ok()?;
    Some(format!(
        "{model}, {cores} logical cores used by everything at once"
    ))
}

fn memory() -> Option<String> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let kibibytes: f64 = text
        .lines()
        .next()?
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()?;
    Some(format!("{:.0} GiB", kibibytes / 1024.0 / 1024.0))
}

fn system() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").ok()?;
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))?
        .trim_matches('"')
        .to_owned();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    Some(format!("{name}, Linux {}", kernel.trim()))
}

fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next().map(str::to_owned)
}
