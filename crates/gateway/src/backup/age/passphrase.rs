//! A passphrase, worn through Argon2id (RFC 9106): each guess costs its memory and its time.
//!
//! ```text
//! stanza  = "-> credential-gateway/argon2id-1 <salt> <memory in KiB> <passes> <lanes>", the file key encrypted
//! its key = Argon2id(passphrase, salt = "credential-gateway/argon2id-1" and 16 random bytes)
//! ```

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64ct::{Base64Unpadded, Encoding};
use zeroize::Zeroizing;

use super::stanza::Stanza;
use super::{AgeError, FileKey, KEY_BYTES, WRAPPED_BYTES, random};

pub(super) const STANZA: &str = "credential-gateway/argon2id-1";

const SALT_BYTES: usize = 16;

/// More lanes than any backup is made with.
const MAX_LANES: u32 = 4;

/// Shorter ones are found by trying, whatever each try costs; in characters.
const MIN_CHARACTERS: usize = 12;

/// A passphrase. Wiped on drop.
pub struct Passphrase(Zeroizing<String>);

/// What one try of a passphrase costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// In KiB.
    memory: u32,
    passes: u32,
    lanes: u32,
}

/// Nobody would have to guess for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the passphrase is too short: {MIN_CHARACTERS} characters are the least, six random words are good"
)]
pub struct TooShort;

impl Cost {
    /// Three passes over as much memory.
    #[must_use]
    pub const fn of_mebibytes(mebibytes: u32) -> Self {
        Self {
            memory: mebibytes.saturating_mul(1024),
            passes: 3,
            lanes: 1,
        }
    }

    /// The cost that a file names.
    pub(super) fn named_by(words: [&String; 3]) -> Result<Self, AgeError> {
        let malformed = || AgeError::Header("the cost of its passphrase is not written as one");
        let [memory, passes, lanes] = words.map(|word| {
            let number: u32 = word.parse().ok()?;
            // One spelling for each number.
            (number.to_string() == *word).then_some(number)
        });
        Ok(Self {
            memory: memory.ok_or_else(malformed)?,
            passes: passes.ok_or_else(malformed)?,
            lanes: lanes.ok_or_else(malformed)?,
        })
    }

    /// A file says itself what its passphrase costs, and whoever has written it could make it any machine's last: no more is done
    /// than the person has allowed.
    fn check(self, allowed: Self) -> Result<(), AgeError> {
        let work = |cost: Self| u64::from(cost.memory) * u64::from(cost.passes);
        if self.memory > allowed.memory || work(self) > work(allowed) || self.lanes > MAX_LANES {
            return Err(AgeError::TooCostly {
                memory_mebibytes: self.mebibytes(),
                passes: self.passes,
            });
        }
        Ok(())
    }

    fn mebibytes(self) -> u32 {
        self.memory.div_ceil(1024)
    }
}

impl Default for Cost {
    /// 256 MiB: about a second, and as much memory for each guess of whoever has found the file.
    fn default() -> Self {
        Self::of_mebibytes(256)
    }
}

impl Passphrase {
    /// A passphrase for a backup that exists.
    #[must_use]
    pub fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// A passphrase for a backup that is to be made.
    ///
    /// # Errors
    /// [`TooShort`].
    pub fn chosen(text: Zeroizing<String>) -> Result<Self, TooShort> {
        if text.chars().count() < MIN_CHARACTERS {
            return Err(TooShort);
        }
        Ok(Self(text))
    }

    pub(super) fn wrap(&self, file_key: &FileKey, cost: Cost) -> Result<Stanza, AgeError> {
        let mut salt = [0; SALT_BYTES];
        random(&mut salt)?;
        let numbers = [cost.memory, cost.passes, cost.lanes].map(|number| number.to_string());
        let mut words = vec![STANZA.to_owned(), Base64Unpadded::encode_string(&salt)];
        words.extend(numbers);
        Ok(Stanza::new(words, file_key.wrap(&*self.key(&salt, cost)?)?))
    }

    pub(super) fn unwrap(&self, stanza: &Stanza, allowed: Cost) -> Result<FileKey, AgeError> {
        let malformed = || AgeError::Header("the stanza of its passphrase is not one");
        let [salt, cost @ ..] = stanza.arguments::<4>().ok_or_else(malformed)?;
        let salt = Base64Unpadded::decode_vec(salt).map_err(|_| malformed())?;
        let salt: [u8; SALT_BYTES] = salt.try_into().map_err(|_| malformed())?;
        let wrapped: &[u8; WRAPPED_BYTES] = stanza.body().try_into().map_err(|_| malformed())?;
        let cost = Cost::named_by(cost.each_ref())?;
        cost.check(allowed)?;
        FileKey::unwrap(wrapped, &*self.key(&salt, cost)?)?.ok_or(AgeError::WrongPassphrase)
    }

    fn key(
        &self,
        salt: &[u8; SALT_BYTES],
        cost: Cost,
    ) -> Result<Zeroizing<[u8; KEY_BYTES]>, AgeError> {
        let malformed = |_| AgeError::Header("the cost of its passphrase is none");
        let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(KEY_BYTES))
            .map_err(malformed)?;
        let mut memory = memory(params.block_count(), cost)?;
        let salt = [STANZA.as_bytes(), salt].concat();
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                self.0.as_bytes(),
                &salt,
                key.as_mut_slice(),
                &mut memory,
            )
            .map_err(|_| AgeError::Library)?;
        Ok(key)
    }
}

/// What Argon2id works in, asked for in a way that may be refused. The program's allocator wipes it.
fn memory(blocks: usize, cost: Cost) -> Result<Vec<Block>, AgeError> {
    let mut memory = Vec::new();
    memory
        .try_reserve_exact(blocks)
        .map_err(|_| AgeError::NoMemory {
            memory_mebibytes: cost.mebibytes(),
        })?;
    memory.resize(blocks, Block::default());
    Ok(memory)
}
