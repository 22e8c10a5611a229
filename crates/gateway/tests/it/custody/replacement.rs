//! Another identity key: who signs, what leads whom to it, and what a kill leaves.

use std::fs;

use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::IdentityJwk;
use envelope::statement::{Seen, SignedStatement};
use envelope::{JwkSet, KeyStatement, Operation, TicketClaims, UnixSeconds};
use gateway::audit::verify::{Kind, Report, Source, Witness, verify};
use gateway::clock;
use gateway::custody::access::{Action, RefusalReason, TicketProblem};
use gateway::custody::verification::Whole;
use gateway::custody::{Custody, CustodyError};
use gateway::identity::IdentityError;
use gateway::issuers::PublicKey;
use gateway::store::writer::WriteError;
use jsonwebtoken::Algorithm;

use super::audit_chain::{against, record, whole_trail};
use super::damage::execute;
use super::desk::{Closed, Desk, access, replace, sql, sql_server};

fn is_signed(jwk: &IdentityJwk, input: &str, signature: &str) -> bool {
    let x = Base64UrlUnpadded::decode_vec(&jwk.x).unwrap();
    let key = PublicKey::ed25519(&x.try_into().unwrap()).unwrap();
    key.verifies(Algorithm::EdDSA, input.as_bytes(), signature)
}

fn verified(jws: &str) -> KeyStatement {
    let signed = SignedStatement::parse(jws).unwrap();
    let statement: KeyStatement = serde_json::from_slice(&signed.payload).unwrap();
    assert!(signed.is_by(&statement.identity.thumbprint()));
    let signature = Base64UrlUnpadded::encode_string(&signed.signature);
    assert!(is_signed(
        &statement.identity,
        signed.signing_input,
        &signature
    ));
    statement
}

/// What whoever seals makes of the key document.
async fn led(custody: &Custody) -> (JwkSet, KeyStatement) {
    let served = custody.key_document(clock::now()).await.unwrap().to_json();
    assert!(served.len() <= 16 * 1024, "{}", served.len());
    let served = JwkSet::parse(served.as_bytes()).unwrap();
    let mut all = served.statement().unwrap().split(' ').map(verified);
    let mut statement = all.next().unwrap();
    assert!(all.all(|hand_over| statement.follow(&hand_over)));
    (served, statement)
}

/// The trail as somebody sees it who has nothing but a thumbprint.
fn from_afar(closed: &Closed, bytes: &[u8], known: &Custody) -> Report {
    from_afar_with(closed, bytes, known, Vec::new())
}

fn from_afar_with(
    closed: &Closed,
    bytes: &[u8],
    known: &Custody,
    checkpoints: Vec<String>,
) -> Report {
    let against = gateway::audit::verify::Against {
        gateway: None,
        identity: Witness::Thumbprint(known.identity().kid().clone()),
        store: None,
        checkpoints,
    };
    let copy = closed.folder.path().join("copy.jsonl");
    fs::write(&copy, bytes).unwrap();
    verify(vec![Source::File(copy)], against).unwrap()
}

fn kinds(report: &Report) -> Vec<Kind> {
    report.findings.iter().map(|finding| finding.kind).collect()
}

#[tokio::test]
async fn whoever_knows_an_earlier_key_goes_on_while_a_gateway_runs() {
    let desk = Desk::new().await;
    let first = desk.custody.identity();
    let claims = TicketClaims {
        thp: first.kid().clone(),
        ..desk.claims("orders", Operation::Set)
    };
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    let ticket = first.issue(&claims).unwrap().to_string();
    let (_, before) = led(&desk.custody).await;
    let seen = before.seen();

    // Another process, twice.
    let other = Closed::over(&desk.folder).try_open().await.unwrap();
    let mut kids = vec![first.kid().clone()];
    for _ in 0..2 {
        let replaced = other.replace_identity("owner", clock::now()).await.unwrap();
        assert_eq!(replaced.former, *kids.last().unwrap());
        kids.push(replaced.present.kid().clone());
    }
    assert!(!desk.folder.next_identity().exists());

    let (served, now) = led(&desk.custody).await;
    assert_eq!(now.identity.thumbprint(), kids[2]);
    assert_eq!(now.predecessors, [kids[1].clone(), kids[0].clone()]);
    assert!(now.seq > seen.seq, "{} {}", now.seq, seen.seq);
    now.key_for(&claims, &served, Some(&seen)).unwrap();
    // Somebody else's key leads nowhere.
    let stranger = Seen {
        identity: desk.custody.active_kid(),
        ..seen
    };
    assert!(now.key_for(&claims, &served, Some(&stranger)).is_err());

    // The ticket names the first key, and is signed by it.
    let access = access(&claims, Action::Set);
    let opened = desk.custody.authorise(&ticket, &access, clock::now());
    let opened = opened.await.unwrap();
    let stored = desk
        .custody
        .set(opened, envelope.as_bytes(), clock::now())
        .await
        .unwrap();
    let (input, signature) = stored.signed.jws.rsplit_once('.').unwrap();
    assert!(is_signed(&now.identity, input, signature));

    let lines = desk.audit_lines();
    let told: Vec<_> = lines
        .iter()
        .filter(|line| line["event"] == "identity_replaced")
        .collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["hand_over"]["former"], *kids[0].as_str());
    assert_eq!(told[0]["hand_over"]["successor"], *kids[1].as_str());
    assert_eq!(told[0]["who"], "owner");
    other.shutdown().await;
    let closed = desk.close().await;
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(report.whole, "{report}");
}

#[tokio::test]
async fn a_receipt_is_signed_by_the_key_of_its_own_moment() {
    let desk = Desk::new().await;
    let other = Closed::over(&desk.folder).try_open().await.unwrap();
    let claims = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    // The ticket is checked before the key is replaced, and nothing is asked between that and the store's transaction.
    let ticket = desk.authorise(&claims, Action::Set).await.unwrap();
    let replaced = other.replace_identity("owner", clock::now()).await.unwrap();
    let stored = desk
        .custody
        .set(ticket, envelope.as_bytes(), clock::now())
        .await
        .unwrap();
    let (input, signature) = stored.signed.jws.rsplit_once('.').unwrap();
    assert!(is_signed(replaced.present.public(), input, signature));
    other.shutdown().await;
}

#[tokio::test]
async fn what_a_former_key_signs_later_is_no_ticket() {
    let desk = Desk::new().await;
    let former = desk.custody.identity();
    let now = clock::now();
    let until = UnixSeconds(now.0 - 10);
    desk.custody.replace_identity("owner", until).await.unwrap();
    let authorise = async |iat| {
        let claims = TicketClaims {
            iat: UnixSeconds(iat),
            nbf: UnixSeconds(iat),
            exp: UnixSeconds(iat + 600),
            ..desk.claims("orders", Operation::Set)
        };
        let ticket = former.issue(&claims).unwrap();
        let access = access(&claims, Action::Set);
        desk.custody
            .authorise(&ticket, &access, now)
            .await
            .map(|_| ())
    };
    assert_eq!(authorise(until.0).await, Ok(()));
    let refused = Err(TicketProblem::Refused(RefusalReason::Signature));
    assert_eq!(authorise(until.0 + 1).await, refused);
}

#[tokio::test]
async fn eight_hand_overs_are_kept() {
    let desk = Desk::new().await;
    let mut kids = Vec::new();
    for _ in 0..9 {
        let replaced = desk
            .custody
            .replace_identity("owner", clock::now())
            .await
            .unwrap();
        kids.insert(0, replaced.former);
    }
    let (_, now) = led(&desk.custody).await;
    assert_eq!(now.predecessors, kids[..8]);
    let identities = desk.custody.identities().await.unwrap();
    assert!(identities.is_or_was(&kids[7]) && !identities.is_or_was(&kids[8]));
}

#[tokio::test]
async fn killed_before_the_switch_the_old_key_is_whole() {
    let desk = Desk::new().await;
    let first = desk.custody.identity();
    let closed = desk.close().await;
    let elsewhere = Desk::new().await;
    elsewhere
        .custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    fs::copy(elsewhere.folder.identity(), closed.folder.next_identity()).unwrap();
    let desk = closed.open().await;
    assert_eq!(desk.custody.identity().kid(), first.kid());
    assert!(!desk.folder.next_identity().exists());
    desk.custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
}

#[tokio::test]
async fn killed_after_the_switch_the_new_key_is_whole() {
    let desk = Desk::new().await;
    let former = fs::read(desk.folder.identity()).unwrap();
    let replaced = desk
        .custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    let closed = desk.close().await;
    let (identity, next) = (closed.folder.identity(), closed.folder.next_identity());
    fs::rename(&identity, &next).unwrap();
    fs::write(&identity, &former).unwrap();
    let permissions = fs::metadata(&next).unwrap().permissions();
    fs::set_permissions(&identity, permissions).unwrap();

    let desk = closed.open().await;
    assert_eq!(desk.custody.identity().kid(), replaced.present.kid());
    assert_eq!(led(&desk.custody).await.1.predecessors, [replaced.former]);
    assert!(!next.exists());
    assert_ne!(fs::read(&identity).unwrap(), former);
    // An older copy of the key alone is told of, and not used.
    fs::write(&identity, &former).unwrap();
    let closed = desk.close().await;
    let refused = closed.try_open().await;
    assert!(matches!(
        refused,
        Err(CustodyError::Identity(IdentityError::Another))
    ));
    assert_eq!(fs::read(&identity).unwrap(), former);
}

#[tokio::test]
async fn a_replacement_whose_line_could_not_be_written_is_finished_later() {
    let desk = Desk::new().await;
    record(&desk, 3).await;
    let first = desk.custody.identity();
    let other = Closed::over(&desk.folder).try_open().await.unwrap();
    let (audit, aside) = (desk.folder.audit(), desk.folder.path().join("aside"));
    fs::rename(&audit, &aside).unwrap();
    fs::create_dir(&audit).unwrap();
    // A checkpoint waits that is the former key's, and then the hand-over.
    assert!(desk.custody.sign_audit(clock::now()).await.is_err());
    let failed = other.replace_identity("owner", clock::now()).await;
    assert!(matches!(
        failed,
        Err(CustodyError::Write(WriteError::Audit(_)))
    ));
    assert!(desk.folder.next_identity().exists());
    fs::remove_dir(&audit).unwrap();
    fs::rename(&aside, &audit).unwrap();
    other.shutdown().await;

    let desk = desk.drop_dead().open().await;
    assert_ne!(desk.custody.identity().kid(), first.kid());
    assert!(!desk.folder.next_identity().exists());
    let closed = desk.close().await;
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(report.whole, "{report}");
    assert_eq!(report.checkpoints, 2);
}

#[tokio::test]
async fn the_store_cannot_name_another_former_key() {
    let desk = Desk::new().await;
    desk.custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    let elsewhere = Desk::new().await;
    elsewhere
        .custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    let foreign: String = sqlx::query_scalar("SELECT jws FROM identity_succession")
        .fetch_one(&mut elsewhere.sql().await)
        .await
        .unwrap();
    let closed = desk.close().await;
    let put = async |jws: &str| {
        sqlx::query("UPDATE identity_succession SET jws = ?")
            .bind(jws)
            .execute(&mut sql(&closed.folder).await)
            .await
            .unwrap();
        match closed.try_open().await {
            Err(CustodyError::Identity(error)) => error,
            _ => panic!("opened"),
        }
    };
    assert!(matches!(put(&foreign).await, IdentityError::Another));
    assert!(matches!(put("a.b.c").await, IdentityError::Damaged));
}

#[tokio::test]
async fn a_trail_leads_from_the_first_key_to_the_present_one() {
    let desk = Desk::new().await;
    record(&desk, 3).await;
    desk.custody.sign_audit(clock::now()).await.unwrap();
    desk.custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    record(&desk, 3).await;
    desk.custody.sign_audit(clock::now()).await.unwrap();
    let custody = desk.custody.clone();
    let closed = Closed::over(&desk.folder);
    let bytes = fs::read(closed.folder.audit()).unwrap();
    let lines: Vec<_> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let at = lines
        .iter()
        .position(|line| String::from_utf8_lossy(line).contains("identity_replaced"))
        .unwrap();
    let report = from_afar(&closed, &bytes, &custody);
    assert!(report.whole, "{report}");
    assert_eq!(report.checkpoints, 3);

    // Checkpoints that were kept elsewhere, by either key.
    let kept = |line: &[u8]| {
        let line: serde_json::Value = serde_json::from_slice(line).unwrap();
        line["jws"].as_str().unwrap().to_owned()
    };
    let all = vec![kept(lines[at - 1]), kept(lines[at + 1])];
    let report = from_afar_with(&closed, &bytes, &custody, all.clone());
    assert!(report.whole, "{report}");
    let report = from_afar_with(&closed, &lines[..at - 2].concat(), &custody, all);
    let found = kinds(&report);
    assert!(found.contains(&Kind::EndMissing), "{report}");

    // Before the hand-over, the trail is a former key's.
    let report = from_afar(&closed, &lines[..at].concat(), &custody);
    assert_eq!(kinds(&report), [Kind::OtherGateway]);
    // Anybody can make a key that hands over: the present one has to have signed after that.
    let report = from_afar(&closed, &lines[..=at].concat(), &custody);
    assert_eq!(kinds(&report), [Kind::OtherGateway]);
    assert!(
        report.findings[0].expected.contains("checkpoint"),
        "{report}"
    );
    // Without the hand-over.
    let without = [&lines[..at], &lines[at + 1..]].concat().concat();
    let found = kinds(&from_afar(&closed, &without, &custody));
    assert!(found.contains(&Kind::Missing) && found.contains(&Kind::ForgedCheckpoint));
    // With one that is not signed so.
    let line = String::from_utf8(lines[at].to_vec()).unwrap();
    let forgeries = [
        line.replace("\"}}", "A\"}}"),
        line.replace(
            "\"hand_over\":{\"former\":\"",
            "\"hand_over\":{\"former\":\"A",
        ),
        line.replace("\"hand_over\":", "\"hand_ever\":"),
    ];
    for forged in forgeries {
        assert_ne!(forged, line);
        let forged = [&lines[..at], &[forged.as_bytes()], &lines[at + 1..]]
            .concat()
            .concat();
        let report = from_afar(&closed, &forged, &custody);
        assert!(!report.whole);
        let found = kinds(&report);
        let is_told = found.contains(&Kind::ForgedHandOver) || found.contains(&Kind::Unreadable);
        assert!(is_told, "{report}");
        assert!(found.contains(&Kind::OtherGateway), "{report}");
    }
}

#[tokio::test]
async fn hand_overs_that_were_taken_away_with_what_the_store_knows_of_them_are_noticed() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let mut sql = desk.sql().await;
    execute(
        &mut sql,
        "CREATE TEMP TABLE kept AS SELECT * FROM store_state",
    )
    .await;
    desk.custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    let back =
        "DELETE FROM identity_succession; INSERT OR REPLACE INTO store_state SELECT * FROM kept";
    execute(&mut sql, back).await;
    let report = desk.custody.verify_store().await.unwrap();
    assert_eq!(report.whole, Whole::OtherRows);
}

#[tokio::test]
async fn hand_overs_that_were_taken_away_are_noticed() {
    let desk = Desk::new().await;
    desk.custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    let is = async |desk: &Desk, expected: Whole| {
        let report = desk.custody.verify_store().await.unwrap();
        assert_eq!(report.whole, expected);
    };
    is(&desk, Whole::AsWritten).await;
    execute(&mut desk.sql().await, "DELETE FROM identity_succession").await;
    is(&desk, Whole::OtherSuccession).await;
    // Neither another term nor a set hides it.
    desk.custody.rotate_terms(None, clock::now()).await.unwrap();
    desk.custody.renew(clock::now()).await.unwrap();
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let desk = desk.reopen().await;
    is(&desk, Whole::OtherSuccession).await;
    // Nor is it hidden by another replacement.
    let refused = desk.custody.replace_identity("owner", clock::now()).await;
    let refused = refused.err().unwrap().to_string();
    assert!(refused.contains("key verify --accept"), "{refused}");
    is(&desk, Whole::OtherSuccession).await;

    let accepted = desk.custody.accept_store("owner", clock::now());
    accepted.await.unwrap();
    is(&desk, Whole::AsWritten).await;
    desk.custody
        .replace_identity("owner", clock::now())
        .await
        .unwrap();
    is(&desk.reopen().await, Whole::AsWritten).await;
}
