use std::collections::BTreeMap;
use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use clap::Parser as _;
use envelope::{Secret, SecretChange};

use super::*;
use crate::arguments::Arguments;
use crate::failure::Cause;
use crate::tests::{Act, Identity, serve};

/// A ticket that nobody verifies.
fn ticket(identity: &Identity, now: u64) -> Ticket {
    let segment = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let claims = serde_json::to_vec(&identity.claims(now)).unwrap();
    let compact = [
        segment(br#"{"alg":"EdDSA","typ":"credential-ticket+jwt"}"#),
        segment(&claims),
        segment(&[0; 64]),
    ];
    Ticket::parse(&compact.join(".")).unwrap()
}

fn form() -> CredentialForm {
    let kind = linked_service::kind("Http").unwrap();
    let properties = [("url", "https://a.corp/"), ("userName", "etl")];
    let secret = SecretChange::Replace(Secret::new("s3cret".to_owned()));
    CredentialForm::checked(
        kind,
        kind.auth_type("Basic").unwrap(),
        properties
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        BTreeMap::from([("password", secret)]),
    )
    .unwrap()
}

/// What comes of a set at a gateway that acts like this.
fn outcome(script: &[Act]) -> Result<u64, Failure> {
    let now = tls_trust::now().0;
    let identity = Arc::new(Identity::new());
    let (port, ca) = serve(identity.clone(), script.to_vec(), now);
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known");
    let arguments = Arguments::parse_from([
        "credset".as_ref(),
        "doctor".as_ref(),
        "--gateway".as_ref(),
        format!("https://localhost:{port}").as_ref(),
        "--known-gateways".as_ref(),
        known.as_os_str(),
        "--ca-file".as_ref(),
        ca.as_os_str(),
    ]);
    let general = arguments.general;
    let gateway = general.client(None)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ticket = ticket(&identity, now);
    let done = runtime.block_on(async {
        let mut delivery = Delivery::prepare(&general, &gateway, &ticket).await?;
        delivery.set(&form()).await
    });
    std::fs::remove_file(ca).unwrap();
    done.map(|stored| stored.receipt().version)
}

#[test]
fn a_key_that_is_replaced_meanwhile_is_not_noticed() {
    let script = [
        Act::Keys("good"),
        Act::Rotated,
        Act::Keys("factor-65539"),
        Act::Stored,
    ];
    assert_eq!(outcome(&script), Ok(1));
}

#[test]
fn an_answer_that_is_lost_is_asked_for_again() {
    let script = [Act::Keys("good"), Act::Lost, Act::Busy, Act::Stored];
    assert_eq!(outcome(&script), Ok(1));
    let script = [Act::Keys("good"), Act::Lost, Act::Lost, Act::Lost];
    assert_eq!(outcome(&script).unwrap_err().cause, Cause::Network);
}

/// One that changes its key at every request is not followed for ever.
#[test]
fn resealing_comes_to_an_end() {
    let mut script = vec![Act::Keys("good"), Act::Rotated];
    for _ in 0..MAX_RESEALS {
        script.extend([Act::Keys("good"), Act::Rotated]);
    }
    assert_eq!(outcome(&script).unwrap_err().code, "key_rotated");
}
