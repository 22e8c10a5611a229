use envelope::TicketId;
use envelope::{DataFactoryName, GatewayId, LinkedServiceName, Operation};

pub(crate) use super::existing::tests::sftp;
use super::*;
use crate::documents::Tests;
use crate::trouble::IdentityChange;

pub(crate) fn claims(kind: Option<&str>) -> TicketClaims {
    TicketClaims {
        iss: "portal".to_owned(),
        aud: GatewayId::parse("gw-1").unwrap(),
        sub: "ada@example.com".to_owned(),
        jti: TicketId::parse("t-1").unwrap(),
        iat: UnixSeconds(1_000),
        nbf: UnixSeconds(1_000),
        exp: UnixSeconds(1_600),
        op: Operation::Set,
        df: DataFactoryName::parse("factory").unwrap(),
        ls: LinkedServiceName::parse("Sales").unwrap(),
        kind: kind.map(str::to_owned),
        thp: kid('A'),
        org: None,
    }
}

fn kid(letter: char) -> Kid {
    // The last of 43 letters carries four bits only: A for all of them.
    Kid::parse(&format!("{}A", letter.to_string().repeat(42))).unwrap()
}

fn accepted(letter: char) -> Action {
    Action::KeyAccepted {
        kid: kid(letter),
        identity: kid('I'),
    }
}

fn description(id: &str) -> Description {
    Description {
        id: GatewayId::parse(id).unwrap(),
        name: "Gateway".to_owned(),
        certificate_sha256: "c".to_owned(),
        kinds: Vec::new(),
        tests: None,
    }
}

pub(crate) fn page(kind: Option<&str>) -> Page {
    Page::open(Ok(&claims(kind)))
}

pub(crate) fn after(mut page: Page, actions: impl IntoIterator<Item = Action>) -> Form {
    for action in actions {
        page.reduce(action);
    }
    page.form().unwrap().clone()
}

pub(crate) fn typed(name: &'static str, value: &str) -> Action {
    Action::PropertyChanged(name, value.to_owned())
}

#[test]
fn a_page_without_a_usable_ticket_has_no_form() {
    let mut delete = claims(None);
    delete.op = Operation::Delete;
    for (ticket, expected) in [
        (Err(Trouble::NoTicket), Trouble::NoTicket),
        (Ok(&delete), Trouble::WrongOperation),
        (
            Ok(&claims(Some("Sybase9"))),
            Trouble::UnknownKind("Sybase9".to_owned()),
        ),
    ] {
        match Page::open(ticket).stage {
            Stage::Closed(trouble) => assert_eq!(trouble, expected),
            other => panic!("{other:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn a_ticket_may_fix_the_kind_or_leave_it_open() {
    assert!(after(page(None), []).kind.is_none());
    let form = after(page(Some("onpremisessqlserver")), []);
    assert_eq!(form.kind.unwrap().id, "OnPremisesSqlServer");
    assert_eq!(form.auth.unwrap().id, "SQL");
    assert_eq!(form.value("Encrypt"), "true");
}

#[test]
fn what_was_typed_survives_another_kind_and_back() {
    let form = after(
        page(None),
        [
            Action::KindChosen("OnPremisesMySql".to_owned()),
            typed("server", "db01"),
            Action::KindChosen("Sftp".to_owned()),
            Action::KindChosen("OnPremisesMySql".to_owned()),
        ],
    );
    assert_eq!(form.shown_properties()["server"], "db01");
}

#[test]
fn a_default_nobody_touched_gives_way_to_the_new_kind_s() {
    let port = |form: &Form| {
        let field = form
            .fields()
            .find(|field| field.label.text() == "Port")
            .unwrap();
        form.value(field.name).to_owned()
    };
    let oracle = Action::KindChosen("OnPremisesOracle".to_owned());
    let sftp = Action::KindChosen("Sftp".to_owned());
    assert_eq!(port(&after(page(None), [sftp.clone()])), "22");
    assert_eq!(
        port(&after(page(None), [sftp.clone(), oracle.clone()])),
        "1521"
    );
    let edited = after(
        page(None),
        [sftp.clone(), typed("port", "2222"), oracle, sftp],
    );
    assert_eq!(port(&edited), "2222");
}

#[test]
fn a_ticket_can_name_the_authentication_type_by_its_json_type() {
    let auth = |kind| page(Some(kind)).form().unwrap().auth.unwrap().id;
    assert_eq!(auth("AzureStorage"), "AccountKey");
    assert_eq!(auth("AzureStorageSas"), "SAS");
}

#[test]
fn only_shown_fields_with_a_value_are_sent_and_never_a_secret_one() {
    let form = after(
        page(Some("OnPremisesSqlServer")),
        [
            typed("Data Source", "sql01"),
            typed("Initial Catalog", ""),
            typed("password", "must never be here"),
            typed("unknown", "x"),
        ],
    );
    let sent: Vec<_> = form.shown_properties().into_keys().collect();
    assert_eq!(sent, ["Data Source", "Encrypt", "TrustServerCertificate"]);
}

#[test]
fn every_field_of_the_catalogue_keeps_its_secrets_out_of_the_state() {
    for kind in linked_service::catalogue() {
        for auth in kind.auth_types {
            let form = after(
                page(Some(kind.id)),
                [Action::AuthChosen(auth.id.to_owned())]
                    .into_iter()
                    .chain(auth.fields.iter().map(|field| typed(field.name, "x"))),
            );
            let sent = form.shown_properties();
            for field in auth.fields {
                assert_eq!(
                    sent.contains_key(field.name),
                    !field.is_secret(),
                    "{} {}",
                    kind.id,
                    field.name
                );
            }
        }
    }
}

#[test]
fn a_fault_goes_when_its_field_is_edited() {
    let faults = |form: &Form| {
        form.faults
            .iter()
            .map(|fault| fault.field.clone())
            .collect::<Vec<_>>()
    };
    let fault = |field: &str| Fault {
        field: field.to_owned(),
        words: "Fill this in.".to_owned(),
    };
    let refused = Action::FieldsRefused(vec![fault("Data Source"), fault("password")]);
    let page = || page(Some("OnPremisesSqlServer"));
    let form = after(page(), [refused.clone()]);
    assert_eq!((faults(&form).len(), form.failures), (2, 1));
    let form = after(page(), [refused.clone(), typed("Data Source", "s")]);
    assert_eq!(faults(&form), ["password"]);
    let form = after(page(), [refused, Action::SecretChanged("password")]);
    assert_eq!(faults(&form), ["Data Source"]);
}

#[test]
fn a_failure_ends_the_work_and_loses_nothing() {
    let form = after(
        page(Some("Http")),
        [
            typed("url", "https://example.com"),
            accepted('B'),
            Action::Sent,
            Action::SaveFailed(Trouble::GatewayDown),
        ],
    );
    assert_eq!((form.work, form.failures), (Work::Idle, 1));
    assert_eq!(form.trouble, Some(Trouble::GatewayDown));
    assert_eq!(form.shown_properties()["url"], "https://example.com");
    assert_eq!(form.keys, Keys::Accepted(kid('B')));
}

#[test]
fn a_key_that_fails_in_the_background_does_not_count_as_a_failed_save() {
    let failed = Action::KeyFailed(Trouble::KeyNotPinned);
    let form = after(page(None), [failed.clone()]);
    assert_eq!((form.failures, &form.keys), (0, &Keys::Missing));
    assert_eq!(form.trouble, Some(Trouble::KeyNotPinned));
    let form = after(page(None), [Action::KeyAwaited, failed]);
    assert_eq!((form.failures, form.work), (1, Work::Idle));
}

#[test]
fn another_gateway_than_the_ticket_s_is_named() {
    let form = after(page(None), [Action::GatewayDescribed(description("gw-2"))]);
    assert_eq!(form.trouble, Some(Trouble::WrongGateway));
    let form = after(page(None), [Action::GatewayDescribed(description("gw-1"))]);
    assert_eq!(form.trouble, None);
}

#[test]
fn a_new_ticket_keeps_the_form_and_asks_for_its_key() {
    let mut renewed = claims(Some("Http"));
    renewed.jti = TicketId::parse("t-2").unwrap();
    let form = after(
        page(Some("Http")),
        [
            typed("url", "https://example.com"),
            Action::SaveFailed(Trouble::TicketExpired),
            Action::TicketRenewed(Box::new(renewed)),
        ],
    );
    assert_eq!(form.claims.jti.as_str(), "t-2");
    assert_eq!((form.trouble.as_ref(), &form.keys), (None, &Keys::Loading));
    assert_eq!(form.value("url"), "https://example.com");
}

#[test]
fn a_late_answer_changes_nothing_after_the_end() {
    let mut page = page(None);
    page.reduce(Action::Cancelled);
    page.reduce(Action::SaveFailed(Trouble::GatewayDown));
    page.reduce(accepted('B'));
    assert!(matches!(page.stage, Stage::Cancelled));
}

#[test]
fn the_rest_of_a_ticket_s_life_ends_at_nothing() {
    let form = after(page(None), []);
    assert_eq!(form.seconds_left(UnixSeconds(1_540)), 60);
    assert_eq!(form.seconds_left(UnixSeconds(9_999)), 0);
}

#[test]
fn nothing_but_trust_ends_the_question_of_another_identity_key() {
    let changed = Trouble::IdentityChanged(Box::new(IdentityChange {
        before: kid('A'),
        now: kid('B'),
    }));
    let mut page = page(Some("Http"));
    page.reduce(Action::KeyFailed(changed.clone()));
    for meanwhile in [
        Action::GatewayDescribed(description("another")),
        Action::FieldsRefused(Vec::new()),
        Action::SaveFailed(Trouble::WrongGateway),
        Action::Disturbed(Trouble::TicketExpired),
        Action::KindChosen("Sftp".to_owned()),
    ] {
        page.reduce(meanwhile.clone());
        let form = page.form().unwrap();
        assert_eq!(form.notice(), Some(&changed), "{meanwhile:?}");
        assert_eq!(
            form.keys,
            Keys::Untrusted(Rc::new(changed.clone())),
            "{meanwhile:?}"
        );
    }
    page.reduce(Action::IdentityTrusted);
    let form = page.form().unwrap();
    assert_eq!((form.notice(), &form.keys), (None, &Keys::Loading));
}

#[test]
fn a_gateway_tries_what_it_has_a_driver_for() {
    let drivers = vec![("OnPremisesPostgreSql", "Basic")];
    for save in [Policy::Chosen, Policy::Tested] {
        let drivers = drivers.clone();
        let described = Action::GatewayDescribed(Description {
            tests: Some(Tests { save, drivers }),
            ..description("gw-1")
        });
        let mut page = page(Some("OnPremisesPostgreSql"));
        assert_eq!(page.tests(), None, "nothing is known yet");
        page.reduce(described.clone());
        assert_eq!(page.tests(), Some(save));
        page.reduce(Action::AuthChosen("Windows".to_owned()));
        assert_eq!(page.tests(), None, "another way to sign in");
        let mut other = self::page(Some("Sftp"));
        other.reduce(described);
        assert_eq!(other.tests(), None, "another kind");
    }
}
