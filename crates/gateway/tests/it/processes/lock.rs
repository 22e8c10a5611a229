//! Whether a gateway runs on the folder, whatever becomes of its files meanwhile.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_whose_configuration_was_saved_by_an_editor_still_runs() {
    let installed = Installed::new();
    let mut serving = installed.serve();
    let folder = installed.folder();
    let (toml, saved) = (folder.join("gateway.toml"), folder.join("gateway.toml~"));
    std::fs::copy(&toml, &saved).unwrap();
    std::fs::rename(&saved, &toml).unwrap();

    for refused in [
        &["serve"][..],
        &["key", "rewrap", "--kek", "file"],
        // Only whoever is alone renews by itself, and says so.
        &["key", "rotate", "--store"],
    ] {
        let process = command(&folder, refused)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut other = Serving { process, port: 0 };
        let status = other.end().await;
        let mut said = String::new();
        let (out, err) = (&mut other.process.stdout, &mut other.process.stderr);
        std::io::Read::read_to_string(&mut out.take().unwrap(), &mut said).unwrap();
        std::io::Read::read_to_string(&mut err.take().unwrap(), &mut said).unwrap();
        match refused[1..] {
            [.., "--store"] => assert!(said.contains("the running gateway"), "{said}"),
            _ => assert_eq!(status.code(), Some(10), "{refused:?}: {said}"),
        }
    }
    let examined = json(&output(&folder, &["doctor", "--json"]).stdout);
    let checks = examined["checks"].as_array().unwrap();
    let gateway = checks.iter().find(|check| check["name"] == "gateway");
    let found = gateway.unwrap()["found"].as_str().unwrap();
    assert!(found.starts_with("it runs"), "{found}");

    // Nor is it stopped by having no configuration.
    std::fs::rename(&toml, &saved).unwrap();
    let into = ["restore", "no.backup", "--into", folder.to_str().unwrap()];
    for refused in [&["init"][..], &into] {
        let output = output(&folder, refused);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(10), "{refused:?}: {said}");
    }
    std::fs::rename(&saved, &toml).unwrap();

    // The trail has what it was started with.
    let audit = std::fs::read_to_string(folder.join("audit.jsonl")).unwrap();
    let started = audit.lines().find(|line| line.contains("\"started\""));
    let started = json(started.unwrap().as_bytes());
    let sum = |script: &str| {
        let mut sh = Command::new("sh");
        let done = sh
            .args(["-c", script])
            .current_dir(&folder)
            .output()
            .unwrap();
        String::from_utf8(done.stdout).unwrap()[..64].to_owned()
    };
    assert_eq!(started["configuration"], sum("sha256sum gateway.toml"));
    let list = "cd issuers && LC_ALL=C sha256sum *.toml | sha256sum";
    assert_eq!(started["issuers"], sum(list));
    let shown = json(&installed.run(&["fingerprint", "--json"]));
    assert_eq!(started["certificate"], shown["certificate_sha256"]);

    let lock = std::fs::metadata(folder.join("serve.lock")).unwrap();
    assert_eq!((lock.permissions().mode() & 0o7777, lock.len()), (0o600, 0));
    kill_process(serving.pid(), Signal::KILL).unwrap();
    serving.end().await;
    installed.serve();
}
