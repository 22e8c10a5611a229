//! Reading a plaintext, in its one spelling only.

use std::collections::BTreeMap;

use super::bucket;
use crate::canonical_json::{Mismatch, Reader};
use crate::credential::{Credential, SecretChange};
use crate::secret::Secret;

impl Credential {
    /// Reads a padded plaintext.
    pub(crate) fn read(plaintext: &[u8]) -> Result<Self, Mismatch> {
        let text = std::str::from_utf8(plaintext).map_err(|error| Mismatch {
            expected: "UTF-8",
            at: error.valid_up_to(),
        })?;
        let reader = &mut Reader::new(text);
        let mut credential = Self {
            kind: String::new(),
            auth: String::new(),
            properties: BTreeMap::new(),
            secrets: BTreeMap::new(),
        };
        reader.literal(r#"{"auth":"#)?;
        credential.auth = std::mem::take(&mut *reader.string()?);
        reader.literal(r#","kind":"#)?;
        credential.kind = std::mem::take(&mut *reader.string()?);
        reader.literal(r#","properties":"#)?;
        reader.object(|name, reader| {
            let value = std::mem::take(&mut *reader.string()?);
            credential.properties.insert(name, value);
            Ok::<_, Mismatch>(())
        })?;
        reader.literal(r#","secrets":"#)?;
        reader.object(|name, reader| {
            credential.secrets.insert(name, read_change(reader)?);
            Ok::<_, Mismatch>(())
        })?;
        reader.literal(r#","v":1}"#)?;
        check_padding(reader, plaintext.len())?;
        Ok(credential)
    }
}

fn read_change(reader: &mut Reader<'_>) -> Result<SecretChange, Mismatch> {
    if reader.next_is(r#""keep""#) {
        return Ok(SecretChange::Keep);
    }
    if reader.next_is(r#""clear""#) {
        return Ok(SecretChange::Clear);
    }
    reader.literal(r#"{"replace":"#)?;
    let secret = Secret::from(reader.string()?);
    reader.literal("}")?;
    Ok(SecretChange::Replace(secret))
}

/// What follows the JSON is spaces, up to the smallest bucket that holds it.
fn check_padding(reader: &Reader<'_>, length: usize) -> Result<(), Mismatch> {
    let at = reader.position();
    if reader.rest().bytes().all(|byte| byte == b' ') && bucket(at) == Some(length) {
        Ok(())
    } else {
        Err(Mismatch {
            expected: "spaces up to the bucket's length",
            at,
        })
    }
}
