//! What may be shown of what is stored.

use envelope::protocol::StoredCredential;
use envelope::{DataFactoryName, LinkedServiceName};

use super::Custody;
use super::entry::Found;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::clock;
use crate::store::{StoreError, entries};

impl Custody {
    /// What may be shown of all stored credentials, or of those of one data factory, by name. What is damaged is left out, and
    /// logged.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list(
        &self,
        df: Option<&DataFactoryName>,
    ) -> Result<Vec<StoredCredential>, StoreError> {
        let entries = entries::list(&mut self.reading().await?, df).await?;
        let mut shown = Vec::new();
        for entry in entries {
            let newest = self.parts.newest.of(&entry.df, &entry.ls);
            let judged = self.parts.judge(&entry, newest);
            // What is newer may have been written since the list was read.
            let found = match judged.found {
                Found::Damaged(_) => self.look(&entry.df, &entry.ls).await?,
                found => found,
            };
            match found {
                Found::Nothing => {}
                Found::Sound(row) => shown.push(row.shown),
                Found::Damaged(damage) => {
                    let (df, ls, what) = (entry.df, entry.ls, damage.code());
                    tracing::error!(df, ls, what, "the stored credential is damaged");
                }
            }
        }
        self.add_last_tests(df, &mut shown).await?;
        Ok(shown)
    }

    /// The data factories that have a credential for a linked service of this name, damaged or not.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn factories_with(
        &self,
        ls: &LinkedServiceName,
    ) -> Result<Vec<DataFactoryName>, StoreError> {
        let names = entries::factories_with(&mut self.reading().await?, ls).await?;
        let names = names
            .iter()
            .filter_map(|name| DataFactoryName::parse(name).ok());
        Ok(names.collect())
    }

    /// What may be shown of one stored credential.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::DamagedRow`].
    pub async fn show(
        &self,
        df: &DataFactoryName,
        ls: &LinkedServiceName,
    ) -> Result<Option<StoredCredential>, StoreError> {
        let damage = match self.look(df.as_str(), ls.as_str()).await? {
            Found::Nothing => return Ok(None),
            Found::Sound(row) => {
                let mut shown = row.shown;
                let only = std::slice::from_mut(&mut shown);
                self.add_last_tests(Some(df), only).await?;
                return Ok(Some(shown));
            }
            Found::Damaged(damage) => damage,
        };
        // Whoever asks may ask again and again: within the budget for refusals.
        let mut event = AuditEvent::new(Event::StoreDamaged, Outcome::Failed, clock::now());
        event.df = Some(df.clone());
        event.ls = Some(ls.clone());
        event.reason = Some(damage.code().to_owned());
        self.record_refusal(event).await;
        Err(StoreError::DamagedRow {
            df: df.to_string(),
            ls: ls.to_string(),
            what: damage.code(),
        })
    }
}
