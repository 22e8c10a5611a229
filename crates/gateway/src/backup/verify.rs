//! Whether everything that a folder has of a gateway fits together: before it goes into a backup, and when it comes out of one.

use envelope::protocol::IdentityJwk;
use envelope::{GatewayId, Kid};

use crate::audit;
use crate::audit::log::AuditLog;
use crate::audit::verify::{Against, CannotRead, Remembered, Source, Witness};
use crate::custody::entry::{Found, judge};
use crate::custody::verification::{Whole, verify_copy};
use crate::data_folder::DataFolder;
use crate::identity::IdentityError;
use crate::identity::succession::Identities;
use crate::keys::{EnvelopeKeysError, file};
use crate::store::envelope_keys::{self, KeyState};
use crate::store::{Connection, Place, Store, StoreError, entries};
use crate::vault::Vault;

/// What was found, all of it sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Thumbprint of the identity key.
    pub identity: Kid,
    /// The same in words.
    pub words: String,
    /// The key itself.
    pub identity_key: IdentityJwk,
    /// How many credentials are as they were written last; each was opened in its place.
    pub credentials: u64,
    /// How many are not.
    pub damaged: u64,
    /// The store as a whole.
    pub whole: Whole,
    /// How many envelope keys there are; each is the one that its file's name says.
    pub envelope_keys: u64,
    /// The highest number that the store has given to an event.
    pub audit_through: u64,
}

/// Whether the audit trail is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFound {
    /// How many lines are in its files. What is not there yet is in the store.
    pub lines: u64,
    /// The number of the last line that a checkpoint has signed.
    pub signed_through: u64,
    /// How many things are not as they were written.
    pub findings: u64,
    /// The first of them.
    pub first: Option<String>,
}

/// Something does not fit.
#[derive(Debug, thiserror::Error)]
pub enum Unsound {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored credential is sealed as it is, and does not open all the same.
    #[error("the credential of {ls} in {df} does not open")]
    Credential {
        /// Its data factory.
        df: String,
        /// Its linked service.
        ls: String,
    },
    /// The identity key.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// An envelope key.
    #[error(transparent)]
    Keys(#[from] EnvelopeKeysError),
    /// The audit trail cannot be read.
    #[error(transparent)]
    Audit(#[from] CannotRead),
    /// The store names an envelope key that is not there.
    #[error("the envelope key {0} is missing")]
    KeyMissing(Kid),
}

/// Opens the store of a folder, everything in it, and every key. The folder is a copy: its store may be brought up to date.
///
/// # Errors
/// See [`Unsound`].
pub async fn verify(
    folder: &DataFolder,
    gateway: &GatewayId,
    vault: &Vault,
) -> Result<Verified, Unsound> {
    let store = Store::open(&Place::Sqlite(folder.store()), gateway, &vault.keys()).await?;
    let found = verify_with(&store, folder, gateway, vault).await;
    // So that its file is whole, with no journal beside it.
    store.reading().close().await;
    found
}

async fn verify_with(
    store: &Store,
    folder: &DataFolder,
    gateway: &GatewayId,
    vault: &Vault,
) -> Result<Verified, Unsound> {
    let mut connection = store.reading().acquire().await.map_err(StoreError::from)?;
    let report = verify_copy(vault, &mut connection).await?;
    verify_records(&mut connection, vault).await?;
    let identities = Identities::read(gateway, folder, vault, &mut connection).await?;
    let identity = identities.present;
    let there = file::load_all(folder, vault)?;
    let (_, rows) = envelope_keys::read(&mut connection).await?;
    for row in rows.iter().filter(|row| row.state != KeyState::Gone) {
        if !there.iter().any(|(_, kid)| *kid == row.kid) {
            return Err(Unsound::KeyMissing(row.kid.clone()));
        }
    }
    Ok(Verified {
        identity: identity.kid().clone(),
        words: identity.words().to_owned(),
        identity_key: identity.public().clone(),
        credentials: report.sound,
        damaged: report.damaged.len() as u64,
        whole: report.whole,
        envelope_keys: there.len() as u64,
        audit_through: AuditLog::last_given(&mut connection).await?,
    })
}

/// A seal is over the ciphertext; that it opens is for the record itself to show.
async fn verify_records(connection: &mut Connection<'_>, vault: &Vault) -> Result<(), Unsound> {
    for entry in entries::list(connection, None).await? {
        if let Found::Sound(row) = judge(vault, &entry).found
            && vault.reveal(row.place(), &row.protected).is_err()
        {
            return Err(Unsound::Credential {
                df: entry.df,
                ls: entry.ls,
            });
        }
    }
    Ok(())
}

/// Reads the audit trail of a folder that was verified, with the identity key that was found. Damage is a finding: it may be older than the backup.
///
/// # Errors
/// See [`Unsound`].
pub async fn verify_audit(
    folder: &DataFolder,
    gateway: &GatewayId,
    identity: &IdentityJwk,
    vault: &Vault,
) -> Result<AuditFound, Unsound> {
    let remembered = Remembered::read(vault, &folder.store()).await?;
    let sources = Source::all(&folder.audit(), remembered.last())?;
    let against = Against {
        gateway: Some(gateway.to_string()),
        identity: Witness::Key(identity.clone()),
        store: Some(remembered),
        checkpoints: Vec::new(),
    };
    let mut report = audit::verify::verify(sources, against)?;
    audit::name_missing_file(&mut report, &folder.audit());
    Ok(AuditFound {
        lines: report.lines,
        signed_through: u64::try_from(report.signed_through).unwrap_or_default(),
        findings: report.findings.len() as u64 + report.more_findings,
        first: report.findings.first().map(|finding| {
            let place = format!("{}/", folder.path().display());
            finding.to_string().replace(&place, "")
        }),
    })
}
