//! `audit verify` as an administrator and an auditor call it, while a gateway writes and after it has stopped.

use std::fs;
use std::os::unix::net::UnixDatagram;

use super::*;

fn verify(installed: &Installed, arguments: &[&str]) -> Output {
    output(
        &installed.folder(),
        &[&["audit", "verify"], arguments].concat(),
    )
}

fn report(installed: &Installed) -> Value {
    let output = verify(installed, &["--json"]);
    let report = json(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{report:#}");
    report
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_is_verified_here_while_it_grows_and_elsewhere_without_the_folder() {
    let installed = Arc::new(Installed::new());
    let mut serving = installed.serve();
    let keys = installed.connect(serving.port).await.keys().await;
    let burst = installed.burst(serving.port, &keys);
    let mut lines = 0;
    for acknowledged in [5, 15, 25] {
        burst.wait_for_acknowledged(acknowledged).await;
        let report = report(&installed);
        assert!(report["lines"].as_u64().unwrap() > lines, "it grows");
        lines = report["lines"].as_u64().unwrap();
    }
    kill_process(serving.pid(), Signal::TERM).unwrap();
    assert!(serving.end().await.success());
    let whole = report(&installed);
    assert_eq!(
        whole["signed_through"], whole["last"],
        "everything is signed at the stop"
    );
    assert_eq!(whole["gateway"], "gw-process");
    let said = String::from_utf8(verify(&installed, &[]).stdout).unwrap();
    assert!(said.starts_with("whole: "), "{said}");

    // Another machine has the file, and what `fingerprint` printed.
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("audit.jsonl");
    fs::copy(installed.folder().join("audit.jsonl"), &copy).unwrap();
    let fingerprint = json(&installed.run(&["fingerprint", "--json"]));
    let x = fingerprint["identity_key"].as_str().unwrap();
    let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
    let kid = fingerprint["identity"].as_str().unwrap();
    let there = |key: &str, checkpoint: &str| {
        let arguments = [
            "audit",
            "verify",
            copy.to_str().unwrap(),
            "--identity-key",
            key,
            "--checkpoint",
            checkpoint,
        ];
        command(Path::new(""), &arguments)
            .env_remove("CREDENTIAL_GATEWAY_DATA")
            .output()
            .unwrap()
    };
    let kept = whole["last_checkpoint"].as_str().unwrap();
    for key in [kid, &jwk] {
        let output = there(key, kept);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    let wrong = there(&jwk.replace("Ed25519", "Ed448"), kept);
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");

    let of_another = there("-UfyTzYVoTjSjTqYyvhXTrcbN4hW6nNJ-_Vf5RGKYP0", kept);
    assert_eq!(of_another.status.code(), Some(11), "{of_another:?}");

    // Cut to its first half there: only whoever kept a checkpoint knows.
    let text = fs::read_to_string(&copy).unwrap();
    let half: String = text.split_inclusive('\n').take(10).collect();
    fs::write(&copy, half).unwrap();
    let cut = there(kid, kept);
    assert_eq!(cut.status.code(), Some(11), "{cut:?}");
    let said = String::from_utf8(cut.stdout).unwrap();
    assert!(
        said.contains("audit.jsonl:10 (seq 10): the trail's end is missing"),
        "{said}"
    );
    fs::remove_file(&copy).unwrap();
    let gone = there(kid, kept);
    assert_eq!(gone.status.code(), Some(1), "{gone:?}");
    assert!(gone.stdout.is_empty());

    // And changed here.
    let audit = installed.folder().join("audit.jsonl");
    fs::write(&audit, text.replacen("author", "nobody", 1)).unwrap();
    let before = fs::read(&audit).unwrap();
    let changed = verify(&installed, &[]);
    assert_eq!(changed.status.code(), Some(11), "{changed:?}");
    assert!(String::from_utf8_lossy(&changed.stderr).contains("not as it was written"));
    assert_eq!(fs::read(&audit).unwrap(), before, "nothing is repaired");

    // Somebody has looked into it. Nobody is there to be asked.
    let asked = output(&installed.folder(), &["audit", "accept"]);
    assert_eq!(asked.status.code(), Some(6), "{asked:?}");
    assert_eq!(verify(&installed, &[]).status.code(), Some(11));
    let accepted = json(&installed.run(&["audit", "accept", "--yes", "--json"]));
    assert_eq!(accepted["whole"], true);
    let known = report(&installed);
    assert_eq!(known["accepted"].as_array().unwrap().len(), 1);
    let said = String::from_utf8(verify(&installed, &[]).stdout).unwrap();
    assert!(said.starts_with("note: accepted before: "), "{said}");
    // That is not all that may happen.
    let text = fs::read_to_string(&audit).unwrap();
    fs::write(&audit, text.replacen("nobody", "somebody", 1)).unwrap();
    assert_eq!(verify(&installed, &[]).status.code(), Some(11));
}

#[tokio::test]
async fn lines_are_sent_where_the_configuration_says() {
    let installed = Installed::new();
    let configuration = installed.folder().join("gateway.toml");
    let mut text = fs::read_to_string(&configuration).unwrap();
    text = text.replace(
        "\n[audit]\n",
        "\n[audit]\nalso = [\"stdout\", \"syslog\"]\nsyslog_socket = \"log\"\n",
    );
    fs::write(&configuration, text).unwrap();
    let socket = UnixDatagram::bind(installed.folder().join("log")).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let received = || {
        let mut datagram = [0; 65536];
        let length = socket.recv(&mut datagram).unwrap();
        String::from_utf8(datagram[..length].to_vec()).unwrap()
    };
    // A command's standard output is its own.
    let rotated = String::from_utf8(installed.run(&["key", "rotate"])).unwrap();
    assert!(rotated.starts_with("active"), "{rotated}");
    assert!(received().contains("\"event\":\"key_rotated\""));

    let mut serving = Serving {
        process: command(&installed.folder(), &["serve"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
        port: 0,
    };
    let mut said = BufReader::new(serving.process.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().contains("\"event\":\"started\"")));
    kill_process(serving.pid(), Signal::TERM).unwrap();
    assert!(serving.end().await.success());
    let rest: Vec<String> = said.map(Result::unwrap).collect();
    for event in ["stopped", "checkpoint"] {
        let told = format!("\"event\":\"{event}\"");
        assert!(rest.iter().any(|line| line.contains(&told)), "{rest:?}");
    }
    let audit = fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    for line in audit
        .lines()
        .skip_while(|line| !line.contains("\"started\""))
    {
        assert!(received().ends_with(line));
    }
}
