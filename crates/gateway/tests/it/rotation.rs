//! Keys that change under the hands of those who use them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::statement::{Seen, SignedStatement};
use envelope::{JwkSet, KeyStatement, TicketClaims, UnixSeconds};
use gateway::clock;
use gateway::custody::rotation::Former;
use jsonwebtoken::Algorithm;

use crate::custody::rotation::small_key;
use crate::scratch::{PASSWORD, ScratchGateway, seal};

const CLIENTS: usize = 8;
const SAVES: usize = 125;

#[tokio::test]
async fn an_envelope_for_a_gone_key_is_told_to_come_again() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("orders");
    let envelope = gateway.envelope(&claims);
    let custody = &gateway.custody;
    custody.add_key(small_key(), clock::now()).await.unwrap();
    custody
        .rotate(Former::Ends, None, clock::now())
        .await
        .unwrap();
    let answer = gateway.set(&claims, envelope).await;
    answer.assert_problem(409, "key_rotated");
    assert_eq!(save(&gateway, &claims).await, 201);
}

#[tokio::test]
async fn the_identity_key_vouches_for_the_envelope_keys_before_and_after_a_rotation() {
    let gateway = ScratchGateway::new().await;
    let custody = &gateway.custody;
    let claims = TicketClaims {
        thp: custody.identity().kid().clone(),
        ..gateway.claims("orders")
    };
    let mut seen = None;
    for _ in 0..2 {
        let served = JwkSet::parse(&gateway.get("/v1/keys").await.body).unwrap();
        let signed = SignedStatement::parse(served.statement().unwrap()).unwrap();
        assert!(signed.is_by(&claims.thp));
        let signature = Base64UrlUnpadded::encode_string(&signed.signature);
        assert!(custody.identity().verifying_key().verifies(
            Algorithm::EdDSA,
            signed.signing_input.as_bytes(),
            &signature
        ));
        let statement: KeyStatement = serde_json::from_slice(&signed.payload).unwrap();
        let key = statement.key_for(&claims, &served, seen.as_ref()).unwrap();
        assert_eq!(*key.kid(), custody.active_kid());
        seen = Some(Seen {
            seq: statement.seq + 1,
            ..statement.seen()
        });
        custody.add_key(small_key(), clock::now()).await.unwrap();
        let rotated = custody.rotate(Former::Retires, None, clock::now()).await;
        rotated.unwrap();
    }
    assert_eq!(save(&gateway, &claims).await, 201);
}

#[tokio::test]
async fn the_number_of_a_change_is_never_behind_the_clock() {
    let gateway = ScratchGateway::new().await;
    let custody = &gateway.custody;
    // An older copy of the store that is put back is below what was handed out; the next change is not.
    let later = UnixSeconds(clock::now().0 + 1_000_000);
    custody.add_key(small_key(), later).await.unwrap();
    custody.rotate(Former::Retires, None, later).await.unwrap();
    let keys = custody.current_keys().await.unwrap();
    assert!(keys.seq() > later.0, "{}", keys.seq());
}

#[tokio::test]
async fn a_ticket_for_a_foreign_key_is_refused() {
    let gateway = ScratchGateway::new().await;
    let envelope = gateway.envelope(&gateway.claims("orders"));
    let claims = TicketClaims {
        thp: small_key().kid().clone(),
        ..gateway.claims("orders")
    };
    let answer = gateway.set(&claims, envelope).await;
    answer.assert_problem(401, "ticket_invalid");
    assert!(answer.json()["detail"].as_str().unwrap().contains("key"));
}

/// What the page does, once: fetch the keys, seal for the first, send.
async fn save(gateway: &ScratchGateway, claims: &TicketClaims) -> u16 {
    let keys = JwkSet::parse(&gateway.get("/v1/keys").await.body).unwrap();
    let sealed_for = TicketClaims {
        thp: keys.keys()[0].kid().clone(),
        ..claims.clone()
    };
    let envelope = seal(&keys, &sealed_for, PASSWORD);
    let answer = gateway.set(claims, envelope).await;
    if answer.status == 409 {
        answer.assert_problem(409, "key_rotated");
    }
    answer.status.as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_saves_during_rotations_none_is_lost_and_none_doubled() {
    let gateway = Arc::new(ScratchGateway::new().await);
    let done = Arc::new(AtomicBool::new(false));
    let rotating = tokio::spawn({
        let (custody, done) = (gateway.custody.clone(), done.clone());
        async move {
            let mut rotations = 0;
            while !done.load(Ordering::Relaxed) {
                let next = Instant::now() + Duration::from_millis(200);
                let key = tokio::task::spawn_blocking(small_key).await.unwrap();
                custody.add_key(key, clock::now()).await.unwrap();
                tokio::time::sleep_until(next.into()).await;
                custody
                    .rotate(Former::Ends, None, clock::now())
                    .await
                    .unwrap();
                rotations += 1;
            }
            rotations
        }
    });

    let again = Arc::new(AtomicUsize::new(0));
    let clients = (0..CLIENTS).map(|client| {
        let (gateway, again) = (gateway.clone(), again.clone());
        tokio::spawn(async move {
            for number in 0..SAVES {
                let claims = gateway.claims(&format!("ls-{client}-{number}"));
                loop {
                    match save(&gateway, &claims).await {
                        201 => break,
                        409 => again.fetch_add(1, Ordering::Relaxed),
                        status => panic!("{status}"),
                    };
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    let rotations = rotating.await.unwrap();

    let stored = gateway.custody.list(None).await.unwrap();
    assert_eq!(stored.len(), CLIENTS * SAVES);
    assert!(stored.iter().all(|stored| stored.version == 1));
    let again = again.load(Ordering::Relaxed);
    assert!(
        rotations >= 5 && again >= 1,
        "{rotations} rotations, {again} envelopes sealed again: nothing was tried"
    );
}
