use std::collections::BTreeSet;
use std::sync::Arc;

use envelope::Operation;
use gateway::clock;
use gateway::custody::Custody;
use gateway::custody::access::Action;
use gateway::custody::set::{SetProblem, Stored};

use super::desk::{Desk, assert_complete, audit_lines, df, ls, replace, settings, sql_server};

/// Sends everything at once: one ticket and envelope per call.
async fn at_once(
    desk: &Desk,
    calls: Vec<(String, envelope::TicketClaims)>,
) -> Vec<Result<Stored, SetProblem>> {
    let mut tasks = Vec::new();
    for (envelope, claims) in calls {
        let ticket = desk.authorise(&claims, Action::Set).await.unwrap();
        let custody = desk.custody.clone();
        tasks.push(tokio::spawn(async move {
            custody.set(ticket, envelope.as_bytes(), clock::now()).await
        }));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_tickets_at_once_give_a_hundred_versions() {
    let desk = Desk::new().await;
    let calls = (0..100).map(|number| {
        let claims = desk.claims("orders", Operation::Set);
        (
            desk.seal(&claims, sql_server(replace(&format!("password {number}")))),
            claims,
        )
    });
    let answers = at_once(&desk, calls.collect()).await;
    let versions: BTreeSet<u64> = answers
        .into_iter()
        .map(|answer| answer.unwrap().signed.receipt.version)
        .collect();
    assert_eq!(versions, (1..=100).collect());
    assert_eq!(
        desk.custody
            .show(&df(), &ls("orders"))
            .await
            .unwrap()
            .unwrap()
            .version,
        100
    );
    let desk = desk.reopen().await;
    assert!(desk.reveal("orders").await.secrets.contains_key("password"));
    assert_complete(&desk.audit_lines());
    assert_eq!(desk.audit_lines().len(), 101);
}

/// A hundred people at once, ten tickets each, to one linked service; each answer is asked for a second time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tickets_of_a_hundred_users_give_a_thousand_versions() {
    let desk = Arc::new(Desk::new().await);
    let users = (0..100).map(|user| {
        let desk = Arc::clone(&desk);
        tokio::spawn(async move {
            let mut versions = Vec::new();
            for save in 0..10 {
                let claims = desk.claims("orders", Operation::Set);
                let password = format!("password {save} of user {user}");
                let envelope = desk.seal(&claims, sql_server(replace(&password)));
                let mut answers = Vec::new();
                for _ in 0..2 {
                    let ticket = desk.authorise(&claims, Action::Set).await.unwrap();
                    let answer = desk.custody.set(ticket, envelope.as_bytes(), clock::now());
                    answers.push(answer.await.unwrap());
                }
                assert!(!answers[0].repeated && answers[1].repeated);
                assert_eq!(answers[0].signed, answers[1].signed);
                versions.push(answers[0].signed.receipt.version);
            }
            versions
        })
    });
    let mut versions = BTreeSet::new();
    for user in users.collect::<Vec<_>>() {
        versions.extend(user.await.unwrap());
    }
    assert_eq!(versions, (1..=1000).collect());
    let shown = desk.custody.show(&df(), &ls("orders")).await;
    assert_eq!(shown.unwrap().unwrap().version, 1000);
    let lines = desk.audit_lines();
    assert_complete(&lines);
    // Each of them, and each repetition.
    let sets = lines
        .iter()
        .filter(|line| line["event"] == "credential_set");
    assert_eq!(sets.count(), 2000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_ticket_and_one_envelope_sent_at_once_give_one_version() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    let answers = at_once(&desk, vec![(envelope, claims); 50]).await;
    let stored: Vec<Stored> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(stored.iter().filter(|stored| !stored.repeated).count(), 1);
    assert!(stored.iter().all(|one| one.signed == stored[0].signed));
    assert_eq!(desk.custody.opens(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_envelopes_under_one_ticket_one_wins() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let calls = (0..20).map(|number| {
        (
            desk.seal(&claims, sql_server(replace(&number.to_string()))),
            claims.clone(),
        )
    });
    let answers = at_once(&desk, calls.collect()).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(
        answers
            .iter()
            .filter(|answer| **answer == Err(SetProblem::TicketUsed))
            .count(),
        19
    );
    assert_eq!(
        desk.custody
            .show(&df(), &ls("orders"))
            .await
            .unwrap()
            .unwrap()
            .version,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_queue_says_busy_and_loses_nothing() {
    let closed = Desk::new().await.close().await;
    let narrow = gateway::custody::Settings {
        opening_threads: 1,
        opening_queue: 1,
        ..settings()
    };
    let custody = Custody::open(&closed.folder, narrow).await.unwrap();
    let mut desk = closed.open().await;
    std::mem::replace(&mut desk.custody, custody)
        .shutdown()
        .await;
    let calls = (0..50).map(|_| {
        let claims = desk.claims("orders", Operation::Set);
        (desk.seal(&claims, sql_server(replace("x"))), claims)
    });
    let answers = at_once(&desk, calls.collect()).await;
    let stored = answers.iter().filter(|answer| answer.is_ok()).count();
    let busy = answers
        .iter()
        .filter(|answer| **answer == Err(SetProblem::Busy))
        .count();
    assert_eq!(stored + busy, 50);
    assert!(stored >= 1 && busy >= 1, "{stored} stored, {busy} busy");
    let shown = desk
        .custody
        .show(&df(), &ls("orders"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.version, stored as u64);
}

/// Two openings of one folder share nothing but the files, as a gateway and the command line do.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_write_one_audit_trail() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let second = Custody::open(&desk.folder, settings()).await.unwrap();
    let revealing = tokio::spawn(async move {
        for _ in 0..40 {
            second
                .reveal(&df(), &ls("orders"), "owner", clock::now())
                .await
                .unwrap();
        }
        second.shutdown().await;
    });
    for number in 0..40 {
        desk.set("orders", sql_server(replace(&number.to_string())))
            .await
            .unwrap();
    }
    revealing.await.unwrap();
    let closed = desk.close().await;
    let lines = audit_lines(&closed.folder);
    assert_complete(&lines);
    assert_eq!(lines.len(), 1 + 40 + 40);
    for event in ["credential_set", "credential_revealed"] {
        let count = lines.iter().filter(|line| line["event"] == event).count();
        assert!(count >= 40, "{event}: {count}");
    }
}
