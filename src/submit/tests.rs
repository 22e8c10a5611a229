use super::*;
use crate::capture::Known;
use crate::state::Action;
use crate::state::tests::{after, page, sftp, typed};

/// The states that go to the checks, or the fields with a fault. Nothing is in any field.
fn outcome(actions: impl IntoIterator<Item = Action>) -> Result<String, Vec<String>> {
    let form = after(page(None), actions);
    match describe(&form, &SecretFields::default()) {
        Ok(described) => Ok(format!("{:?}", described.secrets)),
        Err(Stop::Fields(faults)) => Err(faults.into_iter().map(|fault| fault.field).collect()),
        Err(Stop::Trouble(trouble)) => panic!("{trouble:?}"),
    }
}

fn chosen(name: &'static str, step: Step) -> Action {
    Action::StepChosen(name, step)
}

fn faults(names: &[&str]) -> Result<String, Vec<String>> {
    Err(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn what_is_not_touched_is_kept() {
    assert_eq!(
        outcome([sftp()]),
        Ok("[(\"privateKeyContent\", Kept), (\"passPhrase\", Kept)]".to_owned())
    );
}

#[test]
fn what_is_cleared_is_told_to_be() {
    assert_eq!(
        outcome([sftp(), chosen("passPhrase", Step::Clear)]),
        Ok("[(\"privateKeyContent\", Kept), (\"passPhrase\", Cleared)]".to_owned())
    );
    assert_eq!(
        outcome([sftp(), chosen("privateKeyContent", Step::Clear)]),
        faults(&["privateKeyContent"]),
        "a required one"
    );
}

#[test]
fn a_stored_secret_does_not_go_because_nothing_was_typed() {
    for name in ["privateKeyContent", "passPhrase"] {
        assert_eq!(
            outcome([sftp(), chosen(name, Step::Replace)]),
            faults(&[name])
        );
    }
    let moved = || [sftp(), typed("host", "sftp02")];
    assert_eq!(
        outcome(moved()),
        faults(&["privateKeyContent", "passPhrase"])
    );
    let cleared = moved()
        .into_iter()
        .chain([chosen("passPhrase", Step::Clear)]);
    assert_eq!(outcome(cleared), faults(&["privateKeyContent"]));
    let required = Action::SecretsRequired(vec!["passPhrase".to_owned()]);
    assert_eq!(outcome([sftp(), required]), faults(&["passPhrase"]));
}

#[test]
fn without_anything_stored_an_optional_secret_may_stay_empty() {
    let new = [
        Action::KindChosen("Sftp".to_owned()),
        Action::AuthChosen("SshPublicKey".to_owned()),
        typed("host", "sftp01"),
        typed("skipHostKeyValidation", "true"),
        typed("username", "etl"),
    ];
    assert_eq!(outcome(new), faults(&["privateKeyContent"]));
}

#[test]
fn a_passphrase_goes_with_the_key_that_it_opened() {
    let replaced = || [sftp(), chosen("privateKeyContent", Step::Replace)];
    for (step, known, expected) in [
        (Step::Keep, Known::Open, "Cleared"),
        (Step::Replace, Known::Open, "Cleared"),
        (Step::Keep, Known::Sealed, "Kept"),
        (Step::Keep, Known::Unread, "Kept"),
        (Step::Clear, Known::Sealed, "Cleared"),
    ] {
        let form = after(
            page(None),
            replaced().into_iter().chain([chosen("passPhrase", step)]),
        );
        let fields = SecretFields::default();
        let key = form
            .fields()
            .find(|field| field.name == "privateKeyContent");
        let slot = fields.attach(key.unwrap(), yew::Callback::noop());
        slot.fill(&envelope::Secret::new("key".to_owned())).unwrap();
        slot.learn(known, String::new());
        let described = describe(&form, &fields).unwrap();
        assert_eq!(
            format!("{:?}", described.secrets),
            format!("[(\"privateKeyContent\", Replaced), (\"passPhrase\", {expected})]"),
            "{step:?} {known:?}"
        );
    }
}
