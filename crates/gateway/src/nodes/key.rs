//! `node.key`: what opens a gateway's shares, wrapped under its key-encryption key.
//!
//! ```text
//! {"v":1,"gateway":"…","node":"…","public":"age1…","wrapped":"…"}
//! ```

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};

use crate::backup::age::AgeError;
use crate::backup::age::recovery_key::RecoveryIdentity;
use crate::data_folder::{self, DataFolder, FolderError};
use crate::keyring::file::Owner;
use crate::store::postgresql::NodeName;
use crate::vault::length_prefixed;
use kek::{KekError, Key};

const VERSION: u8 = 1;
const CONTEXT: &[u8] = b"credential-gateway node key 1";

/// The key pair.
pub struct NodeKey {
    name: NodeName,
    seed: Key,
    public: String,
}

/// Why there is none to work with.
#[derive(Debug, thiserror::Error)]
pub enum NodeKeyError {
    /// The file is not there.
    #[error(
        "node.key is missing; put it back from a copy of the folder, or have this gateway approved anew: `credential-gateway init --join` in a new folder"
    )]
    Missing,
    /// Not the file that was written.
    #[error("node.key is damaged, or another gateway's")]
    Damaged,
    /// The key-encryption key does not open it.
    #[error("node.key: {0}")]
    Kek(#[from] KekError),
    /// It cannot be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The library failed.
    #[error(transparent)]
    Age(#[from] AgeError),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    v: u8,
    gateway: String,
    node: String,
    public: String,
    wrapped: String,
}

impl NodeKey {
    /// Makes one, or takes the one that an interrupted call has made.
    ///
    /// # Errors
    /// See [`NodeKeyError`].
    pub fn create(
        folder: &DataFolder,
        owner: &Owner,
        name: &NodeName,
    ) -> Result<Self, NodeKeyError> {
        if folder.node_key().exists() {
            return Self::open(folder, owner, name);
        }
        let identity = RecoveryIdentity::generate()?;
        let key = Self {
            name: name.clone(),
            seed: identity.seed()?,
            public: identity.public().to_string(),
        };
        data_folder::write_new(&folder.node_key(), &key.text(owner)?)?;
        Ok(key)
    }

    /// The one that there is.
    ///
    /// # Errors
    /// See [`NodeKeyError`].
    pub fn open(folder: &DataFolder, owner: &Owner, name: &NodeName) -> Result<Self, NodeKeyError> {
        let content = match data_folder::read_private(&folder.node_key()) {
            Err(error) if error.is_not_found() => return Err(NodeKeyError::Missing),
            other => other?,
        };
        let damaged = |_| NodeKeyError::Damaged;
        let file: File = serde_json::from_slice(&content).map_err(damaged)?;
        let is_ours = file.v == VERSION
            && file.gateway == owner.gateway.as_str()
            && file.node == name.as_str();
        if !is_ours {
            return Err(NodeKeyError::Damaged);
        }
        let wrapped = Base64UrlUnpadded::decode_vec(&file.wrapped);
        let wrapped = wrapped.map_err(|_| NodeKeyError::Damaged)?;
        let seed = owner
            .kek
            .unwrap_key(&wrapped, &context(owner, name, &file.public))?;
        Ok(Self {
            name: name.clone(),
            seed,
            public: file.public,
        })
    }

    /// Writes the file anew, under the key-encryption key of another owner.
    ///
    /// # Errors
    /// See [`NodeKeyError`].
    pub fn rewrap(&self, folder: &DataFolder, owner: &Owner) -> Result<(), NodeKeyError> {
        Ok(data_folder::replace(
            &folder.node_key(),
            &self.text(owner)?,
        )?)
    }

    /// The gateway's own name.
    #[must_use]
    pub fn name(&self) -> &NodeName {
        &self.name
    }

    /// The public half, as others are told it.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public
    }

    /// What opens shares.
    ///
    /// # Errors
    /// See [`AgeError`].
    pub fn identity(&self) -> Result<RecoveryIdentity, AgeError> {
        RecoveryIdentity::from_seed(&self.seed)
    }

    fn text(&self, owner: &Owner) -> Result<Vec<u8>, NodeKeyError> {
        let context = context(owner, &self.name, &self.public);
        let wrapped = owner.kek.wrap_key(&self.seed, &context)?;
        let file = File {
            v: VERSION,
            gateway: owner.gateway.to_string(),
            node: self.name.as_str().to_owned(),
            public: self.public.clone(),
            wrapped: Base64UrlUnpadded::encode_string(&wrapped),
        };
        let mut text = serde_json::to_vec(&file).map_err(|_| NodeKeyError::Damaged)?;
        text.push(b'\n');
        Ok(text)
    }
}

fn context(owner: &Owner, name: &NodeName, public: &str) -> Vec<u8> {
    length_prefixed(&[
        CONTEXT,
        owner.gateway.as_str().as_bytes(),
        name.as_str().as_bytes(),
        public.as_bytes(),
        owner.settings.provider().as_bytes(),
        owner.kek.id().as_str().as_bytes(),
    ])
}

#[cfg(test)]
mod tests {
    use envelope::GatewayId;

    use super::*;
    use crate::keyring::provider::KekSettings;

    /// A folder with a key-encryption key in it.
    fn owned() -> (tempfile::TempDir, DataFolder, Owner) {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
        let settings = KekSettings::default();
        let owner = Owner {
            gateway: GatewayId::parse("gw-test").unwrap(),
            kek: settings.make(&folder).unwrap(),
            settings,
        };
        (outer, folder, owner)
    }

    #[test]
    fn it_goes_along_with_the_key_encryption_key() {
        let (_outer, folder, owner) = owned();
        let (_other_outer, _, other) = owned();
        let name = NodeName::try_from("a".to_owned()).unwrap();
        let made = NodeKey::create(&folder, &owner, &name).unwrap();
        let again = NodeKey::create(&folder, &owner, &name).unwrap();
        assert_eq!(made.public(), again.public());
        assert!(NodeKey::open(&folder, &other, &name).is_err());

        made.rewrap(&folder, &other).unwrap();
        assert!(NodeKey::open(&folder, &owner, &name).is_err());
        let opened = NodeKey::open(&folder, &other, &name).unwrap();
        let identity = opened.identity().unwrap();
        assert_eq!(identity.public().to_string(), made.public());
    }

    #[test]
    fn it_is_of_one_gateway_and_one_node() {
        let (_outer, folder, mut owner) = owned();
        let name = NodeName::try_from("a".to_owned()).unwrap();
        NodeKey::create(&folder, &owner, &name).unwrap();
        let other = NodeName::try_from("b".to_owned()).unwrap();
        assert!(matches!(
            NodeKey::open(&folder, &owner, &other),
            Err(NodeKeyError::Damaged)
        ));
        owner.gateway = GatewayId::parse("gw-other").unwrap();
        assert!(NodeKey::open(&folder, &owner, &name).is_err());
        for refused in ["", "A", "a-b", "a b", "a\"", "aaaaaaaaaaaaaaaaaaaaa"] {
            assert!(NodeName::try_from(refused.to_owned()).is_err(), "{refused}");
        }
    }
}
