//! Two destinations that differ never compare equal.

use linked_service::{Grammar, Input, Role};
use proptest::prelude::*;

use crate::form::{Form, other, sample};

/// The parts of a destination, read back by their lengths.
fn parts(mut text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let (length, rest) = text.split_once(':').unwrap_or_else(|| panic!("no length"));
        let length: usize = length.parse().unwrap_or_else(|error| panic!("{error}"));
        let (part, rest) = rest.split_at(length);
        parts.push(part.to_owned());
        text = rest.strip_prefix(',').unwrap_or_else(|| panic!("no comma"));
    }
    parts
}

proptest! {
    /// What can be read back to exactly what went in is different for everything different that goes in.
    #[test]
    fn a_destination_reads_back_to_its_fields(
        texts in prop::collection::vec("[0-9a-z:,;=é ]{0,9}[0-9a-z:,]", 12),
        flips in prop::collection::vec(any::<bool>(), 12),
    ) {
        for mut form in Form::all() {
            for (field, (text, flip)) in form.auth.fields.iter().zip(texts.iter().zip(&flips)) {
                if field.input == Input::Text && field.grammar == Grammar::Line {
                    let value = if *flip && !field.required { "" } else { text.trim() };
                    form.properties.insert(field.name.to_owned(), value.to_owned());
                }
                if field.input == Input::Switch {
                    form.properties.insert(field.name.to_owned(), flip.to_string());
                }
            }
            let validated = form.check();
            let validated = validated.as_ref().unwrap_or_else(|errors| panic!("{errors:?}"));
            let mut expected = vec![form.kind.id.to_owned(), form.auth.id.to_owned()];
            for field in form.auth.fields {
                let value = form.properties.get(field.name).filter(|value| !value.is_empty());
                if let (Role::Destination | Role::Account, Some(value)) = (field.role, value) {
                    expected.extend([field.name.to_owned(), value.clone()]);
                }
            }
            prop_assert_eq!(parts(&validated.destination()), expected);
        }
    }
}

fn destination(form: &Form) -> String {
    form.check()
        .map(|validated| validated.destination())
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn each_destination_field_and_the_account_count_and_nothing_else_does() {
    for form in Form::all() {
        for field in form.auth.fields.iter().filter(|field| !field.is_secret()) {
            if !form.properties.contains_key(field.name) {
                continue;
            }
            let changed = form.clone().with(field.name, other(field));
            let counts = matches!(field.role, Role::Destination | Role::Account);
            let place = format!("{}/{}/{}", form.kind.id, form.auth.id, field.name);
            assert_eq!(
                destination(&changed) != destination(&form),
                counts,
                "{place}"
            );
        }
    }
}

#[test]
fn every_kind_and_authentication_type_is_a_destination_of_its_own() {
    let all: std::collections::BTreeSet<_> = Form::all().map(|form| destination(&form)).collect();
    assert_eq!(all.len(), Form::all().count());
}

#[test]
fn secrets_do_not_count() {
    for form in Form::all() {
        let mut kept = form.clone();
        kept.secrets
            .values_mut()
            .for_each(|state| *state = linked_service::SecretState::Kept);
        assert_eq!(destination(&kept), destination(&form));
    }
}

#[test]
fn defaults_count_as_if_typed_and_hosts_in_any_letter_case() {
    for form in Form::all() {
        for field in form.auth.fields {
            if let Some(default) = field.default {
                let mut left_out = form.clone();
                left_out.leave_out(field.name);
                assert_eq!(
                    destination(&left_out),
                    destination(&form.clone().with(field.name, default))
                );
            }
            if field.input == Input::Host {
                let shouted = form.clone().with(field.name, "STORE01.Corp.Example");
                assert_eq!(destination(&shouted), destination(&form));
            }
        }
    }
    let http = Form::all()
        .find(|form| form.kind.id == "Http")
        .unwrap_or_else(|| panic!("no HTTP"));
    assert_eq!(
        destination(
            &http
                .clone()
                .with("url", "HTTPS://Files.CORP.example/export/")
        ),
        destination(&http)
    );
}

/// What the page tells a person while they type is what the gateway decides when it opens the envelope.
#[test]
fn a_field_moves_where_the_destination_changes() {
    let mut moved = 0;
    for form in Form::all() {
        for field in form.auth.fields.iter().filter(|field| !field.is_secret()) {
            let given = form.properties.get(field.name).map_or("", String::as_str);
            for value in [
                "",
                "STORE01.Corp.Example",
                "HTTPS://FILES.corp.example/export/",
            ]
            .into_iter()
            .chain([sample(field), other(field)])
            .chain(field.default)
            {
                let changed = form.clone().with(field.name, value);
                let Ok(validated) = changed.check() else {
                    continue;
                };
                let differs = validated.destination() != destination(&form);
                assert_eq!(
                    field.moves(given, value),
                    differs,
                    "{}/{}/{}: {value:?}",
                    form.kind.id,
                    form.auth.id,
                    field.name
                );
                moved += usize::from(differs);
            }
        }
    }
    assert!(moved > 20, "only {moved} were tried");
}

#[test]
fn targets_and_accounts_are_what_people_recognise() {
    let shown = |kind: &str, auth: &str, changes: &[(&str, &str)]| {
        let mut form = Form::all()
            .find(|form| form.kind.id == kind && form.auth.id == auth)
            .unwrap_or_else(|| panic!("{kind}"));
        for (name, value) in changes {
            form = form.with(name, value);
        }
        form.check()
            .map(|validated| (validated.target(), validated.account()))
            .unwrap_or_else(|errors| panic!("{errors:?}"))
    };
    let account = || Some("Sales".to_owned());
    for (kind, auth, changes, target, account) in [
        (
            "OnPremisesSqlServer",
            "SQL",
            &[("Data Source", "sql01.corp,1433")][..],
            "sql01.corp:1433/Sales",
            account(),
        ),
        (
            "OnPremisesSqlServer",
            "SQL",
            &[("Data Source", "sql01\\TEST")],
            "sql01\\TEST/Sales",
            account(),
        ),
        (
            "OnPremisesSqlServer",
            "Windows",
            &[],
            "store01.corp.example/Sales",
            None,
        ),
        (
            "OnPremisesOracle",
            "Basic",
            &[],
            "store01.corp.example:2022/Sales",
            account(),
        ),
        (
            "OnPremisesOracle",
            "Basic",
            &[("ServiceName", ""), ("Sid", "ORCL"), ("Port", "")],
            "store01.corp.example:1521/ORCL",
            account(),
        ),
        (
            "OnPremisesPostgreSql",
            "Basic",
            &[("server", "pg01:5433")],
            "pg01:5433/Sales",
            account(),
        ),
        (
            "OnPremisesMySql",
            "Basic",
            &[],
            "store01.corp.example/Sales",
            account(),
        ),
        (
            "Sftp",
            "Basic",
            &[("port", "")],
            "store01.corp.example:22",
            account(),
        ),
        (
            "Sftp",
            "SshPublicKey",
            &[("host", "2001:db8::1")],
            "[2001:db8::1]:2022",
            account(),
        ),
        (
            "Http",
            "Basic",
            &[],
            "https://files.corp.example/export/",
            account(),
        ),
        (
            "OnPremisesDb2",
            "Anonymous",
            &[],
            "store01.corp.example/Sales",
            None,
        ),
        (
            "OnPremisesTeradata",
            "Windows",
            &[("username", "CORP\\etl")],
            "store01.corp.example",
            Some("CORP\\etl".to_owned()),
        ),
        (
            "SapHana",
            "Basic",
            &[("server", "hana01:30015")],
            "hana01:30015",
            account(),
        ),
        (
            "SapBw",
            "Basic",
            &[],
            "store01.corp.example/00/800",
            account(),
        ),
        (
            "OnPremisesCassandra",
            "Basic",
            &[("host", "a,b"), ("port", "")],
            "a,b:9042",
            account(),
        ),
        (
            "OnPremisesMongoDb",
            "Basic",
            &[("port", "")],
            "store01.corp.example:27017/Sales",
            account(),
        ),
        ("OnPremisesOdbc", "Basic", &[], "DSN=Sales", account()),
        (
            "OnPremisesFileServer",
            "Windows",
            &[],
            "\\\\files01\\exports",
            account(),
        ),
        (
            "FtpServer",
            "Anonymous",
            &[("port", "")],
            "store01.corp.example:21",
            None,
        ),
        (
            "Web",
            "Anonymous",
            &[],
            "https://files.corp.example/export/",
            None,
        ),
        ("AzureStorage", "AccountKey", &[], "sales", None),
        ("AzureStorage", "SAS", &[], "Azure Storage", None),
        (
            "AzureSqlDatabase",
            "SQL",
            &[("Server", "tcp:a.database.windows.net,1433")],
            "tcp:a.database.windows.net:1433/Sales",
            account(),
        ),
        (
            "AzureDataLakeStore",
            "ServicePrincipal",
            &[],
            "https://files.corp.example/export/",
            Some("01234567-89ab-cdef-0123-456789abcdef".to_owned()),
        ),
        ("AwsAccessKey", "AccessKey", &[], "Amazon S3", account()),
        (
            "AmazonRedshift",
            "Basic",
            &[("port", "")],
            "store01.corp.example:5439/Sales",
            account(),
        ),
        (
            "Salesforce",
            "Basic",
            &[("environmentUrl", "")],
            "https://login.salesforce.com",
            account(),
        ),
    ] {
        assert_eq!(
            shown(kind, auth, changes),
            (target.to_owned(), account),
            "{kind}/{auth}"
        );
    }
}
