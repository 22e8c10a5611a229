//! Every field of every kind with everything that can be wrong with it: the error names the field and the rule.

use std::collections::BTreeSet;

use linked_service::{Constraint, Field, Grammar, Input, Rule, SecretState, kind, validate};

use crate::form::Form;
use crate::wrong::wrong;

/// Each form with each of its fields.
fn each(mut test: impl FnMut(Form, &'static Field, &str)) {
    for form in Form::all() {
        for field in form.auth.fields {
            let place = format!("{}/{}/{}", form.kind.id, form.auth.id, field.name);
            test(form.clone(), field, &place);
        }
    }
}

fn constrained(form: &Form, field: &Field, rule: &Rule) -> bool {
    form.auth
        .constraints
        .iter()
        .any(|constraint| match constraint {
            Constraint::ExactlyOne(names) => {
                *rule == Rule::ExactlyOne(names) && names.contains(&field.name)
            }
            Constraint::Together(names) => {
                *rule == Rule::Together(names) && names.contains(&field.name)
            }
            Constraint::RequiredWhen(name, _) => *rule == Rule::Required && *name == field.name,
        })
}

#[test]
fn what_is_missing_is_named() {
    each(|mut form, field, place| {
        let needed = form.needs(field);
        form.leave_out(field.name);
        match form.error(field.name) {
            None => assert!(!needed, "{place} may be left out"),
            Some(rule) => {
                assert!(needed, "{place} may not be left out");
                assert!(
                    field.required && rule == Rule::Required || constrained(&form, field, &rule),
                    "{place}: {rule:?}"
                );
            }
        }
    });
}

#[test]
fn empty_is_missing() {
    each(|form, field, place| {
        let mut without = form.clone();
        without.leave_out(field.name);
        let mut empty = form;
        if field.is_secret() {
            empty.secrets.insert(field.name, SecretState::Cleared);
        } else {
            empty
                .properties
                .insert(field.name.to_owned(), String::new());
        }
        assert_eq!(
            empty.error(field.name),
            without.error(field.name),
            "{place}"
        );
    });
}

#[test]
fn a_new_secret_is_never_empty() {
    each(|mut form, field, place| {
        if field.is_secret() {
            form.secrets
                .insert(field.name, SecretState::Replaced { bytes: 0 });
            assert_eq!(form.error(field.name), Some(Rule::Required), "{place}");
        }
    });
}

#[test]
fn what_is_too_long_is_named_with_the_limit() {
    each(|form, field, place| {
        let limit = field.max_chars;
        let too_long = Some(Rule::TooLong { limit });
        if field.is_secret() {
            let of = |bytes| {
                let mut form = form.clone();
                form.secrets
                    .insert(field.name, SecretState::Replaced { bytes });
                form.error(field.name)
            };
            assert_eq!((of(limit), of(limit + 1)), (None, too_long), "{place}");
        } else {
            let of = |chars| {
                form.clone()
                    .with(field.name, &"é".repeat(chars))
                    .error(field.name)
            };
            assert_ne!(
                of(limit),
                too_long,
                "{place}: characters are counted, not bytes"
            );
            assert_eq!(of(limit + 1), too_long, "{place}");
        }
    });
}

#[test]
fn control_characters_and_reordering_marks_are_refused() {
    each(|form, field, place| {
        if !field.is_secret() {
            for c in [
                '\0', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{2028}', '\u{202e}',
                '\u{2066}', '\u{feff}',
            ] {
                for value in [format!("{c}a"), format!("a{c}b"), format!("a{c}")] {
                    let rule = form.clone().with(field.name, &value).error(field.name);
                    assert_eq!(rule, Some(Rule::ControlCharacter), "{place}: {c:?}");
                }
            }
        }
    });
}

#[test]
fn spaces_around_a_value_are_refused() {
    each(|form, field, place| {
        if !field.is_secret() {
            for value in [" 1", "1 ", "\u{a0}1", "1\u{2003}", " "] {
                let rule = form.clone().with(field.name, value).error(field.name);
                assert_eq!(rule, Some(Rule::OuterSpace), "{place}: {value:?}");
            }
        }
    });
}

#[test]
fn wrong_content_is_named() {
    each(|form, field, place| {
        for (value, rule) in wrong(field) {
            assert_eq!(
                form.clone().with(field.name, value).error(field.name),
                Some(*rule),
                "{place}: {value:?}"
            );
        }
    });
}

#[test]
fn any_line_of_text_is_a_name() {
    each(|form, field, place| {
        if !field.is_secret() && field.input == Input::Text && field.grammar == Grammar::Line {
            for value in [
                "a;b=c",
                "\"quoted\"",
                "O'Neill",
                "{x}",
                "Größe 數據",
                "DOMAIN\\user",
                "=",
                "p%20q",
            ] {
                assert_eq!(
                    form.clone().with(field.name, value).error(field.name),
                    None,
                    "{place}: {value:?}"
                );
            }
        }
    });
}

#[test]
fn a_field_in_the_wrong_place_is_named() {
    each(|form, field, place| {
        let mut moved = form.clone();
        moved.leave_out(field.name);
        let rule = if field.is_secret() {
            moved
                .properties
                .insert(field.name.to_owned(), "text".to_owned());
            Rule::MustBeSecret
        } else {
            moved.secrets.insert(field.name, SecretState::Kept);
            Rule::MustNotBeSecret
        };
        assert_eq!(moved.error(field.name), Some(rule), "{place}");
        moved
            .properties
            .insert(field.name.to_owned(), String::new());
        assert_eq!(moved.error(field.name), Some(rule), "{place}, empty");
    });
}

/// One thing has one name on the wire: other spellings are for reading what people bring.
#[test]
fn another_spelling_is_an_unknown_field() {
    each(|form, field, place| {
        for alias in field.aliases.all() {
            let mut form = form.clone();
            form.properties.insert((*alias).to_owned(), "x".to_owned());
            assert_eq!(
                form.error(alias),
                Some(Rule::UnknownField),
                "{place}: {alias}"
            );
        }
    });
}

#[test]
fn unknown_fields_are_named_and_their_names_are_cut() {
    for form in Form::all() {
        let mut secret = form.clone();
        secret.secrets.insert("pass word", SecretState::Kept);
        assert_eq!(secret.error("pass word"), Some(Rule::UnknownField));
        assert_eq!(
            form.clone().with("", "x").error(""),
            Some(Rule::UnknownField)
        );
        assert_eq!(
            form.clone().with("a\nb", "x").error("a\u{fffd}b"),
            Some(Rule::UnknownField)
        );
        assert_eq!(
            form.with(&"n".repeat(900), "x").error(&"n".repeat(64)),
            Some(Rule::UnknownField)
        );
    }
}

#[test]
fn every_error_is_told_at_once() {
    let mut form = Form::all().next().unwrap_or_else(|| panic!("no kind"));
    form.properties = [("Encrypt", "maybe"), ("color", "red")]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into();
    form.secrets.clear();
    let errors: Vec<_> = form
        .check()
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|e| (e.field, e.rule.as_str()))
        .collect();
    let expected = [
        ("Data Source", "required"),
        ("Initial Catalog", "required"),
        ("User ID", "required"),
        ("password", "required"),
        ("Encrypt", "not_a_switch"),
        ("color", "unknown_field"),
    ];
    assert_eq!(
        errors,
        expected.map(|(field, rule)| (field.to_owned(), rule))
    );
}

#[test]
fn kind_and_authentication_type_are_checked_in_their_canonical_spelling() {
    let form = Form::all().next().unwrap_or_else(|| panic!("no kind"));
    let fault = |kind: &str, auth: &str| {
        let errors = validate(kind, auth, &form.properties, &form.states())
            .err()
            .unwrap_or_default();
        errors
            .into_iter()
            .map(|error| (error.field, error.rule))
            .collect::<Vec<_>>()
    };
    assert_eq!(fault("OnPremisesSqlServer", "SQL"), []);
    assert_eq!(
        fault("onpremisessqlserver", "SQL"),
        [("kind".to_owned(), Rule::UnknownKind)]
    );
    assert_eq!(
        fault("Nothing", "SQL"),
        [("kind".to_owned(), Rule::UnknownKind)]
    );
    assert_eq!(
        fault("OnPremisesSqlServer", "Basic"),
        [("auth".to_owned(), Rule::UnknownAuthType)]
    );
    assert_eq!(
        fault("OnPremisesSqlServer", "sql"),
        [("auth".to_owned(), Rule::UnknownAuthType)]
    );
}

fn form(kind_id: &str, auth: &str) -> Form {
    let kind = kind(kind_id).unwrap_or_else(|| panic!("{kind_id}"));
    Form::full(
        kind,
        kind.auth_type(auth).unwrap_or_else(|| panic!("{auth}")),
    )
}

#[test]
fn oracle_takes_a_sid_or_a_service_name() {
    let names = &["ServiceName", "Sid"];
    let both = form("OnPremisesOracle", "Basic").with("Sid", "ORCL");
    assert_eq!(both.error("Sid"), Some(Rule::ExactlyOne(names)));
    assert_eq!(both.error("ServiceName"), Some(Rule::ExactlyOne(names)));
    assert_eq!(both.error("Host"), None);
    let sid = both.with("ServiceName", "");
    assert_eq!(sid.error("Sid"), None);
    let neither = sid.with("Sid", "");
    assert_eq!(neither.error("Sid"), Some(Rule::ExactlyOne(names)));
}

#[test]
fn a_client_certificate_is_given_or_named() {
    let names = &["embeddedCertData", "certThumbprint"];
    let given = form("Http", "ClientCertificate");
    assert_eq!(given.error("embeddedCertData"), None);
    let thumbprint = "00112233445566778899aabbccddeeff00112233";
    let both = given.with("certThumbprint", thumbprint);
    assert_eq!(both.error("certThumbprint"), Some(Rule::ExactlyOne(names)));
    assert_eq!(
        both.error("embeddedCertData"),
        Some(Rule::ExactlyOne(names))
    );
    let mut named = both;
    named.leave_out("embeddedCertData");
    named.leave_out("password");
    assert_eq!(named.error("certThumbprint"), None);
    let neither = named.with("certThumbprint", "");
    assert_eq!(
        neither.error("certThumbprint"),
        Some(Rule::ExactlyOne(names))
    );
}

#[test]
fn what_has_a_fixed_form_has_it_exactly() {
    for (kind, auth, field, good) in [
        ("SapBw", "Basic", "systemNumber", &["00", "99"][..]),
        ("SapBw", "Basic", "clientId", &["000", "800"]),
        (
            "OnPremisesCassandra",
            "Basic",
            "host",
            &["a", "a,b", "10.0.0.1,::1,c.example"],
        ),
        (
            "OnPremisesFileServer",
            "Windows",
            "host",
            &["Local", "\\\\a\\b", "\\\\a"],
        ),
        (
            "AzureStorage",
            "AccountKey",
            "AccountName",
            &["abc", "abcdefghijklmnopqrstuvwx"],
        ),
        (
            "AzureDataLakeStore",
            "ServicePrincipal",
            "tenant",
            &[
                "corp.onmicrosoft.com",
                "01234567-89ab-cdef-0123-456789abcdef",
            ],
        ),
        ("SapHana", "Basic", "server", &["hana01", "hana01:30015"]),
        (
            "AzureSqlDW",
            "SQL",
            "Server",
            &["tcp:a.database.windows.net,1433", "a.database.windows.net"],
        ),
        (
            "OnPremisesOdbc",
            "Basic",
            "connectionString",
            &["Driver={SQL Server};Server=x;", "DSN=x"],
        ),
        (
            "Salesforce",
            "Basic",
            "environmentUrl",
            &["", "https://test.salesforce.com"],
        ),
    ] {
        for value in good {
            assert_eq!(
                form(kind, auth).with(field, value).error(field),
                None,
                "{kind}/{field}: {value}"
            );
        }
    }
}

#[test]
fn every_rule_has_a_code_and_a_sentence_of_its_own() {
    let rules = [
        Rule::Required,
        Rule::TooLong { limit: 1 },
        Rule::ControlCharacter,
        Rule::OuterSpace,
        Rule::NotANumber,
        Rule::OutOfRange,
        Rule::NotAHost,
        Rule::NotAHostList,
        Rule::NotADataSource,
        Rule::NotAUrl,
        Rule::NotAnHttpsUrl,
        Rule::CredentialInUrl,
        Rule::NotAnIdentifier,
        Rule::NotAFingerprint,
        Rule::NotAThumbprint,
        Rule::NotASha256,
        Rule::NotAFileShare,
        Rule::NotAConnectionString,
        Rule::CredentialInConnectionString,
        Rule::NotAStorageAccount,
        Rule::NotAGuid,
        Rule::NotTwoDigits,
        Rule::NotThreeDigits,
        Rule::NotAChoice,
        Rule::NotASwitch,
        Rule::UnknownField,
        Rule::MustBeSecret,
        Rule::MustNotBeSecret,
        Rule::ExactlyOne(&["a", "b"]),
        Rule::Together(&["a", "b"]),
        Rule::UnknownKind,
        Rule::UnknownAuthType,
    ];
    let codes: BTreeSet<_> = rules.iter().map(Rule::as_str).collect();
    let sentences: BTreeSet<_> = rules.iter().map(Rule::to_string).collect();
    assert_eq!((codes.len(), sentences.len()), (rules.len(), rules.len()));
    assert!(codes.iter().all(|code| {
        code.bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_lowercase())
    }));
    assert!(sentences.iter().all(|sentence| sentence.ends_with('.')));
    assert!(
        Rule::NotAFileShare
            .to_string()
            .contains("\\\\server\\share ")
    );
}

#[test]
fn windows_user_and_password_are_given_kept_and_cleared_together() {
    use SecretState::{Cleared, Kept, Replaced};
    let new = Replaced { bytes: 9 };
    let rule = |user: Option<SecretState>, password: Option<SecretState>| {
        let mut form = form("OnPremisesSqlServer", "Windows");
        form.secrets.clear();
        form.secrets.extend(user.map(|state| ("username", state)));
        form.secrets
            .extend(password.map(|state| ("password", state)));
        let rules = (form.error("username"), form.error("password"));
        assert_eq!(rules.0, rules.1);
        rules.0
    };
    let together = Some(Rule::Together(&["username", "password"]));
    for (user, password, expected) in [
        (Some(new), Some(Replaced { bytes: 1 }), None),
        (Some(Kept), Some(Kept), None),
        (Some(Cleared), Some(Cleared), None),
        (Some(Cleared), None, None),
        (None, None, None),
        // A stored password must not be tried for another user, nor another password stored beside a user unseen.
        (Some(new), Some(Kept), together),
        (Some(Kept), Some(new), together),
        (Some(new), None, together),
        (None, Some(new), together),
        (Some(Kept), Some(Cleared), together),
    ] {
        assert_eq!(rule(user, password), expected, "{user:?} {password:?}");
    }
}

#[test]
fn a_host_key_is_named_or_knowingly_not_checked() {
    for auth in ["Basic", "SshPublicKey"] {
        let without = form("Sftp", auth).with("hostKeyFingerprint", "");
        assert_eq!(without.error("hostKeyFingerprint"), Some(Rule::Required));
        assert_eq!(
            without
                .with("skipHostKeyValidation", "true")
                .error("hostKeyFingerprint"),
            None
        );
    }
}

#[test]
fn what_people_read_names_the_rule_and_no_value() {
    for (rule, text) in [
        (Rule::TooLong { limit: 5 }, "Too long: the limit is 5."),
        (
            Rule::ExactlyOne(&["ServiceName", "Sid"]),
            "Fill in exactly one of these: ServiceName, Sid.",
        ),
        (Rule::Required, "Fill this in."),
    ] {
        assert_eq!(rule.to_string(), text);
    }
    assert_eq!(
        format!("{:?}", SecretState::Replaced { bytes: 1234 }),
        "Replaced"
    );
}
