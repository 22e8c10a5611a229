//! Arguments that are refused: in words, as a document where that is asked for, and without what was typed.

use serde_json::Value;

use crate::case::{command, run};

/// What must not come back.
const TYPED: &str = "Hunter2X";

/// Exit code, standard output and error of a run with these arguments.
fn said(arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = run(command(folder.path()).args(arguments), b"");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn what_was_typed_is_not_repeated() {
    for (arguments, expected) in [
        (
            "set -pHunter2X",
            "invalid value for '--property <NAME=VALUE>': expected NAME=VALUE",
        ),
        (
            "set --secret-file password:Hunter2X",
            "invalid value for '--secret-file <NAME=FILE>': expected NAME=FILE",
        ),
        (
            "set --secret-fd password=Hunter2X",
            "expected NAME=NUMBER of a file descriptor",
        ),
        (
            "set --password-fd Hunter2X",
            "invalid value for '--password-fd <N>'",
        ),
        (
            "set --ticket-fd 99999999999Hunter2X",
            "invalid value for '--ticket-fd <N>'",
        ),
        (
            "set --password-stdin=Hunter2X",
            "'--password-stdin' takes no value",
        ),
        (
            "set --secret-stdin password=Hunter2X",
            "invalid value for '--secret-stdin <NAME>': expected the name of a secret alone",
        ),
        (
            "set --keep password=Hunter2X",
            "invalid value for '--keep <NAME>'",
        ),
        ("set --pasword=Hunter2X", "unexpected argument '--pasword'"),
        ("set --Hunter2X", "an argument that is not expected"),
        ("set -Hunter2X", "an argument that is not expected"),
        ("set Hunter2X", "an argument that is not expected"),
        ("Hunter2X", "there is no such command"),
        ("--ticket-stdin Hunter2X", "there is no such command"),
        ("setHunter2X", "there is no such command"),
        ("keys Hunter2X", "there is no such command"),
        ("completions Hunter2X", "it is one of bash, elvish"),
        (
            "doctor --fingerprint a,b,c,Hunter2X,e,f",
            "invalid value for '--fingerprint <WORDS>': the word at place ",
        ),
        (
            "doctor --gateway http://Hunter2X",
            "invalid value for '--gateway <URL>': a gateway is reached by https only",
        ),
        (
            "seal --max-key-age 9999 --keys Hunter2X --out x",
            "invalid value for '--max-key-age <HOURS>'",
        ),
    ] {
        let arguments: Vec<String> = arguments
            .split_whitespace()
            .map(|text| text.replace(',', " "))
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (code, out, err) = said(&arguments);
        assert_eq!(code, Some(2), "{err}");
        assert!(out.is_empty(), "{out}");
        assert!(err.contains(expected), "no {expected:?} in {err}");
        let lower = err.to_lowercase();
        assert!(!lower.contains(&TYPED.to_lowercase()), "{expected}: {err}");
        assert!(!err.contains("9999"), "{err}");
    }
}

#[test]
fn no_command_takes_a_secret_or_offers_to() {
    let commands: [&[&str]; 10] = [
        &["doctor", "--gateway", "https://localhost:1"],
        &["keys", "show"],
        &["keys", "save", "x"],
        &["apply", "x"],
        &["open-test", "x"],
        &["post", "x"],
        &["set"],
        &["encrypt-value"],
        &["seal"],
        &[],
    ];
    for command in commands {
        for typed in [
            &["--ticket", TYPED][..],
            &["--ticket=Hunter2X"],
            &["--password", TYPED],
            &["--password=Hunter2X"],
            &["--password"],
        ] {
            for arguments in [[command, typed].concat(), [typed, command].concat()] {
                let (code, _, err) = said(&arguments);
                assert_eq!(code, Some(2), "{arguments:?}: {err}");
                let expected = "can be read by every process of this machine";
                assert!(err.contains(expected), "{arguments:?}: {err}");
                assert!(!err.contains(TYPED), "{arguments:?}: {err}");
            }
        }
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (_, script, _) = said(&["completions", shell]);
        let words: Vec<&str> = script
            .split(|letter: char| letter != '-' && !letter.is_ascii_alphanumeric())
            .collect();
        assert!(script.contains("password-stdin"), "{shell}");
        for secret in ["password", "ticket"] {
            let option = format!("--{secret}");
            assert!(!words.contains(&option.as_str()), "{shell} offers {option}");
            let is_fish = words.windows(2).any(|pair| pair == ["-l", secret]);
            assert!(!is_fish, "{shell} offers {option}");
        }
    }
    for typed in ["--passwd", "--passwrd", "--tickt", "--pass"] {
        let (_, _, err) = said(&["set", typed, "x"]);
        assert!(!err.contains("'--password'"), "{err}");
        assert!(!err.contains("'--ticket'"), "{err}");
    }
    // Behind two hyphens it is a file's name.
    let (code, _, err) = said(&["keys", "show", "--", "--ticket"]);
    assert_eq!(code, Some(1), "{err}");
}

#[test]
fn a_program_gets_a_document() {
    for arguments in [
        &["set", "--json", "--bogus"][..],
        &["--json", "set", "-pHunter2X"],
        &["--json"],
        &["--json", "apply"],
        &["--json", "doctor", "--ticket", TYPED],
        &["bogus", "--json"],
        &["--json", "set", "--password-stdin", "--password-fd", "3"],
    ] {
        let (code, out, err) = said(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {err}");
        let document: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(document["exit_code"], 2, "{out}");
        assert_eq!(document["error"]["cause"], "usage", "{out}");
        assert_eq!(document["error"]["code"], "usage", "{out}");
        let title = document["error"]["title"].as_str().unwrap();
        assert!(!title.is_empty() && err.contains(title), "{out}{err}");
        assert!(!out.contains(TYPED) && !err.contains(TYPED), "{out}{err}");
    }
    for arguments in [&["--help", "--json"][..], &["--version", "--json"]] {
        let (code, out, err) = said(arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        assert!(out.contains("credset"), "{out}");
    }
    let (code, _, err) = said(&[]);
    assert_eq!(code, Some(2));
    assert!(err.contains("Usage: credset"), "{err}");
}
