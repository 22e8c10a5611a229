//! The serving gateway's memory stays out of core files, dumps and swap, as far as the system allows.

use super::*;

/// capabilities(7)
const CAP_IPC_LOCK: u64 = 1 << 14;

/// The value of one line of `/proc/<pid>/<file>`.
fn told(serving: &Serving, file: &str, line: &str) -> String {
    let path = format!("/proc/{}/{file}", serving.process.id());
    let text = std::fs::read_to_string(path).unwrap();
    let found = text.lines().find_map(|found| found.strip_prefix(line));
    found
        .unwrap_or_else(|| panic!("no {line} in {file}"))
        .trim()
        .to_owned()
}

fn locked_kilobytes(serving: &Serving) -> u64 {
    let told = told(serving, "status", "VmLck:");
    told.trim_end_matches(" kB").parse().unwrap()
}

fn said(installed: &Installed, words: &str) -> bool {
    std::fs::read_to_string(installed.outer.path().join("log"))
        .unwrap()
        .contains(words)
}

#[test]
fn nothing_is_dumped() {
    let installed = Installed::new();
    let serving = installed.serve();
    let limit = told(&serving, "limits", "Max core file size");
    assert_eq!(
        limit.split_whitespace().take(2).collect::<Vec<_>>(),
        ["0", "0"]
    );
    assert_eq!(told(&serving, "coredump_filter", ""), "00000000");
}

#[test]
fn memory_is_locked_where_the_system_allows_it() {
    let installed = Installed::new();
    let serving = installed.serve();
    let unlimited = told(&serving, "limits", "Max locked memory").starts_with("unlimited");
    let own = told(&serving, "status", "CapEff:");
    let may_lock = u64::from_str_radix(&own, 16).unwrap() & CAP_IPC_LOCK != 0;
    let allowed = unlimited || may_lock;
    // More than the default limit of 8 MiB, or nothing.
    assert_eq!(locked_kilobytes(&serving) > 8192, allowed);
    let words = if allowed {
        "locked, never swapped"
    } else {
        "may be swapped"
    };
    assert!(said(&installed, words));
}

#[test]
fn a_limit_on_locked_memory_does_not_stop_the_gateway() {
    let installed = Installed::new();
    let mut limited = Command::new("sh");
    limited.env("CREDENTIAL_GATEWAY_DATA", installed.folder());
    let drop_rights = if rustix::process::geteuid().is_root() {
        "setpriv --bounding-set=-sys_resource,-ipc_lock"
    } else {
        ""
    };
    limited.args([
        "-c",
        &format!("ulimit -l 64; exec {drop_rights} \"$0\" serve"),
    ]);
    limited.arg(env!("CARGO_BIN_EXE_credential-gateway"));
    let serving = installed.serve_by(&mut limited);
    assert_eq!(locked_kilobytes(&serving), 0);
    assert!(said(&installed, "may be swapped: LimitMEMLOCK=infinity"));
}
