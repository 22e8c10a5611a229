//! Schemathesis asks a running gateway whatever its OpenAPI document allows, and what it does not: other types, methods, media types,
//! names and lengths, no ticket or two. `cargo xtask test` installs it.

use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis");

/// Cases that are made up for each call, beside those that each parameter's bounds give.
const CASES: &str = "10";

/// In seconds; it is given up then. A run takes ten on a machine that has nothing else to do.
const LIMIT: &str = "60";

fn program() -> PathBuf {
    match std::env::var_os("SCHEMATHESIS") {
        Some(program) => program.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/schemathesis/bin/st"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_is_answered_as_the_document_says() {
    let installed = Installed::new();
    let page = installed.outer.path().join("page");
    std::fs::create_dir(&page).unwrap();
    std::fs::write(page.join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(page.join("frame.html"), "<!doctype html>").unwrap();
    let configuration = installed.folder().join("gateway.toml");
    let written = std::fs::read_to_string(&configuration).unwrap();
    std::fs::write(&configuration, format!("page = {page:?}\n{written}")).unwrap();
    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    let claims = installed.claims("orders");
    let stored = client
        .set(
            &installed.ticket(&claims),
            &claims,
            seal(&keys, &claims, "one"),
        )
        .await;
    assert_eq!(stored.unwrap().0, 201);

    let tickets = |op: Operation| {
        let claims = (0..20).map(|_| TicketClaims {
            op,
            ..installed.claims("orders")
        });
        let tickets: Vec<_> = claims.map(|claims| installed.ticket(&claims)).collect();
        tickets.join(" ")
    };
    let asked = Command::new("timeout")
        .arg(LIMIT)
        .arg(program())
        .args(["--config-file", &format!("{FOLDER}/schemathesis.toml")])
        .args([
            "run",
            &format!("https://localhost:{}/openapi.json", serving.port),
        ])
        .arg("--tls-verify")
        .arg(installed.folder().join("tls/ca.pem"))
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--seed", "1", "--max-examples", CASES, "--no-shrink"])
        // A text of five segments need not be an envelope.
        .args(["--exclude-checks", "positive_data_acceptance"])
        .args(["--warnings", "off", "--no-color", "--continue-on-failure"])
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", FOLDER)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("NO_PROXY", "localhost")
        .env("TICKETS_TO_SET", tickets(Operation::Set))
        .env("TICKETS_TO_DELETE", tickets(Operation::Delete))
        // It leaves what it found where it runs.
        .current_dir(installed.outer.path())
        .output()
        .expect("`timeout` is a program of this system");
    let said = String::from_utf8_lossy(&asked.stdout);
    let complaint = String::from_utf8_lossy(&asked.stderr);
    assert!(
        asked.status.success(),
        "{}: {said}{complaint}",
        asked.status
    );

    // What a run that asked nothing would not show either.
    let log = std::fs::read_to_string(installed.outer.path().join("log")).unwrap();
    let answers: Vec<(u64, String)> = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|line| Some((line["status"].as_u64()?, line["route"].as_str()?.to_owned())))
        .collect();
    assert!(answers.len() > 150, "{} answers", answers.len());
    for status in [200, 204, 400, 401, 403, 404, 405, 415] {
        let is_there = answers.iter().any(|(answered, _)| *answered == status);
        assert!(is_there, "nothing was answered {status}");
    }
    let faulty: Vec<_> = answers
        .iter()
        .filter(|(status, _)| *status >= 500)
        .collect();
    assert!(faulty.is_empty(), "{faulty:?}");
    assert!(!log.contains("panicked"), "there was a panic: {log}");
}
