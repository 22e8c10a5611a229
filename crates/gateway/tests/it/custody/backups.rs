//! A snapshot while others write, and what is refused of a backup: whoever has the public half of a recovery key can make one.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gateway::backup::age::recovery_key::RecoveryIdentity;
use gateway::backup::age::{self, Lock, Opener};
use gateway::backup::archive::{self, Content, Member};
use gateway::backup::manifest::Facts;
use gateway::backup::member_name::MemberName;
use gateway::backup::restore::{self, Opened, RestoreError};
use gateway::backup::snapshot::{self, Snapshot};
use gateway::clock;
use gateway::custody::Custody;
use gateway::custody::rotation::Former;
use gateway::data_folder::{self, DataFolder};

use super::desk::{Desk, assert_complete, audit_lines, df, ls, replace, settings, sql_server};
use super::rotation::small_key;

/// With a configuration, as `init` writes one, and some credentials.
async fn filled() -> Desk {
    let desk = Desk::new().await;
    let configuration = "id = \"gw-test\"\nname = \"Test\"\nnames = [\"localhost\"]\n";
    data_folder::write_new(&desk.folder.configuration(), configuration.as_bytes()).unwrap();
    for name in ["orders", "orders", "customers"] {
        desk.set(name, sql_server(replace(name))).await.unwrap();
    }
    desk
}

async fn snapshot(custody: &Custody) -> Snapshot {
    snapshot::take(custody, clock::now()).await.unwrap()
}

/// Keys of this test alone.
struct Keys(RecoveryIdentity);

impl Keys {
    fn new() -> Self {
        Self(RecoveryIdentity::generate().unwrap())
    }

    fn opener(&self) -> Opener {
        let file = self.0.to_file().unwrap();
        Opener::Identities(RecoveryIdentity::parse_file(&file).unwrap())
    }

    /// Written and encrypted, whatever the members are.
    fn backup(&self, facts: Facts, members: &mut [Member]) -> Vec<u8> {
        let keys = [self.0.public().clone()];
        let mut encrypting = age::encrypt(Vec::new(), &Lock::RecoveryKeys(&keys)).unwrap();
        archive::write(&mut encrypting, facts, 0, members).unwrap();
        encrypting.finish().unwrap()
    }

    fn backup_of(&self, mut snapshot: Snapshot) -> Vec<u8> {
        self.backup(snapshot.facts.clone(), &mut snapshot.members)
    }

    /// Opened in a folder that is empty again if that fails.
    async fn open(&self, backup: &[u8], place: &Path) -> Result<Opened, RestoreError> {
        let opened = restore::open(Cursor::new(backup), &self.opener(), place).await;
        if opened.is_err() {
            let left = place.read_dir().unwrap().count();
            assert_eq!(left, 0, "something was left");
        }
        opened
    }
}

/// Restored, and custody over it.
async fn restored(keys: &Keys, backup: &[u8]) -> (tempfile::TempDir, Custody) {
    let outer = tempfile::tempdir().unwrap();
    let folder = restore::empty_folder(&outer.path().join("restored")).unwrap();
    let opened = keys.open(backup, folder.path()).await.unwrap();
    opened
        .install(&folder, settings(), "tester", clock::now())
        .await
        .unwrap();
    (outer, Custody::open(&folder, settings()).await.unwrap())
}

fn holds(revealed: &gateway::custody::reveal::RevealedCredential, value: &str) -> bool {
    // EXPOSE: compared with what was typed.
    revealed.secrets["password"].expose() == value
}

#[tokio::test]
async fn a_restored_gateway_has_everything_under_another_key_encryption_key() {
    let desk = filled().await;
    let keys = Keys::new();
    let seq = desk.custody.keys().seq();
    let backup = keys.backup_of(snapshot(&desk.custody).await);
    let (outer, custody) = restored(&keys, &backup).await;
    for (name, version) in [("orders", 2), ("customers", 1)] {
        let revealed = custody
            .reveal(&df(), &ls(name), "owner", clock::now())
            .await
            .unwrap();
        assert!(holds(&revealed, name) && revealed.version == version);
    }
    assert!(custody.verify_store().await.unwrap().is_sound());
    assert_eq!(custody.identity().kid(), desk.custody.identity().kid());
    assert_eq!(custody.active_kid(), desk.custody.active_kid());
    // Newer than whatever browsers have seen, and than what the gateway can have done since.
    assert!(custody.keys().seq() > seq.max(clock::now().0));
    let folder = custody.folder().clone();
    let kek = |folder: &DataFolder| std::fs::read(folder.kek()).unwrap();
    assert!(kek(&folder) != kek(&desk.folder));
    custody.shutdown().await;
    // The audit trail goes on where it was.
    let (before, after) = (desk.audit_lines(), audit_lines(&folder));
    assert_complete(&after);
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!(after[before.len()]["event"], "restored");
    assert!(!after.iter().any(|line| line["event"] == "audit_gap"));
    let names = outer.path().join("restored").read_dir().unwrap();
    assert!(
        !names
            .map(|entry| entry.unwrap().file_name())
            .any(|name| name.to_string_lossy().starts_with(".backup"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_taken_while_everything_changes_fit_together() {
    let desk = Arc::new(filled().await);
    let done = Arc::new(AtomicBool::new(false));
    let writer = {
        let (desk, done) = (desk.clone(), done.clone());
        tokio::spawn(async move {
            let mut number = 0;
            while !done.load(Ordering::Relaxed) {
                number += 1;
                let name = format!("ls-{number}");
                // The key may be gone when the envelope comes.
                let _ = desk.set(&name, sql_server(replace(&name))).await;
            }
            number
        })
    };
    let rotating = {
        let (custody, done) = (desk.custody.clone(), done.clone());
        let mut small_keys: Vec<_> = (0..3).map(|_| small_key()).collect();
        tokio::spawn(async move {
            let mut terms = 0;
            while !done.load(Ordering::Relaxed) {
                if let Some(key) = small_keys.pop() {
                    custody.add_key(key, clock::now()).await.unwrap();
                    custody
                        .rotate(Former::Ends, None, clock::now())
                        .await
                        .unwrap();
                }
                custody.rotate_terms(None, clock::now()).await.unwrap();
                custody.renew(clock::now()).await.unwrap();
                terms += 1;
            }
            terms
        })
    };
    let keys = Keys::new();
    let place = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for _ in 0..6 {
        let snapshot = snapshot(&desk.custody).await;
        assert_eq!(
            (snapshot.facts.damaged, snapshot.facts.store.as_str()),
            (0, "as_written")
        );
        let backup = keys.backup_of(snapshot);
        let opened = keys.open(&backup, place.path()).await.unwrap();
        seen.push(opened.facts.credentials);
    }
    done.store(true, Ordering::Relaxed);
    assert!(writer.await.unwrap() > 6 && rotating.await.unwrap() > 1);
    assert!(
        seen.is_sorted() && seen[0] < seen[5],
        "nobody wrote meanwhile: {seen:?}"
    );
    let (_outer, custody) = restored(&keys, &keys.backup_of(snapshot(&desk.custody).await)).await;
    for stored in custody.list(None).await.unwrap() {
        let revealed = custody
            .reveal(&df(), &stored.ls, "owner", clock::now())
            .await
            .unwrap();
        assert!(holds(&revealed, stored.ls.as_str()), "{}", stored.ls);
    }
}

#[tokio::test]
async fn whatever_byte_of_a_backup_is_changed_it_is_refused() {
    let desk = filled().await;
    let keys = Keys::new();
    let backup = keys.backup_of(snapshot(&desk.custody).await);
    let place = tempfile::tempdir().unwrap();
    let header = 0..250;
    let places: Vec<usize> = header
        .step_by(7)
        .chain((250..backup.len()).step_by(2011))
        .collect();
    for at in places.into_iter().chain([backup.len() - 1]) {
        let mut changed = backup.clone();
        changed[at] ^= 0x20;
        assert!(
            keys.open(&changed, place.path()).await.is_err(),
            "byte {at}"
        );
        assert!(
            keys.open(&backup[..at], place.path()).await.is_err(),
            "cut to {at}"
        );
    }
    assert!(keys.open(&backup, place.path()).await.is_ok());
    let stranger = Keys::new();
    assert!(matches!(
        stranger.open(&backup, place.path()).await,
        Err(RestoreError::Age(_))
    ));
}

fn bytes(member: &mut Member) -> Vec<u8> {
    use std::io::Seek;
    match &mut member.content {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::File { file, length } => {
            file.rewind().unwrap();
            let mut bytes = Vec::new();
            file.take(*length).read_to_end(&mut bytes).unwrap();
            bytes
        }
    }
}

fn named(name: &str, content: Vec<u8>) -> Member {
    Member {
        name: MemberName::parse(name).unwrap(),
        content: Content::Bytes(content.into()),
    }
}

/// Members of one snapshot, by the beginning of their name.
fn find<'m>(members: &'m mut [Member], prefix: &str) -> &'m mut Member {
    members
        .iter_mut()
        .find(|member| member.name.as_str().starts_with(prefix))
        .unwrap()
}

#[tokio::test]
async fn a_backup_whose_parts_do_not_belong_together_is_refused() {
    let keys = Keys::new();
    let place = tempfile::tempdir().unwrap();
    let desk = filled().await;
    let earlier = snapshot(&desk.custody).await;
    desk.custody.rotate_terms(None, clock::now()).await.unwrap();
    desk.custody.renew(clock::now()).await.unwrap();
    desk.set("later", sql_server(replace("later")))
        .await
        .unwrap();
    let mut earlier = earlier.members;

    // Parts of an earlier backup of the same gateway, and of none.
    for part in [
        "store.sqlite",
        "identity.key",
        "envelope-keys/",
        "keyring-terms.json",
    ] {
        let mut now = snapshot(&desk.custody).await;
        let old = bytes(find(&mut earlier, part));
        let new = find(&mut now.members, part);
        *new = named(new.name.as_str(), old);
        let opened = keys.open(&keys.backup_of(now), place.path()).await;
        assert!(opened.is_err(), "{part} of an earlier backup");
    }
    // A key under another key's name, and none at all.
    let mut other_name = snapshot(&desk.custody).await;
    let key = find(&mut other_name.members, "envelope-keys/");
    *key = named(
        "envelope-keys/NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs.key",
        bytes(key),
    );
    assert!(
        keys.open(&keys.backup_of(other_name), place.path())
            .await
            .is_err()
    );
    let mut without = snapshot(&desk.custody).await;
    without
        .members
        .retain(|member| !member.name.as_str().starts_with("envelope-keys/"));
    assert!(
        keys.open(&keys.backup_of(without), place.path())
            .await
            .is_err()
    );

    // A manifest that says something else.
    type Lie = fn(&mut Facts);
    let lies: [(&str, Lie); 5] = [
        ("gateway", |facts| {
            facts.gateway = envelope::GatewayId::parse("gw-other").unwrap();
        }),
        ("identity", |facts| {
            facts.identity =
                envelope::Kid::parse("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs").unwrap();
        }),
        ("credentials", |facts| facts.credentials += 1),
        ("envelope keys", |facts| facts.envelope_keys += 1),
        ("audit", |facts| facts.audit_through += 1),
    ];
    for (what, lie) in lies {
        let mut snapshot = snapshot(&desk.custody).await;
        lie(&mut snapshot.facts);
        assert!(
            keys.open(&keys.backup_of(snapshot), place.path())
                .await
                .is_err(),
            "{what}"
        );
    }
    assert!(
        keys.open(&keys.backup_of(snapshot(&desk.custody).await), place.path())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_row_that_was_damaged_before_is_told_and_stops_no_backup() {
    let desk = filled().await;
    let change = "UPDATE credential SET target = 'elsewhere' WHERE ls = 'orders'";
    sqlx::query(change)
        .execute(&mut desk.sql().await)
        .await
        .unwrap();
    let keys = Keys::new();
    let taken = snapshot(&desk.custody).await;
    assert_eq!((taken.facts.credentials, taken.facts.damaged), (1, 1));
    let backup = keys.backup_of(taken);
    let (_outer, custody) = restored(&keys, &backup).await;
    assert_eq!(custody.list(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_audit_trail_that_was_changed_before_is_told_and_stops_no_backup() {
    let desk = filled().await;
    let trail = std::fs::read_to_string(desk.folder.audit()).unwrap();
    let changed = trail.replacen("tester", "nobody", 1);
    assert_ne!(changed, trail);
    std::fs::write(desk.folder.audit(), changed).unwrap();
    let keys = Keys::new();
    let place = tempfile::tempdir().unwrap();
    let backup = keys.backup_of(snapshot(&desk.custody).await);
    let opened = keys.open(&backup, place.path()).await.unwrap();
    assert!(opened.audit.findings > 0);
    assert!(opened.audit.first.unwrap().starts_with("audit.jsonl"));
}

#[tokio::test]
async fn a_folder_with_anything_in_it_is_not_restored_into() {
    let outer = tempfile::tempdir().unwrap();
    let path = outer.path().join("a/b");
    assert!(restore::empty_folder(&path).is_ok() && path.is_dir());
    std::fs::create_dir(path.join(".backup-killed")).unwrap();
    assert!(restore::empty_folder(&path).is_ok());
    std::fs::write(path.join("kek.key"), "").unwrap();
    assert!(matches!(
        restore::empty_folder(&path),
        Err(RestoreError::NotEmpty(_))
    ));
}

#[tokio::test]
async fn a_replacement_that_was_killed_is_finished_before_anything_is_copied() {
    let desk = filled().await;
    let identity = desk.folder.identity();
    let former = std::fs::read(&identity).unwrap();
    let replaced = desk.custody.replace_identity("owner", clock::now());
    let present = replaced.await.unwrap().present;
    // As a kill before the last step leaves them, in another process than the one that makes the backup.
    std::fs::rename(&identity, desk.folder.next_identity()).unwrap();
    data_folder::write_new(&identity, &former).unwrap();

    let keys = Keys::new();
    let backup = keys.backup_of(snapshot(&desk.custody).await);
    let place = tempfile::tempdir().unwrap();
    let opened = keys.open(&backup, place.path()).await.unwrap();
    assert_eq!(opened.verified.identity, *present.kid());
    assert_eq!(opened.audit.findings, 0, "{:?}", opened.audit.first);
    drop(opened);
    let (_outer, custody) = restored(&keys, &backup).await;
    assert_eq!(custody.identity().kid(), present.kid());
    assert!(!desk.folder.next_identity().exists());

    // A backup with the former key is none.
    let mut members = snapshot(&desk.custody).await;
    *find(&mut members.members, "identity.key") = named("identity.key", former);
    let opened = keys.open(&keys.backup_of(members), place.path()).await;
    assert!(opened.is_err());
}
