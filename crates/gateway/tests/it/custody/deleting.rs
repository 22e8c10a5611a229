use envelope::Operation;
use gateway::clock;
use gateway::custody::delete::{DeleteProblem, Deleted};

use super::desk::{Desk, df, ls, replace, sql_server};

#[tokio::test]
async fn a_deletion_is_done_once_and_answered_again() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let claims = desk.claims("orders", Operation::Delete);
    let done = |repeated| Deleted {
        version: 1,
        repeated,
    };
    assert_eq!(desk.delete(&claims).await, Ok(done(false)));
    assert!(
        desk.custody
            .show(&df(), &ls("orders"))
            .await
            .unwrap()
            .is_none()
    );

    let again = desk.set("orders", sql_server(replace("y"))).await.unwrap();
    assert_eq!(
        again.signed.receipt.version, 2,
        "a version never comes to mean something else"
    );
    assert!(again.created);

    let desk = desk.reopen().await;
    assert_eq!(desk.delete(&claims).await, Ok(done(true)));
    assert!(
        desk.holds("orders", "password", "y").await,
        "a repeated request deletes nothing more"
    );
}

#[tokio::test]
async fn nothing_to_delete_is_said_and_leaves_the_ticket() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Delete);
    assert_eq!(desk.delete(&claims).await, Err(DeleteProblem::NotFound));
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    assert!(desk.delete(&claims).await.is_ok());
}

#[tokio::test]
async fn the_owner_deletes_without_a_ticket() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let deleted = desk
        .custody
        .delete_as_owner(&df(), &ls("orders"), "root", clock::now())
        .await;
    assert_eq!(deleted.map(|deleted| deleted.version), Ok(1));
    let again = desk
        .custody
        .delete_as_owner(&df(), &ls("orders"), "root", clock::now())
        .await;
    assert_eq!(again, Err(DeleteProblem::NotFound));
    let lines = desk.audit_lines();
    let events: Vec<_> = lines
        .iter()
        .map(|line| (line["event"].as_str(), line["result"].as_str()))
        .collect();
    assert_eq!(
        events,
        [
            (Some("credential_set"), Some("ok")),
            (Some("credential_deleted"), Some("ok")),
            (Some("credential_deleted"), Some("refused")),
        ]
    );
    assert_eq!(lines[1]["who"], "root");
}
