//! Recovery keys: X25519 (RFC 7748) key pairs in the spelling of age. The public half, `age1…`, is all that making a backup
//! takes; the other one, the identity, need not be on the gateway's machine.

use std::fmt;

use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::encoding::{AsBigEndian, Curve25519SeedBin};
use base64ct::{Base64Unpadded, Encoding};
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use super::stanza::Stanza;
use super::{AgeError, FileKey, KEY_BYTES, WRAPPED_BYTES, derive};

pub(super) const STANZA: &str = "X25519";

const PURPOSE: &[u8] = b"age-encryption.org/v1/X25519";
const PUBLIC_PREFIX: Hrp = Hrp::parse_unchecked("age");
const SECRET_PREFIX: Hrp = Hrp::parse_unchecked("age-secret-key-");

/// The public half.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryKey([u8; KEY_BYTES]);

/// The half that opens backups. The library wipes it on drop.
pub struct RecoveryIdentity {
    private: PrivateKey,
    public: RecoveryKey,
}

/// The text is not a recovery key, or not an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARecoveryKey {
    /// It should have been a public half.
    #[error("a recovery key begins with `age1` and has 62 characters; one of them may be mistyped")]
    Public,
    /// It should have been an identity.
    #[error("the identity of a recovery key is a line `AGE-SECRET-KEY-1…`")]
    Identity,
}

impl RecoveryKey {
    /// Reads the spelling of age, for example of `age-keygen`.
    ///
    /// # Errors
    /// [`NotARecoveryKey::Public`].
    pub fn parse(text: &str) -> Result<Self, NotARecoveryKey> {
        // Also identities begin with `age`, in either case.
        let key = bytes_of(text, PUBLIC_PREFIX).ok_or(NotARecoveryKey::Public)?;
        Ok(Self(*key))
    }

    pub(super) fn wrap(&self, file_key: &FileKey) -> Result<Stanza, AgeError> {
        let ephemeral = PrivateKey::generate(&X25519).map_err(|_| AgeError::Library)?;
        let share = public_of(&ephemeral)?;
        let under = shared(&ephemeral, &self.0, &share, &self.0)?.ok_or(AgeError::Library)?;
        Ok(Stanza::new(
            vec![STANZA.to_owned(), Base64Unpadded::encode_string(&share.0)],
            file_key.wrap(&under)?,
        ))
    }
}

impl fmt::Display for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32, _>(f, PUBLIC_PREFIX, &self.0).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryKey({self})")
    }
}

impl RecoveryIdentity {
    /// A new one.
    ///
    /// # Errors
    /// [`AgeError::Library`].
    pub fn generate() -> Result<Self, AgeError> {
        Self::of(PrivateKey::generate(&X25519).map_err(|_| AgeError::Library)?)
    }

    /// Reads the file of an identity: lines of `AGE-SECRET-KEY-1…`; empty ones and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`NotARecoveryKey::Identity`].
    pub fn parse_file(text: &str) -> Result<Vec<Self>, NotARecoveryKey> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let identities: Vec<_> = lines.map(Self::parse).collect::<Result<_, _>>()?;
        if identities.is_empty() {
            return Err(NotARecoveryKey::Identity);
        }
        Ok(identities)
    }

    fn parse(line: &str) -> Result<Self, NotARecoveryKey> {
        let seed = bytes_of(line, SECRET_PREFIX).ok_or(NotARecoveryKey::Identity)?;
        let private = PrivateKey::from_private_key(&X25519, seed.as_slice());
        let private = private.map_err(|_| NotARecoveryKey::Identity)?;
        Self::of(private).map_err(|_| NotARecoveryKey::Identity)
    }

    fn of(private: PrivateKey) -> Result<Self, AgeError> {
        let public = public_of(&private)?;
        Ok(Self { private, public })
    }

    /// The one with this seed, from [`RecoveryIdentity::seed`].
    ///
    /// # Errors
    /// [`AgeError::Library`].
    pub fn from_seed(seed: &[u8; KEY_BYTES]) -> Result<Self, AgeError> {
        let private = PrivateKey::from_private_key(&X25519, seed);
        Self::of(private.map_err(|_| AgeError::Library)?)
    }

    /// All that there is to it, for whoever keeps it in another way than [`RecoveryIdentity::to_file`].
    ///
    /// # Errors
    /// [`AgeError::Library`].
    pub fn seed(&self) -> Result<Zeroizing<[u8; KEY_BYTES]>, AgeError> {
        let seed: Curve25519SeedBin<'_> =
            self.private.as_be_bytes().map_err(|_| AgeError::Library)?;
        let seed = seed.as_ref().try_into().map_err(|_| AgeError::Library)?;
        Ok(Zeroizing::new(seed))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &RecoveryKey {
        &self.public
    }

    /// The file of this identity, as [`RecoveryIdentity::parse_file`] reads it.
    ///
    /// # Errors
    /// [`AgeError::Library`].
    pub fn to_file(&self) -> Result<Zeroizing<String>, AgeError> {
        let seed: Curve25519SeedBin<'_> =
            self.private.as_be_bytes().map_err(|_| AgeError::Library)?;
        // Room for all of it: a growing String would leave unwiped copies behind.
        let mut text = Zeroizing::new(String::with_capacity(256));
        text.push_str("# The identity of the recovery key ");
        text.push_str(&self.public.to_string());
        text.push('\n');
        bech32::encode_upper_to_fmt::<Bech32, _>(&mut *text, SECRET_PREFIX, seed.as_ref())
            .map_err(|_| AgeError::Library)?;
        text.push('\n');
        Ok(text)
    }

    /// The file key, if the stanza is for this identity.
    pub(super) fn unwrap(&self, stanza: &Stanza) -> Result<Option<FileKey>, AgeError> {
        let malformed = || AgeError::Header("the stanza of a recovery key is not one");
        let [share] = stanza.arguments::<1>().ok_or_else(malformed)?;
        let share = Base64Unpadded::decode_vec(share).map_err(|_| malformed())?;
        let share = RecoveryKey(share.try_into().map_err(|_| malformed())?);
        let wrapped: &[u8; WRAPPED_BYTES] = stanza.body().try_into().map_err(|_| malformed())?;
        let under = shared(&self.private, &share.0, &share, &self.public.0)?;
        FileKey::unwrap(wrapped, &*under.ok_or_else(malformed)?)
    }
}

/// The key that both sides work out; none if the other half is one of the few points that give everybody the same.
fn shared(
    private: &PrivateKey,
    other: &[u8; KEY_BYTES],
    share: &RecoveryKey,
    recipient: &[u8; KEY_BYTES],
) -> Result<Option<Zeroizing<[u8; KEY_BYTES]>>, AgeError> {
    let salt = [share.0, *recipient].concat();
    let other = UnparsedPublicKey::new(&X25519, other.as_slice());
    let agreed = agree(private, other, (), |secret| {
        Ok(derive(secret, &salt, PURPOSE))
    });
    agreed.ok().transpose()
}

fn public_of(private: &PrivateKey) -> Result<RecoveryKey, AgeError> {
    let public = private
        .compute_public_key()
        .map_err(|_| AgeError::Library)?;
    let public = public.as_ref().try_into().map_err(|_| AgeError::Library)?;
    Ok(RecoveryKey(public))
}

fn bytes_of(text: &str, prefix: Hrp) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    // The spellings of age: public halves in small letters, identities in capitals.
    let is_secret = prefix == SECRET_PREFIX;
    let other_case = |character: char| {
        if is_secret {
            character.is_ascii_lowercase()
        } else {
            character.is_ascii_uppercase()
        }
    };
    if text.contains(other_case) {
        return None;
    }
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    if checked.hrp() != prefix {
        return None;
    }
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    let mut spelt = checked.byte_iter();
    for byte in bytes.iter_mut() {
        *byte = spelt.next()?;
    }
    spelt.next().is_none().then_some(bytes)
}
