//! Every source of a secret, and secrets that try to break something.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::case::{Case, REACH, SECRET, assert_silent, filled, run};
use crate::scratch_gateway::ScratchGateway;

const FILE_SERVER: &str = "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --gateway {gateway} --ca-file {ca}";

fn case<'a>() -> Case<'a> {
    Case {
        arguments: FILE_SERVER,
        ticket: Some("Files"),
        ..Case::default()
    }
}

#[test]
fn each_source_gives_the_same_secret() {
    let gateway = ScratchGateway::new();
    let line = format!("{SECRET}\n");
    let windows = format!("{SECRET}\r\n");
    for case in [
        Case {
            name: "standard input",
            more: &["--password-stdin"],
            stdin: SECRET.as_bytes(),
            ..case()
        },
        Case {
            name: "a line of standard input",
            more: &["--password-stdin"],
            stdin: line.as_bytes(),
            ..case()
        },
        Case {
            name: "a line of Windows",
            more: &["--secret-stdin", "Password"],
            stdin: windows.as_bytes(),
            ..case()
        },
        Case {
            name: "a file",
            more: &["--password-file", "{dir}/password"],
            files: &[("password", line.as_bytes())],
            ..case()
        },
        Case {
            name: "a file by name",
            more: &["--secret-file", "password={dir}/password"],
            files: &[("password", SECRET.as_bytes())],
            ..case()
        },
        Case {
            name: "the ticket from standard input, the password from a file",
            arguments: "set --ticket-stdin --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share",
            more: &[&REACH[..], &["--password-file", "{dir}/password"]].concat(),
            stdin: gateway.ticket("Files", &[]).as_bytes(),
            files: &[("password", SECRET.as_bytes())],
            ..case()
        },
    ] {
        case.check(&gateway);
        let stored = gateway.reveal("Files", "password");
        assert!(
            stored == SECRET.as_bytes(),
            "{} is not what was given",
            case.name
        );
        gateway.run(&["delete", "Files"]);
    }
}

#[test]
fn file_descriptors_are_read() {
    let gateway = ScratchGateway::new();
    for (name, redirection, option) in [
        ("a file", "3<password 4<ticket", "--password-fd 3"),
        (
            "another number",
            "7<password 4<ticket",
            "--secret-fd password=7",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("password"), SECRET).unwrap();
        fs::write(folder.path().join("ticket"), gateway.ticket("Files", &[])).unwrap();
        let arguments = FILE_SERVER.replace("--ticket-file {dir}/ticket", "--ticket-fd 4");
        let arguments = filled(&arguments, &gateway, folder.path()).replace('\\', "\\\\");
        let program = env!("CARGO_BIN_EXE_credset");
        let mut shell = Command::new("sh");
        shell
            .args([
                "-c",
                &format!("{program} {arguments} {option} {redirection}"),
            ])
            .env_clear()
            .env("HOME", folder.path())
            .current_dir(folder.path());
        let output = run(&mut shell, b"");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {complaint}");
        assert_silent(&output, name);
        assert!(
            gateway.reveal("Files", "password") == SECRET.as_bytes(),
            "{name}"
        );
    }
    // None of these is given, and some of them the program opens for itself.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ticket"), gateway.ticket("Files", &[])).unwrap();
    let arguments = filled(FILE_SERVER, &gateway, folder.path()).replace('\\', "\\\\");
    let closed: String = (3..10).map(|number| format!(" {number}<&-")).collect();
    for number in 3..10 {
        let program = env!("CARGO_BIN_EXE_credset");
        let line = format!("exec {program} {arguments} --password-fd {number}{closed}");
        let output = run(Command::new("sh").args(["-c", &line]).env_clear(), b"");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{number}: {said}");
        let expected = format!("file descriptor {number} cannot be used");
        assert!(said.contains(&expected), "{said}");
        assert!(said.contains(&format!("{number}<file")), "{said}");
    }
    Case {
        name: "standard input by its number",
        more: &["--password-fd", "0"],
        code: 2,
        err: &["from 3 up"],
        ..case()
    }
    .check(&gateway);
}

/// Typed into a terminal that `script` makes.
#[test]
fn the_prompt_does_not_echo() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ticket"), gateway.ticket("Files", &[])).unwrap();
    let arguments = filled(FILE_SERVER, &gateway, folder.path()).replace('\\', "\\\\");
    let program = env!("CARGO_BIN_EXE_credset");
    let mut script = Command::new("script");
    script
        .args([
            "-q",
            "-e",
            "-E",
            "never",
            "-c",
            &format!("{program} {arguments}"),
            "/dev/null",
        ])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", folder.path());
    let output = run(&mut script, format!("{SECRET}\n").as_bytes());
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("Password: "), "{shown}");
    assert!(output.status.success(), "{shown}");
    assert_silent(&output, "the prompt");
    assert!(gateway.reveal("Files", "password") == SECRET.as_bytes());
}

/// A run that sets a file server's credential, with a ticket in `folder` and no terminal.
fn without_terminal(gateway: &ScratchGateway, folder: &Path) -> Command {
    fs::write(folder.join("ticket"), gateway.ticket("Files", &[])).unwrap();
    let arguments = filled(FILE_SERVER, gateway, folder);
    let mut alone = Command::new("setsid");
    alone
        .arg("--wait")
        .arg(env!("CARGO_BIN_EXE_credset"))
        .args(arguments.split_whitespace());
    alone
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let mut alone = without_terminal(&gateway, folder.path());
    alone.env("HOME", folder.path());
    let output = run(&mut alone, b"");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains("no terminal to ask at"), "{complaint}");
}

#[test]
fn a_secret_in_the_arguments_is_refused_and_not_repeated() {
    let gateway = ScratchGateway::new();
    Case {
        name: "a ticket in the arguments",
        arguments: "set --kind Http",
        more: &["--ticket", SECRET],
        code: 2,
        err: &["can be read by every process of this machine"],
        ..Case::default()
    }
    .check(&gateway);
    let assigned = format!("password={SECRET}");
    for more in [&["--password", SECRET][..], &["-p", &assigned]] {
        Case {
            name: "in the arguments",
            more,
            code: 2,
            err: &["can be read by every process of this machine"],
            ..case()
        }
        .check(&gateway);
    }
}

#[test]
fn two_sources_are_refused() {
    let gateway = ScratchGateway::new();
    for (more, said) in [
        (
            &["--password-stdin", "--password-file", "x"][..],
            "cannot be used with",
        ),
        (
            &["--password-stdin", "--connection-string-stdin"],
            "two things are to be read from standard input",
        ),
        (
            &["--password-stdin", "--secret-file", "password={dir}/ticket"],
            "password is given twice",
        ),
        (
            &["--password-stdin", "--keep", "password"],
            "given and kept or cleared",
        ),
    ] {
        Case {
            name: "two sources",
            more,
            stdin: SECRET.as_bytes(),
            code: 2,
            err: &[said],
            ..case()
        }
        .check(&gateway);
    }
}

/// To the byte, whatever it is.
#[test]
fn hostile_values_arrive_as_they_are() {
    let gateway = ScratchGateway::new();
    let long = "ü".repeat(2048);
    for (name, secret) in [
        ("quotes", "a\"b'c`d"),
        ("JSON", "\",\"x\":{\"replace\":\"y\"}"),
        (
            "a shell's",
            "$(reboot); `id` && ${HOME} | cat > /etc/passwd",
        ),
        ("a format's", "%s%n%x{0}{}"),
        ("line ends inside", "one\ntwo\r\nthree"),
        ("NUL inside", "a\0b"),
        ("escapes", "\u{1b}[31mred\u{1b}[0m\u{7}"),
        ("spaces around", "  inside  "),
        ("right to left", "\u{202e}drowssap\u{200b}"),
        ("an option", "--password"),
        ("the longest", long.as_str()),
        ("a mark at the beginning", "\u{feff}secret"),
        ("one character", "x"),
    ] {
        Case {
            name,
            more: &["--password-stdin"],
            stdin: secret.as_bytes(),
            ..case()
        }
        .check(&gateway);
        let stored = gateway.reveal("Files", "password");
        assert!(stored == secret.as_bytes(), "{name}: not what was given");
    }
    for (name, secret, more) in [
        (
            "a line end",
            "secret\n",
            &["--password-stdin", "--verbatim"][..],
        ),
        ("two line ends", "secret\n\n", &["--password-stdin"]),
    ] {
        Case {
            name,
            more,
            stdin: secret.as_bytes(),
            ..case()
        }
        .check(&gateway);
        assert!(gateway.reveal("Files", "password") == b"secret\n", "{name}");
    }
    for (name, secret) in [("nothing", &b""[..]), ("a line end alone", b"\n")] {
        Case {
            name,
            more: &["--password-stdin"],
            stdin: secret,
            code: 2,
            err: &["password is empty"],
            ..case()
        }
        .check(&gateway);
    }
    Case {
        name: "not text",
        more: &["--password-stdin"],
        stdin: b"\xff\xfe",
        code: 2,
        err: &["password is not UTF-8 text"],
        ..case()
    }
    .check(&gateway);
}

#[test]
fn a_connection_string_is_split_as_in_the_page() {
    let gateway = ScratchGateway::new();
    for (name, ls, text, kind, secret) in [
        (
            "ADO.NET",
            "Sql",
            "Server=tcp:sql01,1433;Database=Sales;User ID=etl;Password=\"s3;cret\"".to_owned(),
            "OnPremisesSqlServer",
            "s3;cret",
        ),
        (
            "a URL",
            "Pg",
            "postgres://etl:s3%3Bcret@pg01/sales".to_owned(),
            "OnPremisesPostgreSql",
            "s3;cret",
        ),
        (
            "JDBC",
            "My",
            "jdbc:mysql://my01:3306/sales?user=etl&password=s3cret".to_owned(),
            "OnPremisesMySql",
            "s3cret",
        ),
    ] {
        let case = Case {
            name,
            arguments: "set --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca} --connection-string-stdin",
            stdin: text.as_bytes(),
            ticket: Some(ls),
            out: &[kind],
            ..Case::default()
        };
        case.check(&gateway);
        assert!(
            gateway.reveal(ls, "password") == secret.as_bytes(),
            "{name}"
        );
    }
    Case {
        name: "for another kind, in the page's words",
        arguments: "set --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca} --connection-string-stdin --kind OnPremisesOracle",
        stdin: b"mysql://u:p@h/d",
        ticket: Some("My"),
        code: 2,
        err: &["MySQL", "Oracle"],
        ..Case::default()
    }
    .check(&gateway);
    Case {
        name: "a mask is no password",
        arguments: "set --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca} --connection-string-file {dir}/string --password-stdin",
        files: &[("string", b"Server=sql01;Database=Sales;User ID=etl;Password=********")],
        stdin: SECRET.as_bytes(),
        ticket: Some("Masked"),
        err: &["warning: "],
        ..Case::default()
    }
    .check(&gateway);
    assert!(gateway.reveal("Masked", "password") == SECRET.as_bytes());
}

#[test]
fn key_files_are_put_into_their_usual_form() {
    let gateway = ScratchGateway::new();
    let key = rcgen::KeyPair::generate().unwrap();
    let pem = key.serialize_pem().replace('\n', "\r\n");
    let der = key.serialize_der();
    let arguments = "set --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca} --kind Sftp --auth SshPublicKey -p host=sftp.corp -p username=etl -p skipHostKeyValidation=true --secret-file privateKeyContent={dir}/key";
    for (name, content) in [("PEM", pem.as_bytes()), ("DER", &der)] {
        Case {
            name,
            arguments,
            files: &[("key", content)],
            ticket: Some("Sftp"),
            ..Case::default()
        }
        .check(&gateway);
        let stored = gateway.reveal("Sftp", "privateKeyContent");
        assert!(stored == key.serialize_pem().as_bytes(), "{name}");
    }
    Case {
        name: "a public key",
        arguments,
        files: &[("key", key.public_key_pem().as_bytes())],
        ticket: Some("Sftp"),
        code: 2,
        err: &["privateKeyContent: this is a public key"],
        ..Case::default()
    }
    .check(&gateway);
}

#[test]
fn what_the_environment_says_is_no_secret() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let mut alone = without_terminal(&gateway, folder.path());
    for name in ["PASSWORD", "CREDSET_PASSWORD", "CREDSET_TICKET"] {
        alone.env(name, SECRET);
    }
    let output = run(&mut alone, b"");
    assert_eq!(output.status.code(), Some(2));
    assert_silent(&output, "the environment");
}
