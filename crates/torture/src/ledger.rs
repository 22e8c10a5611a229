//! What was acknowledged, what is not known, and whether what is stored fits both.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use envelope::credential::{Credential, SecretChange};
use envelope::secret::Secret;
use load::{Connection, Request};
use serde_json::Value;

use crate::victim::Victim;

/// The field with the secret.
pub(crate) const SECRET_FIELD: &str = "password";
const KIND: &str = "OnPremisesPostgreSql";
const AUTH: &str = "Basic";

/// What is stored for a linked service.
pub struct Stored {
    /// Its version.
    pub version: u64,
    /// Whether its secret is the one that was sent with this version.
    pub is_as_sent: bool,
}

/// One linked service.
#[derive(Default)]
struct Account {
    /// The last version that was acknowledged; 0 for none.
    acknowledged: u64,
    /// What was sent after it and not answered.
    unanswered: Option<Request>,
}

/// All linked services of a worker: one request at a time is under way for each.
#[derive(Default)]
pub struct Ledger(BTreeMap<String, Account>);

/// What a look at the store has counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looked {
    /// Linked services whose stored version is the acknowledged one.
    pub as_acknowledged: usize,
    /// Those where the one that was not answered is stored: it is there as a whole.
    pub stored_unanswered: usize,
}

impl Ledger {
    /// The version that the next set makes; none while one is not answered.
    #[must_use]
    pub fn next_version(&self, linked_service: &str) -> Option<u64> {
        match self.0.get(linked_service) {
            None => Some(1),
            Some(account) if account.unanswered.is_none() => Some(account.acknowledged + 1),
            Some(_) => None,
        }
    }

    /// It is about to be sent.
    pub fn sent(&mut self, linked_service: &str, request: Request) {
        self.0
            .entry(linked_service.to_owned())
            .or_default()
            .unanswered = Some(request);
    }

    /// What was sent last and has no answer.
    #[must_use]
    pub fn unanswered(&self, linked_service: &str) -> Option<&Request> {
        self.0
            .get(linked_service)
            .and_then(|account| account.unanswered.as_ref())
    }

    /// The receipt has come.
    ///
    /// # Errors
    /// When it is for another version than the next.
    pub fn acknowledged(&mut self, linked_service: &str, receipt: &[u8]) -> Result<()> {
        let receipt: Value = serde_json::from_slice(receipt)?;
        let version = receipt["receipt"]["version"].as_u64();
        let account = self.0.entry(linked_service.to_owned()).or_default();
        ensure!(
            version == Some(account.acknowledged + 1),
            "{linked_service}: version {version:?} acknowledged after {}",
            account.acknowledged
        );
        account.acknowledged += 1;
        account.unanswered = None;
        Ok(())
    }

    /// How many sets were acknowledged.
    #[must_use]
    pub fn sets(&self) -> u64 {
        self.0.values().map(|account| account.acknowledged).sum()
    }

    /// Compares with what a process on the gateway's machine gets.
    ///
    /// # Errors
    /// An acknowledged credential that is lost or older or another, and one that is half visible.
    pub fn look(&self, victim: &Victim) -> Result<Looked> {
        let mut looked = Looked::default();
        for (linked_service, account) in &self.0 {
            let stored = victim.stored(linked_service)?;
            let version = stored.as_ref().map_or(0, |stored| stored.version);
            if stored.is_some_and(|stored| !stored.is_as_sent) {
                bail!("{linked_service}: version {version} has another secret than was sent");
            }
            if version == account.acknowledged {
                looked.as_acknowledged += 1;
            } else if version == account.acknowledged + 1 && account.unanswered.is_some() {
                looked.stored_unanswered += 1;
            } else {
                bail!(
                    "{linked_service}: version {version} is stored, {} was acknowledged",
                    account.acknowledged
                );
            }
        }
        Ok(looked)
    }

    /// Sends again what was not answered: the gateway answers as it would have.
    ///
    /// # Errors
    /// Another answer than a receipt for the next version.
    pub async fn settle(&mut self, connection: &mut Connection) -> Result<()> {
        let names: Vec<String> = self.0.keys().cloned().collect();
        for linked_service in names {
            let Some(request) = self.unanswered(&linked_service) else {
                continue;
            };
            let answer = request.send(connection).await?;
            if !matches!(answer.status, 200 | 201) {
                bail!(
                    "{linked_service}: sent again, the answer is {}: {}",
                    answer.status,
                    String::from_utf8_lossy(&answer.body)
                );
            }
            self.acknowledged(&linked_service, &answer.body)?;
        }
        Ok(())
    }
}

/// The secret of a version: everything that some format gives a meaning to is in it.
#[must_use]
pub fn secret(linked_service: &str, version: u64) -> String {
    format!("{linked_service}#{version} ä\"ß\\;{{}}%00 €😀")
}

/// A credential whose secret is that version's.
#[must_use]
pub fn credential(linked_service: &str, version: u64) -> Credential {
    let properties = [
        ("server", "db.load.example"),
        ("database", "sales"),
        ("username", "etl"),
    ];
    let replace = SecretChange::Replace(Secret::new(secret(linked_service, version)));
    Credential {
        kind: KIND.to_owned(),
        auth: AUTH.to_owned(),
        properties: properties
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        secrets: [(SECRET_FIELD.to_owned(), replace)].into(),
    }
}
