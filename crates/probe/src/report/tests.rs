use std::collections::HashSet;

use envelope::Secret;
use language::{LOCALES, Translation};

use super::*;

#[test]
fn codes_differ_and_everything_is_said_in_every_language() {
    let codes: HashSet<&str> = Cause::ALL.iter().map(|cause| cause.code()).collect();
    assert_eq!(codes.len(), Cause::ALL.len());
    for locale in &LOCALES {
        let words = Translation::into_language(locale.tag);
        assert_eq!(words.tag(), locale.tag);
        for cause in Cause::ALL {
            for said in [cause.sentence(), cause.advice()].map(|message| words.text(message)) {
                let (tag, code) = (locale.tag, cause.code());
                assert!(said.ends_with(['.', '。']), "{tag}: {code}: {said}");
            }
        }
    }
}

/// A text that is left behind by a cause that is gone, or that was put into another file.
#[test]
fn every_text_about_a_cause_is_one_s() {
    for locale in &LOCALES {
        let lines = locale.files.iter().flat_map(|file| file.lines());
        let ids = lines.filter_map(|line| line.strip_prefix("cause-")?.split_once(" = "));
        let told: Vec<&str> = ids.map(|(code, _)| code).collect();
        let codes: Vec<&str> = Cause::ALL.iter().map(|cause| cause.code()).collect();
        assert_eq!(told, codes, "{}", locale.tag);
    }
    let english = LOCALES[0].files.last().unwrap();
    assert_eq!(english.matches("\ncause-").count(), Cause::ALL.len());
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
    assert_eq!(
        line,
        r#"{"v":1,"stage":"authenticate","result":"failed","ms":12,"cause":"wrong_password","field":"password","code":"28P01"}"#
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
fn callers_are_told_it_in_their_language() {
    let stage = Line::Stage(failed());
    for (tag, sentence, advice) in [
        ("en", "does not accept", "Check both."),
        ("de", "nimmt diesen Benutzernamen", "Prüfen Sie beides."),
        ("ja", "受け付けません", "両方を確認してください。"),
        ("ar", "لا يقبل", "تحقق من كليهما."),
        ("zh", "不接受", "请检查这两项。"),
        ("tlh", "does not accept", "Check both."),
    ] {
        let words = Translation::into_language(tag);
        let told = serde_json::to_value(stage.told(|message| words.text(message))).unwrap();
        let said = |member: &str| told[member].as_str().unwrap().to_owned();
        assert!(said("sentence").contains(sentence), "{told}");
        assert!(said("advice").starts_with(advice), "{told}");
        assert_eq!(said("code"), "28P01");
    }
    let ending = Ending {
        outcome: Outcome::Passed,
        ms: 3,
        cause: None,
    };
    let told = serde_json::to_string(&Line::Ending(ending).told(Message::text)).unwrap();
    assert_eq!(told, r#"{"v":1,"outcome":"passed","ms":3}"#);
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
