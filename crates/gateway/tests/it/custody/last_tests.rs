//! How the last test of what is stored ended: kept with its version, sealed.

use envelope::Operation;
use envelope::receipt::{TestOutcome, Verdict};
use gateway::clock;
use gateway::custody::trying::Tested;
use probe::report::Cause;

use super::damage::execute;
use super::desk::{Desk, df, ls, replace, sql_server};

impl Desk {
    /// As the command does it.
    async fn record_test(&self, version: u64, cause: Option<Cause>) {
        let (df, ls) = (df(), ls("orders"));
        let tested = Tested {
            df: &df,
            ls: &ls,
            version,
            cause,
        };
        let recorded = self.custody.record_test(&tested, "tester", clock::now());
        recorded.await.unwrap();
    }

    /// As `show` has it, which is what `list` has.
    async fn last_test(&self) -> Option<TestOutcome> {
        let shown = self.custody.show(&df(), &ls("orders")).await.unwrap();
        let shown = shown.unwrap();
        let listed = self.custody.list(None).await.unwrap();
        let of_list = listed.iter().find(|listed| listed.ls == shown.ls).unwrap();
        assert_eq!(of_list.last_test, shown.last_test);
        shown.last_test
    }
}

async fn stored() -> Desk {
    let desk = Desk::new().await;
    for name in ["orders", "customers"] {
        desk.set(name, sql_server(replace("x"))).await.unwrap();
    }
    desk
}

#[tokio::test]
async fn the_last_test_is_remembered_until_another_version_is_stored() {
    let desk = stored().await;
    assert_eq!(desk.last_test().await, None);
    desk.record_test(1, Some(Cause::WrongPassword)).await;
    let failed = desk.last_test().await.unwrap();
    assert_eq!(failed.outcome, Verdict::Failed);
    assert_eq!(failed.cause.as_deref(), Some("wrong_password"));
    desk.record_test(1, None).await;
    let desk = desk.reopen().await;
    let passed = desk.last_test().await.unwrap();
    assert_eq!((passed.outcome, passed.cause), (Verdict::Passed, None));
    let age = clock::now().0 - passed.at.unwrap().0;
    assert!(age < 60, "{age}");
    // Of another version, and of one that was replaced while it was tested.
    desk.set("orders", sql_server(replace("y"))).await.unwrap();
    assert_eq!(desk.last_test().await, None);
    desk.record_test(1, None).await;
    assert_eq!(desk.last_test().await, None);
}

#[tokio::test]
async fn a_deleted_credential_leaves_no_test_behind() {
    let desk = stored().await;
    desk.record_test(1, None).await;
    let claims = desk.claims("orders", Operation::Delete);
    desk.delete(&claims).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM last_test")
        .fetch_one(&mut desk.sql().await)
        .await
        .unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn what_the_gateway_has_not_written_says_nothing() {
    let desk = stored().await;
    desk.record_test(1, Some(Cause::WrongPassword)).await;
    let mut sql = desk.sql().await;
    for (change, back) in [
        (
            "UPDATE last_test SET cause = ''",
            "UPDATE last_test SET cause = 'wrong_password'",
        ),
        (
            "UPDATE last_test SET ended_at = ended_at + 1",
            "UPDATE last_test SET ended_at = ended_at - 1",
        ),
        (
            "UPDATE last_test SET ls = 'customers'",
            "UPDATE last_test SET ls = 'orders'",
        ),
        (
            "UPDATE last_test SET term = 7",
            "UPDATE last_test SET term = 1",
        ),
    ] {
        execute(&mut sql, change).await;
        let listed = desk.custody.list(None).await.unwrap();
        let told = listed.iter().any(|listed| listed.last_test.is_some());
        assert!(!told, "{change}");
        execute(&mut sql, back).await;
        assert!(desk.last_test().await.is_some(), "{back}");
    }
}

#[tokio::test]
async fn it_is_sealed_anew_when_the_term_is_replaced() {
    let desk = stored().await;
    desk.record_test(1, None).await;
    let before = desk.last_test().await;
    let begun = desk.custody.rotate_terms(Some("tester"), clock::now());
    begun.await.unwrap();
    assert!(desk.custody.renew(clock::now()).await.unwrap().is_done());
    assert_eq!(desk.last_test().await, before);
}
