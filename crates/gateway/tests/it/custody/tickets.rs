use envelope::{Operation, TicketClaims, UnixSeconds};
use gateway::clock;
use gateway::custody::access::{Action, RefusalReason, TicketProblem};
use gateway::custody::set::SetProblem;

use super::desk::{Desk, access, assert_complete, df, ls, replace, sql_server};
use crate::scratch::{other_gateway, unique_ticket_id};

async fn reason(desk: &Desk, claims: &TicketClaims) -> &'static str {
    match desk.authorise(claims, Action::Set).await.err() {
        Some(TicketProblem::Refused(reason)) => reason.as_str(),
        Some(TicketProblem::ContextMismatch) => "context_mismatch",
        _ => "none",
    }
}

#[tokio::test]
async fn each_bad_ticket_is_refused_for_its_reason_before_any_rsa_work() {
    let desk = Desk::new().await;
    let now = clock::now();
    let good = desk.claims("orders", Operation::Set);
    type Change = fn(&mut TicketClaims, u64);
    let cases: [(&str, Change); 7] = [
        ("unknown_issuer", |claims, _| {
            claims.iss = "stranger".to_owned();
        }),
        ("wrong_gateway", |claims, _| claims.aud = other_gateway()),
        ("expired", |claims, now| {
            set_times(claims, now - 10, now - 10, now);
        }),
        ("not_yet_valid", |claims, now| {
            set_times(claims, now + 300, now + 300, now + 400);
        }),
        ("lives_too_long", |claims, now| {
            set_times(claims, now - 1, now - 1, now + 600);
        }),
        ("times_out_of_order", |claims, now| {
            set_times(claims, now, now - 1, now + 60);
        }),
        ("context_mismatch", |claims, _| claims.op = Operation::Test),
    ];
    for (expected, change) in cases {
        let mut claims = TicketClaims {
            jti: unique_ticket_id(),
            ..good.clone()
        };
        change(&mut claims, now.0);
        assert_eq!(reason(&desk, &claims).await, expected);
    }

    let ticket = desk.sign(&good);
    let access = access(&good, Action::Set);
    let signature_starts = ticket.rfind('.').unwrap() + 1;
    let mut forged = ticket.clone();
    let other = if forged[signature_starts..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    forged.replace_range(signature_starts..=signature_starts, other);
    let refused = |problem: Result<_, TicketProblem>| problem.err();
    let answer = desk.custody.authorise(&forged, &access, now).await;
    assert_eq!(
        refused(answer),
        Some(TicketProblem::Refused(RefusalReason::Signature))
    );
    for malformed in [
        "",
        "x",
        "a.b.c",
        &ticket[..ticket.len() - 1],
        &format!("{ticket}."),
        &"A".repeat(100_000),
    ] {
        let answer = desk.custody.authorise(malformed, &access, now).await;
        assert_eq!(
            refused(answer),
            Some(TicketProblem::Refused(RefusalReason::Malformed))
        );
    }

    let lines = desk.audit_lines();
    assert_eq!(lines.len(), 7 + 1 + 6);
    assert_complete(&lines);
    for line in &lines {
        assert_eq!(line["result"], "refused");
        assert!(
            line["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty())
        );
        assert_eq!(line["remote"], "127.0.0.1");
    }
    for line in &lines[..6] {
        assert!(
            line["who"].is_null(),
            "a name that was not verified is not written: {line}"
        );
    }
    assert_eq!(lines[6]["who"], "tester");
    assert_eq!(desk.custody.opens(), 0);
}

fn set_times(claims: &mut TicketClaims, iat: u64, nbf: u64, exp: u64) {
    claims.iat = UnixSeconds(iat);
    claims.nbf = UnixSeconds(nbf);
    claims.exp = UnixSeconds(exp);
}

#[tokio::test]
async fn a_ticket_is_for_its_linked_service_and_operation() {
    let desk = Desk::new().await;
    let set = desk.claims("orders", Operation::Set);
    let delete = desk.claims("orders", Operation::Delete);
    let test = desk.claims("orders", Operation::Test);
    for (claims, action, permitted) in [
        (&set, Action::Set, true),
        (&set, Action::Test, true),
        (&set, Action::Delete, false),
        (&set, Action::Read, true),
        (&delete, Action::Set, false),
        (&delete, Action::Delete, true),
        (&delete, Action::Read, true),
        (&test, Action::Set, false),
        (&test, Action::Test, true),
        (&test, Action::Delete, false),
    ] {
        let outcome = desk.authorise(claims, action).await;
        assert_eq!(outcome.is_ok(), permitted, "{:?} {action:?}", claims.op);
    }

    let ticket = desk.sign(&set);
    let mut elsewhere = access(&set, Action::Set);
    elsewhere.ls = Some(ls("customers"));
    let answer = desk
        .custody
        .authorise(&ticket, &elsewhere, clock::now())
        .await;
    assert_eq!(answer.err(), Some(TicketProblem::ContextMismatch));
    elsewhere.ls = None;
    let answer = desk
        .custody
        .authorise(&ticket, &elsewhere, clock::now())
        .await;
    assert_eq!(
        answer.err(),
        Some(TicketProblem::ContextMismatch),
        "no linked service is not all of them"
    );
    elsewhere.action = Action::Read;
    assert!(
        desk.custody
            .authorise(&ticket, &elsewhere, clock::now())
            .await
            .is_ok()
    );
    elsewhere.df = envelope::DataFactoryName::parse("other").unwrap();
    let answer = desk
        .custody
        .authorise(&ticket, &elsewhere, clock::now())
        .await;
    assert_eq!(answer.err(), Some(TicketProblem::ContextMismatch));
}

#[tokio::test]
async fn five_rejected_envelopes_end_a_ticket_for_good() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let good = desk.seal(&claims, sql_server(replace("x")));
    let mut bad = good.clone();
    bad.replace_range(
        good.len() - 3..good.len() - 2,
        if good.as_bytes()[good.len() - 3] == b'A' {
            "B"
        } else {
            "A"
        },
    );
    for envelope in ["", "x", bad.as_str(), bad.as_str()] {
        assert_eq!(
            desk.send(&claims, envelope).await.unwrap_err(),
            SetProblem::EnvelopeRejected
        );
    }
    let desk = desk.reopen().await;
    assert_eq!(
        desk.send(&claims, &bad).await.unwrap_err(),
        SetProblem::EnvelopeRejected,
        "the fifth"
    );
    assert_eq!(desk.custody.opens(), 1);

    let desk = desk.drop_dead().open().await;
    assert_eq!(reason(&desk, &claims).await, "ended");
    assert_eq!(
        desk.send(&claims, &good).await.unwrap_err(),
        SetProblem::TicketInvalid
    );
    assert_eq!(desk.custody.opens(), 0, "an ended ticket costs no RSA work");
    assert!(desk.custody.list(None).await.unwrap().is_empty());
    let other = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&other, sql_server(replace("x")));
    assert!(
        desk.send(&other, &envelope).await.is_ok(),
        "other tickets are not touched"
    );
}

#[tokio::test]
async fn a_hundred_bad_envelopes_at_once_cost_five_openings() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let mut bad = desk.seal(&claims, sql_server(replace("x")));
    let at = bad.len() - 3;
    bad.replace_range(at..=at, if bad.as_bytes()[at] == b'A' { "B" } else { "A" });
    let mut calls = Vec::new();
    for _ in 0..100 {
        let ticket = desk.authorise(&claims, Action::Set).await.unwrap();
        calls.push(ticket);
    }
    let calls: Vec<_> = calls
        .into_iter()
        .map(|ticket| {
            let (custody, body) = (desk.custody.clone(), bad.clone());
            tokio::spawn(async move { custody.set(ticket, body.as_bytes(), clock::now()).await })
        })
        .collect();
    let mut rejected = 0;
    for call in calls {
        match call.await.unwrap() {
            Err(SetProblem::EnvelopeRejected) => rejected += 1,
            Err(SetProblem::TicketInvalid) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((rejected, desk.custody.opens()), (5, 5));
}

#[tokio::test]
async fn a_caller_who_hangs_up_cannot_take_a_failure_back() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    for _ in 0..5 {
        let ticket = desk.authorise(&claims, Action::Set).await.unwrap();
        let custody = desk.custody.clone();
        let mut call = Box::pin(async move { custody.set(ticket, b"bad", clock::now()).await });
        // Polled once, then dropped: gone before anything could be answered.
        let first_poll = std::future::poll_fn(|context| {
            std::task::Poll::Ready(call.as_mut().poll(context).is_ready())
        });
        assert!(!first_poll.await);
        drop(call);
    }
    let desk = desk.reopen().await;
    assert_eq!(reason(&desk, &claims).await, "ended");
}

#[tokio::test]
async fn used_tickets_are_forgotten_a_day_after_their_expiry() {
    let desk = Desk::new().await.close().await;
    {
        let mut sql = super::desk::sql(&desk.folder).await;
        let now = i64::try_from(clock::now().0).unwrap();
        for (jti, exp) in [
            ("old", now - 86_400 - 100),
            ("recent", now - 86_400 + 100),
            ("current", now + 100),
        ] {
            sqlx::query("INSERT INTO ticket (iss, jti, exp, failures) VALUES ('portal', ?, ?, 1)")
                .bind(jti)
                .bind(exp)
                .execute(&mut sql)
                .await
                .unwrap();
        }
    }
    let desk = desk.open().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let left: Vec<String> =
        sqlx::query_scalar("SELECT jti FROM ticket WHERE iss = 'portal' ORDER BY jti")
            .fetch_all(&mut desk.sql().await)
            .await
            .unwrap();
    assert_eq!(left, ["current", "recent"]);
}

#[tokio::test]
async fn a_clock_that_is_far_ahead_has_no_used_ticket_forgotten() {
    let desk = Desk::new().await.close().await;
    let month_ago = i64::try_from(clock::now().0).unwrap() - 30 * 86_400;
    sqlx::query("INSERT INTO ticket (iss, jti, exp, failures) VALUES ('portal', 'used', ?, 1)")
        .bind(month_ago)
        .execute(&mut super::desk::sql(&desk.folder).await)
        .await
        .unwrap();
    let desk = desk.open().await;
    let used = async |desk: &Desk| {
        let access = access(&desk.claims("orders", Operation::Set), Action::Set);
        // Each refusal is written: expired tickets are looked for.
        let refused = desk.custody.authorise("junk", &access, clock::now()).await;
        assert!(refused.is_err());
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM ticket WHERE jti = 'used'")
            .fetch_one(&mut desk.sql().await)
            .await
            .unwrap()
    };
    assert_eq!(used(&desk).await, 1, "no issuer says that it is so late");
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let desk = desk.reopen().await;
    assert_eq!(used(&desk).await, 0, "a later ticket says so");
}

#[tokio::test]
async fn a_flood_of_refusals_does_not_fill_the_disk() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let access = access(&claims, Action::Set);
    let minute = UnixSeconds(clock::now().0 / 60 * 60);
    for _ in 0..300 {
        assert!(
            desk.custody
                .authorise("junk", &access, minute)
                .await
                .is_err()
        );
    }
    assert_eq!(desk.audit_lines().len(), 120);
    let next_minute = UnixSeconds(minute.0 + 60);
    assert!(
        desk.custody
            .authorise("junk", &access, next_minute)
            .await
            .is_err()
    );
    assert_eq!(desk.audit_lines().last().unwrap()["unwritten"], 180);
    assert!(desk.custody.list(Some(&df())).await.unwrap().is_empty());
}
