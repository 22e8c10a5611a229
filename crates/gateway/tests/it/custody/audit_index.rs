//! The index of the audit trail: a start goes on after it, and believes nobody else's.

use std::fs;
use std::path::PathBuf;

use gateway::audit::Keeping;
use gateway::audit::rotation::Rotated;
use gateway::clock;
use gateway::custody::entry::Damage;
use gateway::custody::learning::Extent;
use gateway::custody::verification::StoreReport;
use gateway::custody::{Custody, Settings};

use super::audit_chain::record;
use super::audit_told::BACK;
use super::damage::{KEEP, damaged, execute, filled};
use super::desk::{Desk, replace, settings, sql_server};

/// As many lines as are worth an index, and one by itself: with it the store remembers that the others are in the file.
async fn record_many(desk: &Desk) {
    record(desk, 1100).await;
    record(desk, 1).await;
}

fn index(desk: &Desk) -> PathBuf {
    desk.folder.path().join("audit.index")
}

async fn at_start(desk: &Desk) -> (StoreReport, Extent) {
    let (report, extent) = desk.custody.verify_store_at_start().await;
    (report.unwrap(), extent)
}

/// As the service does every hour.
async fn look(desk: &Desk) {
    let report = desk.custody.verify_store_in_service().await;
    assert!(report.unwrap().is_sound());
}

#[tokio::test]
async fn a_start_goes_on_after_the_index_and_knows_what_was_before_it() {
    let desk = filled().await;
    look(&desk).await;
    assert!(!index(&desk).exists(), "of a few lines");
    let mut sql = desk.sql().await;
    execute(&mut sql, KEEP).await;
    let newer = sql_server(replace("newer"));
    desk.set("orders", newer).await.unwrap();
    record_many(&desk).await;
    look(&desk).await;
    let older = fs::read(index(&desk)).unwrap();

    let desk = desk.reopen().await;
    let (found, extent) = at_start(&desk).await;
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(extent, Extent::AfterIndex);

    // What comes before it is not read, and what comes after it is.
    let mut trail = fs::read(desk.folder.audit()).unwrap();
    trail[10] ^= 1;
    fs::write(desk.folder.audit(), &trail).unwrap();
    let claims = desk.claims("customers", envelope::Operation::Delete);
    desk.delete(&claims).await.unwrap();
    execute(&mut sql, BACK).await;
    let desk = desk.reopen().await;
    let expected = [
        ("customers", Damage::Restored),
        ("orders", Damage::RolledBack),
    ];
    let (found, extent) = at_start(&desk).await;
    assert_eq!(extent, Extent::AfterIndex);
    assert_eq!(damaged(&found), expected);
    assert_eq!(found.unverified, None);
    // Which is why the service looks at everything right afterwards.
    let whole = desk.custody.verify_store_in_service().await.unwrap();
    assert_eq!(damaged(&whole), expected);
    assert!(whole.unverified.is_some());

    // An older one that was put back is gone on from.
    trail = fs::read(desk.folder.audit()).unwrap();
    trail[10] ^= 1;
    fs::write(desk.folder.audit(), &trail).unwrap();
    record_many(&desk).await;
    let _ = desk.custody.verify_store_in_service().await.unwrap();
    assert_ne!(fs::read(index(&desk)).unwrap(), older);
    fs::write(index(&desk), older).unwrap();
    let desk = desk.reopen().await;
    let (found, extent) = at_start(&desk).await;
    assert_eq!(extent, Extent::AfterIndex);
    assert_eq!(damaged(&found), expected);
}

#[tokio::test]
async fn an_index_that_does_not_fit_is_not_used() {
    let desk = filled().await;
    record_many(&desk).await;
    look(&desk).await;
    let sound = fs::read(index(&desk)).unwrap();
    let text = String::from_utf8(sound.clone()).unwrap();
    let from_front = text.replacen("\"term\":1", "\"term\":2", 1);
    let from_body = text.replacen("\"orders\",3", "\"orders\",2", 1);
    let (front, _) = text.split_once('\n').unwrap();
    for other in [from_front, from_body, front.to_owned(), String::new()] {
        assert_ne!(other, text);
        fs::write(index(&desk), &other).unwrap();
        let (found, extent) = at_start(&desk).await;
        assert!(found.is_sound());
        assert_eq!(extent, Extent::Whole, "{}", other.len());
    }

    // One that is gone is made again.
    fs::remove_file(index(&desk)).unwrap();
    look(&desk).await;
    assert!(index(&desk).exists());

    // The same lines in another file, and a line before which it is no more.
    fs::write(index(&desk), &sound).unwrap();
    assert_eq!(at_start(&desk).await.1, Extent::AfterIndex);
    let closed = desk.close().await;
    let audit = closed.folder.audit();
    let copy = audit.with_extension("copy");
    fs::copy(&audit, &copy).unwrap();
    fs::rename(&copy, &audit).unwrap();
    let desk = closed.open().await;
    assert_eq!(at_start(&desk).await.1, Extent::Whole);
    let trail = fs::read(&audit).unwrap();
    for changed in [&trail[..trail.len() / 2], &[&trail[..9], &trail].concat()] {
        fs::write(index(&desk), &sound).unwrap();
        fs::write(&audit, changed).unwrap();
        let (found, extent) = at_start(&desk).await;
        assert_eq!(extent, Extent::Whole);
        assert!(found.unverified.is_some());
    }
}

#[tokio::test]
async fn files_that_were_put_aside_or_removed_since_make_no_difference() {
    let desk = filled().await;
    record_many(&desk).await;
    look(&desk).await;
    let small = Settings {
        audit: Keeping {
            max_bytes: 1,
            keep_files: Some(2),
            ..Keeping::default()
        },
        ..settings()
    };
    let closed = desk.close().await;
    let custody = Custody::open(&closed.folder, small).await.unwrap();
    let desk = closed.with(custody);
    let mut extents = Vec::new();
    for _ in 0..4 {
        record(&desk, 1).await;
        desk.custody.sign_audit(clock::now()).await.unwrap();
        let (found, extent) = at_start(&desk).await;
        assert!(found.is_sound(), "{found:?}");
        // Until the file that it ends in is removed.
        let aside = Rotated::list(desk.folder.path()).unwrap();
        let is_there = aside.iter().any(|file| file.first == 1);
        assert_eq!(extent == Extent::AfterIndex, is_there);
        extents.push(extent);
    }
    assert!(extents.contains(&Extent::AfterIndex));
    assert!(extents.contains(&Extent::Whole));
}
