use std::fs;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use envelope::{EnvelopePrivateKey, Kid, Operation, TicketClaims, UnixSeconds};
use gateway::clock;
use gateway::custody::Custody;
use gateway::custody::rotation::Former;
use gateway::custody::set::SetProblem;
use gateway::store::envelope_keys::KeyState;

use super::desk::{Desk, replace, settings, sql_server};

const DAY: u64 = 24 * 60 * 60;

/// Smaller than what a gateway makes for itself, to be made faster.
pub(crate) fn small_key() -> EnvelopePrivateKey {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
    let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&key).unwrap();
    EnvelopePrivateKey::from_pkcs8(der.as_ref()).unwrap()
}

async fn rotate(custody: &Custody, former: Former, now: UnixSeconds) -> Kid {
    custody.add_key(small_key(), now).await.unwrap();
    custody
        .rotate(former, Some("tester"), now)
        .await
        .unwrap()
        .active
}

/// A ticket and an envelope for the key that is active now.
fn sealed(desk: &Desk) -> (TicketClaims, String) {
    let claims = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    (claims, envelope)
}

fn key_file_is_there(desk: &Desk, kid: &Kid) -> bool {
    desk.folder
        .envelope_keys()
        .join(format!("{kid}.key"))
        .exists()
}

fn reasons(desk: &Desk, event: &str) -> Vec<serde_json::Value> {
    let mut lines = desk.audit_lines();
    lines.retain(|line| line["event"] == event);
    lines
}

#[tokio::test]
async fn a_retiring_key_still_opens_and_a_restart_changes_nothing() {
    let desk = Desk::new().await;
    let old = desk.custody.active_kid();
    let (first, second) = (sealed(&desk), sealed(&desk));
    let new = rotate(&desk.custody, Former::Retires, clock::now()).await;
    assert_ne!(old, new);
    desk.send(&first.0, &first.1).await.unwrap();

    let desk = desk.reopen().await;
    assert_eq!(desk.custody.active_kid(), new);
    let published: Vec<Kid> = desk
        .custody
        .public_keys()
        .keys()
        .iter()
        .map(|key| key.kid().clone())
        .collect();
    assert_eq!(
        published,
        [new.clone(), old.clone()],
        "the active key is first"
    );
    desk.send(&second.0, &second.1).await.unwrap();
    let (claims, envelope) = sealed(&desk);
    let stored = desk.send(&claims, &envelope).await.unwrap();
    assert_eq!(
        (stored.signed.receipt.version, stored.signed.receipt.kid),
        (3, new.clone())
    );
    let line = &reasons(&desk, "key_rotated")[0];
    assert_eq!(
        (line["kid"].as_str(), line["who"].as_str()),
        (Some(new.as_str()), Some("tester"))
    );
}

#[tokio::test]
async fn an_envelope_for_a_key_that_is_gone_costs_nothing_but_a_second_try() {
    let desk = Desk::new().await;
    let old = desk.custody.active_kid();
    let (claims, envelope) = sealed(&desk);
    let (other_claims, other_envelope) = sealed(&desk);
    rotate(&desk.custody, Former::Ends, clock::now()).await;
    assert_eq!(desk.custody.keys().state(&old), Some(KeyState::Gone));
    assert!(
        !key_file_is_there(&desk, &old),
        "the private key is still there"
    );
    assert!(desk.custody.public_keys().select(&old).is_err());

    // More often than a ticket may fail.
    for _ in 0..7 {
        assert_eq!(
            desk.send(&claims, &envelope).await.unwrap_err(),
            SetProblem::KeyRotated
        );
    }
    assert_eq!(desk.custody.opens(), 0, "RSA work was done");
    let desk = desk.reopen().await;
    assert_eq!(
        desk.send(&claims, &envelope).await.unwrap_err(),
        SetProblem::KeyRotated,
        "after a restart"
    );
    let anew = desk.seal(&claims, sql_server(replace("x")));
    let stored = desk.send(&claims, &anew).await.unwrap();
    assert_eq!(stored.signed.receipt.version, 1);
    // Used up now, whatever the envelope is sealed for.
    assert_eq!(
        desk.send(&claims, &envelope).await.unwrap_err(),
        SetProblem::TicketUsed
    );
    // A ticket that is not good is told so, and nothing about keys.
    let expired = TicketClaims {
        exp: other_claims.iat,
        ..other_claims
    };
    assert_eq!(
        desk.send(&expired, &other_envelope).await.unwrap_err(),
        SetProblem::TicketInvalid
    );
    let refused = reasons(&desk, "credential_set");
    let rotated = refused
        .iter()
        .filter(|line| line["reason"] == "key_rotated");
    assert_eq!(rotated.count(), 8);
}

#[tokio::test]
async fn the_same_envelope_gets_the_same_receipt_when_its_key_is_gone() {
    let desk = Desk::new().await;
    let (claims, envelope) = sealed(&desk);
    let stored = desk.send(&claims, &envelope).await.unwrap();
    rotate(&desk.custody, Former::Ends, clock::now()).await;
    let again = desk.send(&claims, &envelope).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.signed, stored.signed);
}

#[tokio::test]
async fn keys_retire_and_go_when_it_is_time() {
    let desk = Desk::new().await;
    let now = clock::now();
    let first = desk.custody.active_kid();
    desk.custody.keep_keys(now).await.unwrap();
    assert_eq!(desk.custody.active_kid(), first, "nothing is due");
    desk.custody.add_key(small_key(), now).await.unwrap();
    let month = UnixSeconds(now.0 + 30 * DAY + 1);
    desk.custody.keep_keys(month).await.unwrap();
    let second = desk.custody.active_kid();
    assert_ne!(second, first);
    assert_eq!(desk.custody.keys().state(&first), Some(KeyState::Retiring));

    let desk = desk.reopen().await;
    desk.custody
        .keep_keys(UnixSeconds(month.0 + DAY - 1))
        .await
        .unwrap();
    assert_eq!(desk.custody.keys().state(&first), Some(KeyState::Retiring));
    desk.custody
        .keep_keys(UnixSeconds(month.0 + DAY))
        .await
        .unwrap();
    assert_eq!(desk.custody.keys().state(&first), Some(KeyState::Gone));
    assert!(!key_file_is_there(&desk, &first));
    assert_eq!(desk.custody.active_kid(), second);
    assert_eq!(reasons(&desk, "key_gone")[0]["kid"], first.as_str());
}

#[tokio::test]
async fn a_pending_key_waits_for_its_rotation_and_opens_nothing_before() {
    let desk = Desk::new().await;
    let key = small_key();
    let pending = key.kid().clone();
    let keys = envelope::JwkSet::from_keys([key.public_jwk().clone()]).unwrap();
    assert_eq!(
        desk.custody.add_key(key, clock::now()).await.unwrap(),
        pending
    );
    let second = desk.custody.add_key(small_key(), clock::now()).await;
    assert_eq!(second.unwrap(), pending, "there is one at a time");
    assert_eq!(
        fs::read_dir(desk.folder.envelope_keys()).unwrap().count(),
        2
    );

    let desk = desk.reopen().await;
    assert_eq!(desk.custody.keys().state(&pending), Some(KeyState::Pending));
    let claims = desk.claims("orders", Operation::Set);
    let binding = envelope::Binding::from_ticket(&claims, Operation::Set);
    let early = sql_server(replace("x"))
        .seal(
            keys.select(&pending).unwrap(),
            &binding,
            &mut getrandom::SysRng,
        )
        .unwrap();
    assert_eq!(
        desk.send(&claims, early.as_str()).await.unwrap_err(),
        SetProblem::EnvelopeRejected
    );
    let rotated = desk
        .custody
        .rotate(Former::Retires, None, clock::now())
        .await;
    assert_eq!(rotated.unwrap().active, pending);
    desk.send(&claims, early.as_str()).await.unwrap();
}

/// Two openings of one folder share nothing but the files, as a gateway and the command line do.
#[tokio::test]
async fn a_rotation_by_another_process_is_noticed_at_once() {
    let desk = Desk::new().await;
    let (claims, envelope) = sealed(&desk);
    let second = Custody::open(&desk.folder, settings()).await.unwrap();
    let new = rotate(&second, Former::Ends, clock::now()).await;
    second.shutdown().await;
    assert_eq!(
        desk.send(&claims, &envelope).await.unwrap_err(),
        SetProblem::KeyRotated
    );
    assert_eq!(desk.custody.current_keys().await.unwrap().active(), &new);
}

#[tokio::test]
async fn what_a_crash_left_of_a_gone_key_is_removed() {
    let desk = Desk::new().await;
    let old = desk.custody.active_kid();
    let file = desk.folder.envelope_keys().join(format!("{old}.key"));
    let content = fs::read(&file).unwrap();
    rotate(&desk.custody, Former::Ends, clock::now()).await;
    fs::write(&file, content).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let desk = desk.reopen().await;
    assert!(desk.custody.keys().private(&old).is_none());
    desk.custody.keep_keys(clock::now()).await.unwrap();
    assert!(!file.exists());
}
