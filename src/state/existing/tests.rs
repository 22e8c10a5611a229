use super::super::tests::{after, claims, page, typed};
use super::super::{Action, Fault, Page, Stage};
use super::*;
use crate::trouble::Trouble;

const SQL: &[(&str, &str)] = &[
    ("Data Source", "sql01.corp.example"),
    ("Initial Catalog", "Sales"),
    ("User ID", "etl_reader"),
    ("Encrypt", "false"),
    ("TrustServerCertificate", "false"),
];

fn stored_as(kind: &str, auth: &str, properties: &[(&str, &str)]) -> Action {
    let kind = linked_service::kind(kind).unwrap();
    let auth = kind.auth_type(auth).unwrap();
    let value = |name: &str| {
        let given = properties.iter().find(|given| given.0 == name);
        given.map(|given| given.1.to_owned())
    };
    let fields = || auth.fields.iter().chain(kind.unwritten());
    Action::Found(Existing::Stored(Rc::new(Stored {
        kind,
        auth,
        properties: fields()
            .filter_map(|field| Some((field.name, value(field.name)?)))
            .collect(),
        secrets: fields()
            .filter(|field| field.is_secret())
            .map(|field| field.name)
            .collect(),
        version: 3,
        set_by: "ann@example.com".to_owned(),
        set_at: UnixSeconds(1_000),
    })))
}

fn sql() -> Action {
    stored_as("OnPremisesSqlServer", "SQL", SQL)
}

fn windows() -> Action {
    stored_as("OnPremisesSqlServer", "Windows", SQL)
}

pub(crate) fn sftp() -> Action {
    let properties = [
        ("host", "sftp01"),
        ("port", "22"),
        ("skipHostKeyValidation", "true"),
        ("username", "etl"),
    ];
    stored_as("Sftp", "SshPublicKey", &properties)
}

fn labels(form: &Form) -> Vec<&str> {
    form.moved()
        .iter()
        .map(|moved| moved.label.text())
        .collect()
}

fn auth(id: &str) -> Action {
    Action::AuthChosen(id.to_owned())
}

fn kind(id: &str) -> Action {
    Action::KindChosen(id.to_owned())
}

#[test]
fn what_is_stored_fills_the_form() {
    for ticket in [None, Some("OnPremisesSqlServer")] {
        for (found, chosen) in [(sql(), "SQL"), (windows(), "Windows")] {
            let form = after(page(ticket), [found]);
            assert_eq!(form.kind.unwrap().id, "OnPremisesSqlServer");
            assert_eq!(form.auth.unwrap().id, chosen);
            assert_eq!(form.value("Data Source"), "sql01.corp.example");
            assert_eq!(form.value("Encrypt"), "false", "the default won");
            assert_eq!(form.shown_properties()["Initial Catalog"], "Sales");
            assert_eq!(form.step("password"), Step::Keep);
            assert!(form.moved().is_empty());
        }
    }
}

/// What no form asks for stays with the secret that it was stored with, and leads it nowhere else.
#[test]
fn what_no_form_asks_for_is_kept() {
    let sha256 = "0".repeat(64);
    let stored = [
        ("server", "db01"),
        ("encrypt", "false"),
        ("trustedCertificateSha256", &sha256),
    ];
    for kind in ["OnPremisesPostgreSql", "OnPremisesMySql", "AmazonRedshift"] {
        let form = after(page(Some(kind)), [stored_as(kind, "Basic", &stored)]);
        for (name, value) in &stored[1..] {
            let shown = form.shown_properties();
            assert_eq!(shown.get(*name).map(String::as_str), Some(*value), "{kind}");
        }
        assert!(form.moved().is_empty(), "{kind}");
        let form = after(
            page(Some(kind)),
            [stored_as(kind, "Basic", &stored), typed("encrypt", "true")],
        );
        assert_eq!(form.step("password"), Step::TypeAgain, "{kind}");
    }
    // Another kind has nothing of it.
    let form = after(
        page(None),
        [
            stored_as("OnPremisesPostgreSql", "Basic", &stored),
            kind("SapHana"),
        ],
    );
    assert!(!form.shown_properties().contains_key("encrypt"));
}

#[test]
fn nothing_that_was_typed_or_chosen_is_overwritten() {
    let form = after(
        page(Some("OnPremisesSqlServer")),
        [
            typed("Initial Catalog", "Mine"),
            typed("User ID", ""),
            auth("Windows"),
            auth("SQL"),
            Action::SecretChanged("password"),
            windows(),
        ],
    );
    assert_eq!(form.value("Initial Catalog"), "Mine");
    assert_eq!(form.value("User ID"), "");
    assert_eq!(form.value("Data Source"), "sql01.corp.example");
    assert_eq!(form.auth.unwrap().id, "SQL");

    let form = after(
        page(Some("OnPremisesSqlServer")),
        [Action::SecretChanged("password"), sql()],
    );
    assert_eq!(
        form.step("password"),
        Step::Replace,
        "a typed secret is hidden"
    );

    let form = after(page(None), [kind("Sftp"), sql()]);
    assert_eq!(form.kind.unwrap().id, "Sftp");
    assert_eq!(form.step("password"), Step::Type);
}

#[test]
fn a_ticket_for_another_kind_wins_and_nothing_is_kept() {
    let form = after(page(Some("OnPremisesMySql")), [sql()]);
    assert_eq!(form.kind.unwrap().id, "OnPremisesMySql");
    assert_eq!(form.step("password"), Step::Type);
    assert_eq!(form.value("server"), "");
    assert_eq!(labels(&form), ["Kind"]);
    assert!(!form.can_move_back());
    let form = after(page(Some("OnPremisesMySql")), [sql(), Action::MovedBack]);
    assert_eq!(form.kind.unwrap().id, "OnPremisesMySql");
}

#[test]
fn another_kind_or_authentication_type_leaves_nothing_to_keep() {
    let form = after(page(None), [sql(), auth("Windows")]);
    assert_eq!(form.step("password"), Step::Type);
    assert_eq!(labels(&form), ["Authentication"]);
    assert_eq!(form.value("Data Source"), "sql01.corp.example");
    let form = after(page(None), [sql(), auth("Windows"), auth("SQL")]);
    assert_eq!(form.step("password"), Step::Keep);

    let form = after(page(None), [windows(), kind("OnPremisesMySql")]);
    assert_eq!(form.step("password"), Step::Type);
    for back in [kind("OnPremisesSqlServer"), Action::MovedBack] {
        let form = after(page(None), [windows(), kind("OnPremisesMySql"), back]);
        assert_eq!(form.auth.unwrap().id, "Windows");
        assert_eq!(form.value("Data Source"), "sql01.corp.example");
        assert_eq!(form.step("password"), Step::Keep);
    }
}

#[test]
fn another_destination_or_account_needs_the_secret_again_until_it_is_changed_back() {
    for (field, label, value) in [
        ("Data Source", "Server", "evil.example"),
        ("Data Source", "Server", ""),
        ("Initial Catalog", "Database", "sales"),
        ("User ID", "User name", "sa"),
        ("Encrypt", "Encrypt connection (TLS)", "true"),
    ] {
        let changed = [sql(), typed(field, value)];
        let form = after(page(None), changed.clone());
        assert_eq!(form.step("password"), Step::TypeAgain, "{field}");
        assert_eq!(form.moved()[0].field, field);
        assert_eq!(labels(&form), [label]);

        let stored = SQL.iter().find(|stored| stored.0 == field).unwrap().1;
        let back = [typed(field, stored), Action::MovedBack];
        for back in back {
            let form = after(page(None), changed.clone().into_iter().chain([back]));
            assert_eq!(form.step("password"), Step::Keep, "{field}");
            assert_eq!(form.value(field), stored);
            assert!(form.moved().is_empty());
        }
    }
    let same = after(
        page(None),
        [sql(), typed("Data Source", "SQL01.Corp.example")],
    );
    assert_eq!(same.step("password"), Step::Keep, "letter case of a host");
}

#[test]
fn changing_back_leaves_what_only_changes_how() {
    let properties = [("server", "db01"), ("database", "sales"), ("userName", "l")];
    let form = after(
        page(None),
        [
            stored_as("OnPremisesMySql", "Basic", &properties),
            typed("schema", "typed"),
            typed("server", "db02"),
            Action::MovedBack,
        ],
    );
    assert_eq!(
        (form.value("server"), form.value("schema")),
        ("db01", "typed")
    );
    assert_eq!(form.restored, 1);
}

#[test]
fn a_secret_that_is_typed_meanwhile_stays_when_the_destination_is_changed_back() {
    let form = after(
        page(None),
        [
            sql(),
            typed("Data Source", "sql02"),
            Action::SecretChanged("password"),
            Action::MovedBack,
        ],
    );
    assert_eq!(form.step("password"), Step::Replace);
}

#[test]
fn each_step_can_be_taken_and_taken_back() {
    let chosen = |step| Action::StepChosen("passPhrase", step);
    for step in [Step::Replace, Step::Clear, Step::Keep] {
        let form = after(page(None), [sftp(), chosen(Step::Clear), chosen(step)]);
        assert_eq!(form.step("passPhrase"), step);
        assert_eq!(form.step("privateKeyContent"), Step::Keep);
    }
    let moved = [sftp(), chosen(Step::Clear), typed("host", "sftp02")];
    let form = after(page(None), moved.clone());
    assert_eq!(form.step("passPhrase"), Step::Clear, "nothing to send");
    let again = after(page(None), moved.into_iter().chain([chosen(Step::Replace)]));
    assert_eq!(again.step("passPhrase"), Step::TypeAgain);
    let nothing_stored = after(page(Some("Sftp")), [chosen(Step::Keep)]);
    assert_eq!(nothing_stored.step("passPhrase"), Step::Type);
}

#[test]
fn secrets_that_are_one_thing_go_together() {
    for step in [Step::Replace, Step::Clear, Step::Keep] {
        let form = after(
            page(None),
            [
                windows(),
                Action::StepChosen("username", Step::Clear),
                Action::StepChosen("password", step),
            ],
        );
        assert_eq!([form.step("username"), form.step("password")], [step; 2]);
    }
    let form = after(page(None), [windows(), Action::SecretChanged("username")]);
    assert_eq!(form.step("password"), Step::Replace);
    let required = Action::SecretsRequired(vec!["password".to_owned()]);
    let form = after(page(None), [windows(), required]);
    assert_eq!(form.step("username"), Step::TypeAgain);
}

#[test]
fn what_the_gateway_does_not_keep_is_typed_again() {
    let required = Action::SecretsRequired(vec!["passPhrase".to_owned(), "unknown".to_owned()]);
    let form = after(page(None), [sftp(), Action::Sent, required]);
    assert_eq!(form.step("passPhrase"), Step::TypeAgain);
    assert_eq!(form.step("privateKeyContent"), Step::Keep);
    assert_eq!(form.trouble, Some(Trouble::SecretRequired));
    assert_eq!((form.work, form.failures), (Work::Idle, 1));
    assert!(form.moved().is_empty(), "nothing was changed here");
}

#[test]
fn what_cannot_be_read_is_not_taken_for_nothing() {
    let form = after(page(None), [Action::Found(Existing::Unread)]);
    assert!(matches!(form.existing, Existing::Unread));
    let form = after(page(None), [Action::Found(Existing::Nothing)]);
    assert!(matches!(form.existing, Existing::Nothing));
    for later in [Existing::Nothing, Existing::Unread] {
        let form = after(page(None), [sql(), Action::Found(later)]);
        assert_eq!(form.value("Initial Catalog"), "Sales", "values vanish");
    }
}

#[test]
fn what_comes_after_save_was_pressed_changes_nothing_that_is_sent() {
    for pressed in [Action::KeyAwaited, Action::Sent] {
        let form = after(page(Some("OnPremisesSqlServer")), [pressed, sql()]);
        assert_eq!(form.value("Encrypt"), "true");
        assert_eq!(form.step("password"), Step::Type);
        assert!(matches!(form.existing, Existing::Unread));
    }
    let form = after(page(None), [sql(), Action::Sent, sftp()]);
    assert_eq!(form.value("Initial Catalog"), "Sales");
}

#[test]
fn a_new_ticket_finds_the_credential_as_it_is_by_then() {
    let moved = [("Data Source", "sql02"), ("Initial Catalog", "Other")];
    let form = after(
        page(None),
        [
            sql(),
            typed("Initial Catalog", "Sales"),
            Action::SecretsRequired(vec!["password".to_owned()]),
            Action::TicketRenewed(Box::new(claims(None))),
            stored_as("OnPremisesSqlServer", "SQL", &moved),
        ],
    );
    assert_eq!(form.value("Data Source"), "sql02");
    assert_eq!(labels(&form), ["Database"]);
}

#[test]
fn a_step_takes_the_field_s_fault_with_it() {
    let fault = Fault {
        field: "password".to_owned(),
        words: "Fill this in.".to_owned(),
    };
    let form = after(
        page(None),
        [
            sql(),
            Action::StepChosen("password", Step::Replace),
            Action::FieldsRefused(vec![fault]),
            Action::StepChosen("password", Step::Keep),
        ],
    );
    assert!(form.faults.is_empty());
}

#[test]
fn settings_are_what_is_shown() {
    let form = after(page(None), [sql(), typed("Initial Catalog", "Other")]);
    let settings = form.settings().unwrap();
    assert!(settings.contains("Initial Catalog=Other"), "{settings}");
    assert!(settings.contains("sql01.corp.example"), "{settings}");
    assert!(!settings.contains("cgref"), "{settings}");
}

#[test]
fn a_late_answer_opens_nothing() {
    let mut page = Page::open(Err(Trouble::NoTicket));
    page.reduce(sql());
    assert!(matches!(page.stage, Stage::Closed(_)));
}

#[test]
fn the_explanation_names_what_has_changed() {
    let form = after(page(None), [sql(), typed("Data Source", "x")]);
    let why = crate::text::secrets::moved(&form.moved());
    assert_eq!(
        why,
        "“Server” has changed. So that a stored secret cannot be sent elsewhere, type it again."
    );
    let more = [
        typed("Data Source", "x"),
        typed("User ID", "y"),
        typed("Initial Catalog", "z"),
    ];
    let form = after(page(None), [sql()].into_iter().chain(more));
    let why = crate::text::secrets::moved(&form.moved());
    assert!(
        why.starts_with("“Server”, “Database” and “User name” have changed."),
        "{why}"
    );
    assert_eq!(crate::text::secrets::moved(&[]), "");
}
