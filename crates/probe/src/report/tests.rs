use std::collections::HashSet;

use envelope::Secret;

use super::*;

#[test]
fn codes_differ_and_everything_is_said() {
    let codes: HashSet<&str> = Cause::ALL.iter().map(|cause| cause.code()).collect();
    assert_eq!(codes.len(), Cause::ALL.len());
    for cause in Cause::ALL {
        assert!(cause.sentence().ends_with('.') && cause.advice().ends_with('.'));
    }
}

fn failed() -> StageReport {
    StageReport {
        stage: Stage::Authenticate,
        result: Outcome::Failed,
        ms: 12,
        cause: Some(Cause::WrongPassword),
        code: Some("28P01".to_owned().into()),
        said: None,
        certificate: None,
    }
}

#[test]
fn a_stage_is_one_line() {
    let line = serde_json::to_string(&Line::Stage(failed())).unwrap();
    assert!(line.starts_with(r#"{"v":1,"stage":"authenticate","result":"failed","ms":12,"cause":"wrong_password","sentence":"#), "{line}");
    assert!(
        line.ends_with(r#""field":"password","code":"28P01"}"#),
        "{line}"
    );
    assert_eq!(
        serde_json::from_str::<Line>(&line).unwrap(),
        Line::Stage(failed())
    );
    let ending = Ending {
        outcome: Outcome::Passed,
        ms: 3,
        cause: None,
    };
    let line = serde_json::to_string(&Line::Ending(ending)).unwrap();
    assert_eq!(line, r#"{"v":1,"outcome":"passed","ms":3}"#);
    assert_eq!(
        serde_json::from_str::<Line>(&line).unwrap(),
        Line::Ending(ending)
    );
}

#[test]
fn what_a_child_says_beyond_causes_is_not_taken() {
    let long = "x".repeat(5000);
    let line = format!(
        r#"{{"v":1,"stage":"tls","result":"failed","ms":1,"cause":"tls_failed","sentence":"send money","said":"a\u001b[31m\u202e{long}"}}"#
    );
    let Line::Stage(report) = serde_json::from_str(&line).unwrap() else {
        panic!("a stage");
    };
    let said = report.said.clone().unwrap();
    assert!(said.as_str().starts_with("a[31mx"), "{said:?}");
    assert_eq!(said.as_str().chars().count(), MAX_CHARS);
    let again = serde_json::to_string(&Line::Stage(report)).unwrap();
    assert!(!again.contains("money"));
    for wrong in [
        r#"{"v":2,"outcome":"passed","ms":3}"#,
        r#"{"v":1,"stage":"tls","result":"failed","ms":1,"cause":"send_money"}"#,
        r#"{"v":1,"stage":"dance","result":"passed","ms":1}"#,
        r#"{"v":1}"#,
    ] {
        assert!(serde_json::from_str::<Line>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn no_secret_of_the_request_is_repeated() {
    let secrets = [
        Secret::new("hunter2".to_owned()),
        Secret::new("hunter2-and-more".to_owned()),
        Secret::new("-----BEGIN\nc2VjcmV0bGluZQ==\n-----END".to_owned()),
        Secret::new(String::new()),
    ];
    let scrubber = Scrubber::new(secrets.iter());
    let texts = [
        "password hunter2 is wrong",
        "hunter2-and-more",
        "hun\u{0}ter2 and hun\u{200b}t\u{1b}er2",
        "xhunter2hunter2-and-morex",
        "line c2VjcmV0bGluZQ== of it",
        "Basic YW5uOmh1bnRlcjItYW5kLW1vcmU=",
        "hunter2%2Dand%2dmore",
        "68756e74657232 hun&#116;er2",
    ];
    for text in texts {
        let said = scrubber.scrub(text);
        for part in [
            "hunter2",
            "and-more",
            "c2VjcmV0bGluZQ",
            "odW50ZX",
            "and%2dmore",
            "6874657232",
            "hun&",
        ] {
            assert!(!said.as_str().contains(part), "a text of {}", text.len());
        }
        assert!(said.as_str().contains("•••"));
    }
    // The end of a clipped text may not be the beginning of a secret that was cut.
    let edge = format!("{}hunter2", "y".repeat(MAX_CHARS - 4));
    assert!(!scrubber.scrub(&edge).as_str().contains("hunt"));
    assert_eq!(scrubber.scrub("nothing").as_str(), "nothing");
}
