//! Events of the trail itself, which no change of the store comes with.

use envelope::UnixSeconds;

use super::begin;
use crate::audit::file::{AuditError, Ending, Locked};
use crate::audit::line::End;
use crate::audit::rotation::LastLine;
use crate::audit::{AuditEvent, Event, Outcome, outbox, seals};
use crate::store::{Connection, StoreError};
use crate::vault::Vault;

/// Writes an event in a transaction of its own.
pub(super) struct Alone<'l> {
    pub(super) vault: &'l Vault,
    /// The last line that counts.
    pub(super) durable: &'l End,
    pub(super) now: UnixSeconds,
}

impl Alone<'_> {
    /// The last line in the file, after cutting off a torn one. The event is committed first: if this process dies between
    /// the two, the next one cuts (and says so again), but no cut goes unrecorded.
    pub(super) async fn whole_ending(
        &self,
        locked: &mut Locked<'_>,
        connection: &mut Connection<'_>,
    ) -> Result<(End, LastLine), AuditError> {
        loop {
            match locked.ending()? {
                Ending::Whole(end, last) => return Ok((end, last)),
                Ending::Torn(bytes) => {
                    let mut event = AuditEvent::new(Event::AuditRepaired, Outcome::Ok, self.now);
                    let reason = format!("cut off {bytes} bytes of an unfinished last line");
                    event.reason = Some(reason);
                    self.put(connection, &event, 0).await?;
                    locked.cut(bytes)?;
                }
            }
        }
    }

    /// Somebody else has changed the trail.
    pub(super) async fn gap(
        &self,
        connection: &mut Connection<'_>,
        reason: &str,
        above: i64,
    ) -> Result<(), AuditError> {
        let event = seals::gap(reason, self.now);
        self.put(connection, &event, above).await
    }

    /// With a number above `above`.
    async fn put(
        &self,
        connection: &mut Connection<'_>,
        event: &AuditEvent,
        above: i64,
    ) -> Result<(), AuditError> {
        let mut transaction = begin(connection).await?;
        let given = seals::check(self.vault, &mut transaction, self.durable, self.now).await?;
        outbox::skip_to(&mut transaction, above).await?;
        outbox::put(&mut transaction, event).await?;
        seals::seal(self.vault, &mut transaction, given).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Somebody else has written what waits in the store.
    pub(super) async fn mend(&self, connection: &mut Connection<'_>) -> Result<(), AuditError> {
        let mut transaction = begin(connection).await?;
        let known = (self.durable, self.durable.seq);
        let given = seals::mend(self.vault, &mut transaction, known, self.now).await?;
        seals::seal(self.vault, &mut transaction, given).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }
}
