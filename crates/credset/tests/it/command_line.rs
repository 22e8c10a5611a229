//! What a person meets before anything is set: help, completions, manual pages, colours.

use std::process::Command;

use crate::case::{command, run};

const COMMANDS: [&str; 9] = [
    "set",
    "seal",
    "post",
    "open-test",
    "keys save",
    "keys show",
    "apply",
    "encrypt-value",
    "doctor",
];

fn printed(arguments: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        command(folder.path()).args(arguments.split_whitespace()),
        b"",
    );
    assert!(output.status.success(), "{arguments}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_names_the_exit_codes_and_has_examples() {
    let help = printed("--help");
    for code in ["0", "1", "2", "3", "4", "5", "6", "7", "130"] {
        let line = format!("\n  {code} ");
        assert!(help.contains(&line), "{code}: {help}");
    }
    assert!(help.contains("credset set --ticket-file"), "{help}");
    for command in COMMANDS {
        let help = printed(&format!("{command} --help"));
        assert!(help.contains("credset"), "{command}");
        let example = format!("  credset {command}");
        assert!(
            help.contains(&example) || help.contains(&format!("| credset {command}")),
            "{command} has no example: {help}"
        );
        // Nothing invites anybody to write a secret there.
        assert!(!help.contains("--password <") && !help.contains("--ticket <"));
    }
}

#[test]
fn shells_complete_and_manual_pages_are_there() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&format!("completions {shell}"));
        assert!(
            script.contains("password-stdin") && script.contains("apply"),
            "{shell}"
        );
    }
    assert!(printed("man").contains(".TH credset 1"));
    let folder = tempfile::tempdir().unwrap();
    let mut pages = command(folder.path());
    let output = run(pages.args(["man", "--dir", "pages"]), b"");
    assert!(output.status.success());
    for command in COMMANDS {
        let name = format!("pages/credset-{}.1", command.replace(' ', "-"));
        let page = std::fs::read_to_string(folder.path().join(&name)).unwrap();
        assert!(page.starts_with(".ie") || page.contains(".TH"), "{name}");
    }
}

/// On a terminal that `script` makes.
#[test]
fn colours_are_for_terminals_that_want_them() {
    let shown = |wanted: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        let program = env!("CARGO_BIN_EXE_credset");
        let mut script = Command::new("script");
        script
            .args([
                "-q",
                "-c",
                &format!("{program} set --kind Http"),
                "/dev/null",
            ])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", folder.path())
            .env("TERM", "xterm")
            .envs(wanted.iter().copied());
        run(&mut script, b"").stdout
    };
    let coloured = shown(&[]);
    assert!(coloured.windows(5).any(|window| window == b"\x1b[31m"));
    let plain = shown(&[("NO_COLOR", "1")]);
    assert!(!plain.contains(&0x1b));
    assert!(String::from_utf8_lossy(&plain).contains("credset: a ticket is needed"));
}
