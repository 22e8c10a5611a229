use super::super::tests::{after, page, typed};
use super::super::{Action, Fault, Form, Work};
use super::*;
use crate::trouble::Trouble;

pub(crate) fn line(stage: &str, outcome: Outcome) -> Line {
    Line {
        stage: stage.to_owned(),
        outcome,
        ms: 1,
        cause: None,
        code: String::new(),
        said: String::new(),
        certificate: None,
    }
}

fn passed(stage: &str) -> Action {
    Action::Tried(line(stage, Outcome::Passed))
}

/// The end of a test that failed because of this field.
fn failed_for(field: Option<&str>) -> Action {
    Action::Tried(Line {
        cause: Some(Cause {
            code: "why".to_owned(),
            sentence: "It is so.".to_owned(),
            advice: String::new(),
            field: field.map(str::to_owned),
        }),
        ..line("", Outcome::Failed)
    })
}

fn tried(kind: &str, actions: impl IntoIterator<Item = Action>) -> Form {
    after(
        page(Some(kind)),
        [Action::TrialBegun].into_iter().chain(actions),
    )
}

#[test]
fn stages_are_there_as_they_come_and_the_last_line_ends_it() {
    let form = tried(
        "OnPremisesPostgreSql",
        [passed("policy"), passed("resolve")],
    );
    let trial = form.trial.unwrap();
    assert_eq!(form.work, Work::Testing);
    assert_eq!((trial.lines.len(), trial.ending()), (2, None));
    let form = tried("OnPremisesPostgreSql", [passed("policy"), passed("")]);
    let trial = form.trial.unwrap();
    assert_eq!(form.work, Work::Idle);
    assert_eq!(trial.ending().unwrap().outcome, Outcome::Passed);
}

#[test]
fn a_field_is_found_by_what_it_is_for() {
    for (kind, about, field) in [
        ("OnPremisesPostgreSql", "host", Some("server")),
        ("OnPremisesPostgreSql", "port", Some("server")),
        ("OnPremisesPostgreSql", "database", Some("database")),
        ("OnPremisesPostgreSql", "username", Some("username")),
        ("OnPremisesPostgreSql", "password", Some("password")),
        ("AmazonRedshift", "port", Some("port")),
        ("OnPremisesMySql", "username", Some("userName")),
        ("OnPremisesSqlServer", "host", Some("Data Source")),
        ("OnPremisesSqlServer", "database", Some("Initial Catalog")),
        ("Http", "host", Some("url")),
        ("Http", "database", None),
        ("Sftp", "port", Some("port")),
        ("Sftp", "something newer", None),
    ] {
        let form = tried(kind, [failed_for(Some(about))]);
        let blamed = form.blamed().map(|(field, _)| field.name);
        assert_eq!(blamed, field, "{kind}: {about}");
    }
    let form = tried("Sftp", [failed_for(None)]);
    assert!(form.blamed().is_none());
}

#[test]
fn an_edit_makes_the_result_one_of_an_earlier_state() {
    let form = tried("Sftp", [failed_for(Some("host")), typed("host", "other")]);
    assert!(form.blamed().is_none());
    assert!(form.trial.unwrap().outdated);
    let again = [
        failed_for(Some("host")),
        typed("host", "other"),
        Action::TrialBegun,
    ];
    assert!(!tried("Sftp", again).trial.unwrap().outdated);
}

#[test]
fn half_of_a_test_is_not_kept_and_a_whole_one_is() {
    let broken = || Action::SaveFailed(Trouble::Interrupted);
    let form = tried("Sftp", [passed("policy"), broken()]);
    assert!(form.trial.is_none());
    assert_eq!(form.work, Work::Idle);
    let fault = || {
        Action::FieldsRefused(vec![Fault {
            field: "host".to_owned(),
            words: "Wrong".to_owned(),
        }])
    };
    assert!(tried("Sftp", [fault()]).trial.is_none());
    for end in [broken(), fault(), Action::Sent] {
        let form = tried("Sftp", [failed_for(Some("host")), end]);
        assert!(form.trial.is_some());
    }
}
