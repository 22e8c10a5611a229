use super::super::tests::{after, page, sftp, typed};
use super::super::{Action, Fault, Page};
use super::*;

fn pasted(kind: &str, auth: &str, properties: &[(&'static str, &str)]) -> Pasted {
    let kind = linked_service::kind(kind).unwrap();
    Pasted {
        form: linked_service::connection_string::Form::Uri.name(),
        kind,
        auth: kind.auth_type(auth).unwrap(),
        properties: properties
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        secrets: Vec::new(),
        ignored: Vec::new(),
        warnings: Vec::new(),
    }
}

fn open(kind: Option<&str>) -> Page {
    page(kind)
}

#[test]
fn what_is_pasted_takes_the_place_of_what_was_typed_and_the_rest_stays() {
    let text = pasted(
        "OnPremisesPostgreSql",
        "Basic",
        &[("server", "pg01"), ("username", "etl")],
    );
    let form = after(
        open(None),
        [
            Action::KindChosen("OnPremisesMySql".to_owned()),
            typed("server", "mysql01"),
            typed("schema", "public"),
            Action::FieldsRefused(vec![Fault {
                field: "server".to_owned(),
                words: "?".to_owned(),
            }]),
            Action::Pasted(text.clone()),
        ],
    );
    assert_eq!(form.kind.unwrap().id, "OnPremisesPostgreSql");
    assert_eq!(form.auth.unwrap().id, "Basic");
    assert_eq!(form.value("server"), "pg01");
    assert_eq!(form.value("username"), "etl");
    assert_eq!(form.value("schema"), "public");
    assert!(form.faults.is_empty());
    assert_eq!(form.paste, Paste::Taken(Rc::new(text)));
}

#[test]
fn a_pasted_secret_takes_the_place_of_a_stored_one_and_no_other_does() {
    let mut text = pasted("Sftp", "SshPublicKey", &[]);
    text.secrets = vec!["passPhrase"];
    let form = after(open(None), [sftp(), Action::Pasted(text)]);
    assert_eq!(form.step("passPhrase"), Step::Replace);
    assert_eq!(form.step("privateKeyContent"), Step::Keep);
}

#[test]
fn what_is_refused_changes_nothing_but_the_words() {
    let before = after(open(Some("Sftp")), [typed("host", "sftp01")]);
    let form = after(
        open(Some("Sftp")),
        [
            typed("host", "sftp01"),
            Action::PasteRefused("No.".to_owned()),
        ],
    );
    assert_eq!(form.paste, Paste::Refused("No.".to_owned()));
    assert_eq!(form.properties, before.properties);
    assert_eq!((form.kind, form.auth), (before.kind, before.auth));
}

#[test]
fn a_pasted_text_is_an_edit_and_a_refused_one_is_not() {
    assert!(Action::Pasted(pasted("Http", "Basic", &[])).is_edit());
    assert!(!Action::PasteRefused(String::new()).is_edit());
}
