//! The gateway's answers as the page reads them: the same values as serde has, and nothing from half a document.

use credential_setter::documents::{self, Description, Policy, Problem, Tests};
use credential_setter::state::{Existing, Outcome};
use envelope::GatewayId;
use envelope::receipt::SignedReceipt;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::{KID, stored_credential, stored_key};

fn description() -> Value {
    json!({
        "id": "gw-1", "name": "Gäteway",
        "certificate_sha256": "c0ffee", "kinds": ["Sftp", "Http"],
    })
}

fn receipt() -> Value {
    json!({
        "receipt": {
            "v": 1, "gw": "gw-1", "df": "factory", "ls": "Sales", "kind": "Sftp", "auth": "Basic", "target": "sftp.example",
            "account": "loader", "version": 9_007_199_254_740_991_u64, "kid": KID, "jti": "ticket-1", "sub": "ada", "at": 1_800_000_000,
        },
        "jws": "a.b.c",
    })
}

fn problem() -> Value {
    json!({
        "type": "urn:credential-gateway:problem:invalid_credential", "title": "Fields are wrong", "status": 422,
        "code": "invalid_credential", "detail": "two", "instance": "urn:credential-gateway:request:0123456789abcdef",
        "errors": [{ "field": "host", "rule": "required" }],
    })
}

/// Every document that differs from a good one in one member: it is missing, or has another type.
fn spoiled(good: &Value, optional: &[&str]) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, value) in good.as_object().unwrap() {
        let mut one = |value: Option<Value>| {
            let mut document = good.clone();
            let members = document.as_object_mut().unwrap();
            match value {
                Some(value) => members.insert(name.clone(), value),
                None => members.remove(name),
            };
            all.push((name.clone(), document));
        };
        if optional.contains(&name.as_str()) {
            continue;
        }
        one(None);
        one(Some(Value::Null));
        one(Some(json!({ "a": 1 })));
        if value.is_number() {
            one(Some(json!(-1)));
            one(Some(json!(1.5)));
            one(Some(json!(1e300)));
            one(Some(json!("1")));
        }
    }
    all
}

#[test]
fn a_description_is_read_whole_or_not_at_all() {
    let good = description();
    let expected = Description {
        id: GatewayId::parse("gw-1").unwrap(),
        name: "Gäteway".to_owned(),
        certificate_sha256: "c0ffee".to_owned(),
        kinds: vec!["Sftp".to_owned(), "Http".to_owned()],
        tests: None,
    };
    assert_eq!(
        documents::description(&good.to_string()),
        Some(expected.clone())
    );
    let mut newer = good.clone();
    newer["words"] = json!(["new"]);
    assert_eq!(documents::description(&newer.to_string()), Some(expected));
    for (name, document) in spoiled(&good, &[]) {
        assert!(
            documents::description(&document.to_string()).is_none(),
            "{name}: {document}"
        );
    }
    let mut mixed = good;
    mixed["kinds"] = json!(["Sftp", 1]);
    assert!(documents::description(&mixed.to_string()).is_none());
}

#[test]
fn a_receipt_is_read_whole_or_not_at_all() {
    let good = receipt();
    let expected: SignedReceipt = serde_json::from_value(good.clone()).unwrap();
    assert_eq!(documents::signed_receipt(&good.to_string()), Some(expected));
    for (name, inner) in spoiled(&good["receipt"], &["account"]) {
        let document = json!({ "receipt": inner, "jws": "a.b.c" });
        assert!(
            documents::signed_receipt(&document.to_string()).is_none(),
            "{name}: {document}"
        );
    }
    for (name, document) in spoiled(&good, &[]) {
        assert!(
            documents::signed_receipt(&document.to_string()).is_none(),
            "{name}: {document}"
        );
    }
    let mut without = good;
    without["receipt"]
        .as_object_mut()
        .unwrap()
        .remove("account");
    let read = documents::signed_receipt(&without.to_string()).unwrap();
    assert_eq!(read.receipt.account, None);
}

#[test]
fn a_problem_is_read_whole_or_not_at_all() {
    let good = problem();
    let read: envelope::protocol::Problem = serde_json::from_value(good.clone()).unwrap();
    let expected = Problem {
        code: read.code,
        detail: read.detail,
        instance: read.instance,
        errors: read.errors,
    };
    assert_eq!(documents::problem(&good.to_string()), Some(expected));
    for (name, document) in spoiled(
        &good,
        &["type", "title", "status", "detail", "instance", "errors"],
    ) {
        assert!(
            documents::problem(&document.to_string()).is_none(),
            "{name}: {document}"
        );
    }
    let mut unknown = good;
    unknown["code"] = json!("made_up");
    assert!(documents::problem(&unknown.to_string()).is_none());
}

#[test]
fn a_stored_credential_is_read_whole_or_not_at_all() {
    let good = stored_key();
    let read = |document: &Value| documents::existing(&json!([document]).to_string());
    let Some(Existing::Stored(stored)) = read(&good) else {
        panic!("not read");
    };
    assert_eq!((stored.kind.id, stored.auth.id), ("Sftp", "SshPublicKey"));
    assert_eq!(stored.secrets, ["privateKeyContent", "passPhrase"]);
    assert_eq!(stored.value("host"), "sftp01");
    assert_eq!(stored.value("hostKeyFingerprint"), "");
    assert_eq!((stored.version, stored.set_at.0), (1, 1_799_000_000));
    assert_eq!(stored.set_by, "ann@example.com");
    let unread = ["df", "ls", "target", "account", "kid"];
    for (name, document) in spoiled(&good, &unread) {
        // An object has properties, if not these: the form's own rules ask for what is missing.
        if name == "properties" && document["properties"].is_object() {
            continue;
        }
        assert!(read(&document).is_none(), "{name}: {document}");
    }
    for (member, value) in [("kind", "Sybase9"), ("auth", "Kerberos")] {
        let mut newer = good.clone();
        newer[member] = value.into();
        assert!(read(&newer).is_none(), "{member} is not in the catalogue");
    }
    let mut unwritten = stored_credential();
    unwritten["properties"]["encrypt"] = "false".into();
    unwritten["properties"]["trustedCertificateSha256"] = "00ff".into();
    let Some(Existing::Stored(stored)) = read(&unwritten) else {
        panic!("not read");
    };
    assert_eq!(stored.value("encrypt"), "false");
    assert_eq!(stored.value("trustedCertificateSha256"), "00ff");
    let mut more = good;
    more["properties"]["new"] = "x".into();
    more["properties"]["passPhrase"] = "must not be taken".into();
    more["secrets"] = json!(["passPhrase", "host", "new"]);
    let Some(Existing::Stored(stored)) = read(&more) else {
        panic!("not read");
    };
    assert_eq!(stored.secrets, ["passPhrase"]);
    assert!(stored.value("new").is_empty() && stored.value("passPhrase").is_empty());

    assert!(matches!(documents::existing("[]"), Some(Existing::Nothing)));
    for text in ["", "null", "{}", "[1]", "[null]", "\"a\"", "<html>"] {
        assert!(documents::existing(text).is_none(), "{text}");
    }
}

#[test]
fn what_is_not_an_object_is_nothing() {
    for text in ["", "null", "1", "\"a\"", "{", "[]", "<html>"] {
        assert!(documents::description(text).is_none(), "{text}");
        assert!(documents::signed_receipt(text).is_none(), "{text}");
        assert!(documents::problem(text).is_none(), "{text}");
    }
}

#[test]
fn what_a_gateway_can_try_is_read_as_far_as_the_page_knows_it() {
    let mut document = description();
    document["tests"] = json!({
        "save": "tested",
        "kinds": { "OnPremisesPostgreSql": ["Basic", "Telepathy"], "Sftp": "Basic", "Unheard": ["Of"] },
    });
    let read = documents::description(&document.to_string()).unwrap();
    let drivers = vec![("OnPremisesPostgreSql", "Basic")];
    let save = Policy::Tested;
    assert_eq!(read.tests, Some(Tests { save, drivers }));
    for newer in [json!({}), json!({ "save": "sometimes", "kinds": [] })] {
        document["tests"] = newer;
        let read = documents::description(&document.to_string()).unwrap();
        let (save, drivers) = (Policy::Chosen, Vec::new());
        assert_eq!(read.tests, Some(Tests { save, drivers }));
    }
}

#[test]
fn a_line_of_a_report_is_read_whole_or_not_at_all() {
    let certificate = json!({ "subject": "CN=db", "issuer": "CN=ca", "sha256": "00", "not_before": 1, "not_after": 2 });
    let stage = json!({
        "v": 1, "stage": "tls", "result": "failed", "ms": 3, "cause": "certificate_untrusted", "sentence": "It is.", "advice": "Ask.",
        "field": "host", "code": "1", "said": "<b>", "certificate": certificate,
    });
    let line = documents::line(&stage.to_string()).unwrap();
    assert_eq!(
        (line.stage.as_str(), line.outcome, line.ms),
        ("tls", Outcome::Failed, 3)
    );
    let cause = line.cause.unwrap();
    assert_eq!(
        [cause.code, cause.sentence, cause.advice],
        ["certificate_untrusted", "It is.", "Ask."]
    );
    assert_eq!(
        (
            cause.field.as_deref(),
            line.code.as_str(),
            line.said.as_str()
        ),
        (Some("host"), "1", "<b>")
    );
    assert_eq!(line.certificate.unwrap().not_after, 2);

    let ending = json!({ "v": 1, "outcome": "passed", "ms": 3 });
    let line = documents::line(&ending.to_string()).unwrap();
    assert_eq!(
        (line.stage.as_str(), line.outcome, line.cause),
        ("", Outcome::Passed, None)
    );
    for (member, value) in [
        ("outcome", json!("almost")),
        ("outcome", Value::Null),
        ("ms", json!(-1)),
        ("ms", json!("3")),
    ] {
        let mut other = ending.clone();
        other[member] = value;
        assert!(documents::line(&other.to_string()).is_none(), "{other}");
    }
    for other in ["", "{", "[]", "null"] {
        assert!(documents::line(other).is_none(), "{other}");
    }
}
