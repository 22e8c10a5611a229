//! The writer, as custody starts it.

use super::*;
use crate::store::Connection;
use crate::store::writer::Change;
use crate::store::writer::WriteError;

/// SQLite ends the transaction by itself, as it does without room: sqlx still takes it for open.
struct EndedBySqlite;

impl Change for EndedBySqlite {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        transaction.carry_out("ROLLBACK").await?;
        Err(sqlx::Error::WorkerCrashed.into())
    }
}

struct Sound;

impl Change for Sound {
    type Answer = ();

    async fn apply(self, _: &mut Connection<'_>) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_transaction_that_sqlite_has_ended_is_got_over() {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    let id = GatewayId::parse("gw-test").unwrap();
    Custody::create(&folder, &id).await.unwrap();
    let custody = Custody::open(&folder, Settings::new(id)).await.unwrap();
    let writer = &custody.parts.writer;
    let ended = writer.write(EndedBySqlite).await;
    assert!(matches!(ended, Err(WriteError::Store(_))), "{ended:?}");
    writer.write(Sound).await.unwrap();
    custody.shutdown().await;
}
