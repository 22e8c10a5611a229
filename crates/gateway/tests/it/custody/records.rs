use envelope::SecretChange;
use gateway::clock;
use gateway::custody::entry::Damage;
use gateway::custody::reveal::RevealProblem;
use gateway::custody::set::SetProblem;

use super::desk::{Desk, SQL_SERVER, credential, df, ls, replace, sql_server};

async fn change(desk: &Desk, statement: &'static str) {
    let rows = sqlx::query(statement)
        .execute(&mut desk.sql().await)
        .await
        .unwrap()
        .rows_affected();
    assert_eq!(rows, 1, "{statement}");
}

async fn problem(desk: &Desk, name: &str) -> Option<RevealProblem> {
    desk.custody
        .reveal(&df(), &ls(name), "owner", clock::now())
        .await
        .err()
}

async fn two() -> Desk {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("orders' password")))
        .await
        .unwrap();
    desk.set("customers", sql_server(replace("customers' password")))
        .await
        .unwrap();
    desk
}

#[tokio::test]
async fn a_record_moved_to_another_row_is_an_error() {
    let desk = two().await;
    change(
        &desk,
        "UPDATE credential SET (salt, nonce, ciphertext) = \
         (SELECT salt, nonce, ciphertext FROM credential WHERE ls = 'customers') WHERE ls = 'orders'",
    )
    .await;
    assert!(matches!(
        problem(&desk, "orders").await,
        Some(RevealProblem::Damaged(Damage::Changed))
    ));
    assert!(
        desk.holds("customers", "password", "customers' password")
            .await
    );
    let line = desk
        .audit_lines()
        .into_iter()
        .rfind(|line| line["ls"] == "orders")
        .unwrap();
    assert_eq!(
        (line["result"].as_str(), line["reason"].as_str()),
        (Some("failed"), Some("row_changed"))
    );

    // Keeping its secret is refused like one that is not there; setting it again repairs it.
    let kept = desk.set("orders", sql_server(SecretChange::Keep)).await;
    assert_eq!(
        kept.unwrap_err(),
        SetProblem::SecretRequired(vec!["password".to_owned()])
    );
    desk.set("orders", sql_server(replace("new")))
        .await
        .unwrap();
    assert!(desk.holds("orders", "password", "new").await);
}

#[tokio::test]
async fn a_record_under_another_name_kind_version_or_factory_is_an_error() {
    for statement in [
        "UPDATE credential SET version = 2 WHERE ls = 'orders'",
        "UPDATE credential SET kind = 'Sftp' WHERE ls = 'orders'",
        "UPDATE credential SET ciphertext = substr(ciphertext, 1, length(ciphertext) - 1) WHERE ls = 'orders'",
        "UPDATE credential SET ciphertext = x'' WHERE ls = 'orders'",
        "UPDATE credential SET salt = zeroblob(32) WHERE ls = 'orders'",
        "UPDATE credential SET nonce = zeroblob(12) WHERE ls = 'orders'",
    ] {
        let desk = two().await;
        change(&desk, statement).await;
        assert!(
            matches!(
                problem(&desk, "orders").await,
                Some(RevealProblem::Damaged(_))
            ),
            "{statement}"
        );
    }
    let desk = two().await;
    change(
        &desk,
        "UPDATE credential SET ls = 'renamed' WHERE ls = 'orders'",
    )
    .await;
    assert!(matches!(
        problem(&desk, "renamed").await,
        Some(RevealProblem::Damaged(_))
    ));
    assert!(matches!(
        problem(&desk, "orders").await,
        Some(RevealProblem::Damaged(Damage::Removed))
    ));
}

#[tokio::test]
async fn an_old_record_put_back_under_the_new_version_is_an_error() {
    let desk = two().await;
    let old: (Vec<u8>, Vec<u8>, Vec<u8>) =
        sqlx::query_as("SELECT salt, nonce, ciphertext FROM credential WHERE ls = 'orders'")
            .fetch_one(&mut desk.sql().await)
            .await
            .unwrap();
    desk.set("orders", sql_server(replace("second")))
        .await
        .unwrap();
    sqlx::query("UPDATE credential SET salt = ?, nonce = ?, ciphertext = ? WHERE ls = 'orders'")
        .bind(old.0)
        .bind(old.1)
        .bind(old.2)
        .execute(&mut desk.sql().await)
        .await
        .unwrap();
    assert!(matches!(
        problem(&desk, "orders").await,
        Some(RevealProblem::Damaged(_))
    ));
}

#[tokio::test]
async fn the_readable_columns_cannot_redirect_a_secret() {
    let desk = two().await;
    change(
        &desk,
        "UPDATE credential SET target = 'evil.example', account = 'sa', \
         properties = replace(properties, 'sql01.corp,1433', 'evil.example') WHERE ls = 'orders'",
    )
    .await;
    let refused = problem(&desk, "orders").await;
    assert!(matches!(
        refused,
        Some(RevealProblem::Damaged(Damage::Changed))
    ));

    let evil = [
        ("Data Source", "evil.example"),
        SQL_SERVER[1],
        SQL_SERVER[2],
    ];
    let kept = credential(
        "OnPremisesSqlServer",
        "SQL",
        &evil,
        vec![("password", SecretChange::Keep)],
    );
    assert_eq!(
        desk.set("orders", kept).await.unwrap_err(),
        SetProblem::SecretRequired(vec!["password".to_owned()]),
        "nothing is kept of a row that was changed"
    );
}

#[tokio::test]
async fn damaged_columns_are_an_error_and_not_a_panic() {
    for statement in [
        "UPDATE credential SET properties = 'x' WHERE ls = 'orders'",
        "UPDATE credential SET secret_names = '{}' WHERE ls = 'orders'",
        "UPDATE credential SET kid = 'x' WHERE ls = 'orders'",
        "UPDATE credential SET set_at = -1 WHERE ls = 'orders'",
    ] {
        let desk = two().await;
        change(&desk, statement).await;
        assert!(
            matches!(
                problem(&desk, "orders").await,
                Some(RevealProblem::Damaged(_))
            ),
            "{statement}"
        );
        assert!(desk.custody.show(&df(), &ls("orders")).await.is_err());
        assert!(desk.custody.show(&df(), &ls("customers")).await.is_ok());
    }
}
