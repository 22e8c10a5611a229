//! What everything else is protected under: the key-encryption key, the keyring, the identity key; and the store that goes with them.

use super::finding::Findings;
use crate::cli::failure::Cause;
use crate::clock::rfc3339;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::identity::IdentityError;
use crate::identity::succession::Identities;
use crate::keyring::file::Owner;
use crate::store::{Connection, Place, Store};
use crate::vault::Vault;

/// What could be opened.
pub(super) struct Opened {
    pub(super) vault: Vault,
    pub(super) identities: Option<Identities>,
    /// Reads only.
    pub(super) store: Option<Connection<'static>>,
}

pub(super) async fn open(
    folder: &DataFolder,
    config: &Config,
    findings: &mut Findings,
) -> Option<Opened> {
    let Some(kek) = findings.take("kek", config.kek.open(folder)) else {
        findings.skip("keyring", "does not open without the key-encryption key");
        return None;
    };
    let provider = config.kek.provider();
    findings.pass(
        "kek",
        format_args!("{} of the provider {provider}", kek.id()),
    );
    let owner = Owner {
        gateway: config.id.clone(),
        kek,
        settings: config.kek.clone(),
    };
    let vault = findings.take("keyring", Vault::open(folder, owner))?;
    let keys = vault.keys();
    if let Some(newest) = keys.last() {
        let (terms, newest, made) = (keys.len(), newest.term(), rfc3339(newest.made()));
        findings.pass(
            "keyring",
            format_args!("{terms} terms, the newest is {newest} of {made}"),
        );
    }
    let place = Place::of(config.store.as_ref(), folder.store());
    let looked = Store::look(&place, &config.id, &keys).await;
    let (identities, store) = match looked {
        Ok(mut store) => {
            let read = Identities::read(&config.id, folder, &vault, &mut store).await;
            (identities(folder, read, findings), Ok(store))
        }
        Err(error) => {
            findings.skip("identity", "which key is the present one, the store says");
            (None, Err(error))
        }
    };
    let store = findings.take("store", store);
    Some(Opened {
        store: sound(store, findings).await,
        vault,
        identities,
    })
}

fn identities(
    folder: &DataFolder,
    read: Result<Identities, IdentityError>,
    findings: &mut Findings,
) -> Option<Identities> {
    const NAME: &str = "identity";
    let identities = findings.take(NAME, read)?;
    let words = identities.present.words();
    if folder.next_identity().exists() {
        let found = format!("{words}; identity-next.key is there: a replacement was cut off");
        let advice = "the next command that opens the keys does the rest, for example `key list`";
        findings.note(NAME, found, advice);
    } else {
        findings.pass(NAME, words);
    }
    Some(identities)
}

async fn sound(
    store: Option<Connection<'static>>,
    findings: &mut Findings,
) -> Option<Connection<'static>> {
    let mut store = store?;
    let checked = Store::quick_check(&mut store).await;
    match findings.take("store", checked)? {
        None if store.is_shared() => {
            findings.pass(
                "store",
                "of the latest format; the database server looks after it",
            );
        }
        None => findings.pass("store", "of the latest format, and sound for SQLite"),
        Some(said) => {
            let found = format!("SQLite says: {said}");
            let advice = "put the folder back from the backup; credentials that can still be read are listed by `list`";
            findings.fail("store", Cause::Damaged, found, advice);
        }
    }
    Some(store)
}
