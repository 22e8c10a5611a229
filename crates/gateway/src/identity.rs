//! The gateway's identity: one Ed25519 key that outlives certificates and envelope keys. It signs receipts, the
//! tickets that the gateway issues itself, statements about its envelope keys, and checkpoints of its audit trail.

pub mod succession;

use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::IdentityJwk;
use envelope::{Kid, TicketClaims, fingerprint};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::data_folder::{DataFolder, FolderError};
use crate::issuers::PublicKey;
use crate::keyring::Term;
use crate::store::StoreError;
use crate::vault::Vault;
use crate::vault::key_file::{self, KeyFileError};

/// `iss` of the tickets that the gateway issues itself; no registered issuer may have this name.
pub const BUILT_IN_ISSUER: &str = "gateway";

/// What the key's file is bound to.
pub(crate) const KEY_NAME: &str = "identity";

/// The identity key, ready to sign.
pub struct Identity {
    key: Ed25519KeyPair,
    public: IdentityJwk,
    verifying: PublicKey,
    kid: Kid,
    words: String,
}

/// Why there is no identity to sign with.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key file could not be read or written.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The file opened but holds no Ed25519 key, or the library failed.
    #[error("the identity key cannot be used")]
    Unusable,
    /// What the store says of the keys before is not what an identity key signed.
    #[error(
        "what the store says of former identity keys is damaged; put the folder back from the backup"
    )]
    Damaged,
    /// The key is not the one that the store says.
    #[error(
        "identity.key is not the key that the store says: one of the two is an older copy, so put both back from the same backup"
    )]
    Another,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The identity key could not sign, or its input could not be written as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("signing failed")]
pub struct CannotSign;

impl Identity {
    /// Makes the key, protected under this term, unless there is one.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub fn create(folder: &DataFolder, vault: &Vault, term: Term) -> Result<Self, IdentityError> {
        match Self::create_at(&folder.identity(), vault, term) {
            Err(IdentityError::File(KeyFileError::Folder(FolderError::AlreadyThere(_)))) => {
                Self::load(folder, vault)
            }
            other => other,
        }
    }

    /// Makes a key in this file, which must not exist yet.
    pub(crate) fn create_at(path: &Path, vault: &Vault, term: Term) -> Result<Self, IdentityError> {
        let key = Ed25519KeyPair::generate().map_err(|_| IdentityError::Unusable)?;
        // The library's document wipes itself; the copy is wiped by the vault.
        let document = key.to_pkcs8v1().map_err(|_| IdentityError::Unusable)?;
        let pkcs8 = Zeroizing::new(document.as_ref().to_vec());
        key_file::write(path, vault, term, KEY_NAME, pkcs8)?;
        Self::from_key(key)
    }

    /// Reads the key in `identity.key`. The present key is what [`succession`] says.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub fn load(folder: &DataFolder, vault: &Vault) -> Result<Self, IdentityError> {
        Self::load_from(&folder.identity(), vault)
    }

    pub(crate) fn load_from(path: &Path, vault: &Vault) -> Result<Self, IdentityError> {
        let pkcs8 = key_file::read(path, vault, KEY_NAME)?;
        Self::from_key(Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|_| IdentityError::Unusable)?)
    }

    /// The public key as a JWK (RFC 8037).
    #[must_use]
    pub fn public(&self) -> &IdentityJwk {
        &self.public
    }

    /// The public key's `x`: 32 bytes in base64url.
    #[must_use]
    pub fn public_x(&self) -> &str {
        &self.public.x
    }

    /// The key that verifies what this one signed.
    #[must_use]
    pub fn verifying_key(&self) -> &PublicKey {
        &self.verifying
    }

    /// The key's RFC 7638 thumbprint; the gateway's fingerprint is this.
    #[must_use]
    pub fn kid(&self) -> &Kid {
        &self.kid
    }

    /// The same in words, see [`envelope::fingerprint`].
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// A compact JWS (RFC 7515) over a document, signed EdDSA (RFC 8037), with this key's `kid` and the given `typ` in
    /// its header. Signing the same document again gives the same bytes.
    ///
    /// # Errors
    /// [`CannotSign`].
    pub fn jws(&self, typ: &str, document: &impl Serialize) -> Result<String, CannotSign> {
        let header = Header {
            alg: "EdDSA",
            typ,
            kid: self.kid.as_str(),
        };
        let mut jws = segment(&header)?;
        jws.push('.');
        jws.push_str(&segment(document)?);
        let signature = self.key.try_sign(jws.as_bytes()).map_err(|_| CannotSign)?;
        jws.push('.');
        jws.push_str(&Base64UrlUnpadded::encode_string(signature.as_ref()));
        Ok(jws)
    }

    /// Issues a ticket as the built-in issuer: `claims.iss` should be [`BUILT_IN_ISSUER`].
    ///
    /// # Errors
    /// [`CannotSign`].
    pub fn issue(&self, claims: &TicketClaims) -> Result<Zeroizing<String>, CannotSign> {
        self.jws(envelope::ticket::TICKET_TYP, claims)
            .map(Zeroizing::new)
    }

    fn from_key(key: Ed25519KeyPair) -> Result<Self, IdentityError> {
        let public: [u8; 32] = key
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| IdentityError::Unusable)?;
        let verifying = PublicKey::ed25519(&public).map_err(|_| IdentityError::Unusable)?;
        let public = IdentityJwk::ed25519(&public);
        let kid = public.thumbprint();
        // The list is whole: `envelope` tests it.
        let words = fingerprint::words(&kid, fingerprint::WORD_LIST).unwrap_or_default();
        Ok(Self {
            key,
            public,
            verifying,
            kid,
            words,
        })
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

fn segment(document: &impl Serialize) -> Result<String, CannotSign> {
    let json = serde_json::to_vec(document).map_err(|_| CannotSign)?;
    Ok(Base64UrlUnpadded::encode_string(&json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::tests::vault;

    fn scratch() -> (tempfile::TempDir, DataFolder, Vault) {
        vault("gw")
    }

    #[test]
    fn an_identity_is_made_once() {
        let (_outer, folder, vault) = scratch();
        assert!(matches!(
            Identity::load(&folder, &vault),
            Err(IdentityError::File(KeyFileError::Missing(_)))
        ));
        let made = Identity::create(&folder, &vault, Term::FIRST).unwrap();
        let again = Identity::create(&folder, &vault, Term::FIRST).unwrap();
        assert_eq!(made.kid(), again.kid());
        assert_eq!(
            made.public_x(),
            Identity::load(&folder, &vault).unwrap().public_x()
        );
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        // Appendix A.2 and A.3.
        let seed =
            Base64UrlUnpadded::decode_vec("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        let identity = Identity::from_key(key).unwrap();
        assert_eq!(
            identity.public_x(),
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        );
        assert_eq!(
            identity.kid().as_str(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn an_identity_of_another_keyring_does_not_open() {
        let (_outer, folder, vault) = scratch();
        Identity::create(&folder, &vault, Term::FIRST).unwrap();
        let (_other_outer, _other_folder, other_vault) = scratch();
        assert!(matches!(
            Identity::load(&folder, &other_vault),
            Err(IdentityError::File(KeyFileError::DoesNotOpen { .. }))
        ));
    }
}
