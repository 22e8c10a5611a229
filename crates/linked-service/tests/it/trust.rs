//! The certificate that is trusted for one linked service.

use linked_service::{Rule, catalogue};

use crate::form::Form;

const NAME: &str = "trustedCertificateSha256";
const ONE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const OTHER: &str = "99112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

#[test]
fn it_is_part_of_the_destination_and_of_nothing_that_is_written() {
    for form in Form::all().filter(|form| form.kind.trusted_certificate().is_some()) {
        let plain = form.check().unwrap_or_else(|errors| panic!("{errors:?}"));
        let trusting = Form::full(form.kind, form.auth).with(NAME, ONE);
        let trusting = trusting
            .check()
            .unwrap_or_else(|errors| panic!("{errors:?}"));
        let other = Form::full(form.kind, form.auth).with(NAME, OTHER);
        let other = other.check().unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_ne!(plain.destination(), trusting.destination());
        assert_ne!(other.destination(), trusting.destination());
        let kept: Vec<_> = trusting.properties().collect();
        assert_eq!(kept.last().map(|(_, value)| *value), Some(ONE));

        let json = |form: &linked_service::Validated<'_>| form.linked_service_json("n", "g", "r");
        assert_eq!(json(&plain), json(&trusting));
        let string = |form: &linked_service::Validated<'_>| form.connection_string(|_| None);
        assert_eq!(*string(&plain), *string(&trusting));
        assert_eq!(plain.target(), trusting.target());
    }
}

/// Else somebody who may set it could have a kept secret sent in the clear.
#[test]
fn to_do_without_tls_is_part_of_the_destination_where_no_form_has_a_switch() {
    for form in Form::all() {
        let clear = Form::full(form.kind, form.auth).with("encrypt", "false");
        if form.kind.encryption().is_none() {
            assert_eq!(clear.error("encrypt"), Some(Rule::UnknownField));
            continue;
        }
        let plain = form.check().unwrap_or_else(|errors| panic!("{errors:?}"));
        let clear = clear.check().unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_ne!(plain.destination(), clear.destination());
        let json = |form: &linked_service::Validated<'_>| form.linked_service_json("n", "g", "r");
        assert_eq!(json(&plain), json(&clear));
        let other = Form::full(form.kind, form.auth).with("encrypt", "perhaps");
        assert!(other.error("encrypt").is_some());
    }
    let kinds = catalogue()
        .iter()
        .filter(|kind| kind.encryption().is_some());
    assert_eq!(kinds.count(), 3);
}

#[test]
fn it_is_one_sha256_of_a_kind_that_speaks_tls() {
    let postgresql = || Form::all().find(|form| form.kind.id == "OnPremisesPostgreSql");
    let rule = |value: &str| postgresql()?.with(NAME, value).error(NAME);
    assert_eq!(rule(ONE), None);
    assert_eq!(rule(""), None);
    assert_eq!(rule(&ONE.to_uppercase()), Some(Rule::NotASha256));
    assert_eq!(rule(&ONE[1..]), Some(Rule::NotASha256));
    let colons = ONE.split_at(2);
    let colons = format!("{}:{}", colons.0, colons.1);
    assert_eq!(rule(&colons), Some(Rule::TooLong { limit: 64 }));
    let two = format!("{ONE},{OTHER}");
    assert_eq!(rule(&two), Some(Rule::TooLong { limit: 64 }));
    for form in Form::all().filter(|form| form.kind.trusted_certificate().is_none()) {
        assert_eq!(form.with(NAME, ONE).error(NAME), Some(Rule::UnknownField));
    }
    let without: Vec<_> = catalogue()
        .iter()
        .filter(|kind| kind.trusted_certificate().is_none())
        .map(|kind| kind.id)
        .collect();
    let expected = [
        "OnPremisesDb2",
        "OnPremisesSybase",
        "OnPremisesTeradata",
        "SapHana",
        "SapBw",
        "OnPremisesOdbc",
        "OnPremisesFileServer",
        "Sftp",
    ];
    assert_eq!(without, expected);
}
