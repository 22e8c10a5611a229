//! How much work a file may demand for its passphrase: a hostile one must not stop the page.

use crate::PassphraseError;

/// Of PBKDF2 and its kin, for all that is encrypted in one file. OpenSSL writes 2048, careful people a million.
const MAX_ROUNDS: u64 = 10_000_000;
/// Of bcrypt. `ssh-keygen` writes 16 or 24.
const MAX_BCRYPT_ROUNDS: u32 = 1024;
/// Of scrypt and Argon2, in KiB. OpenSSL takes 16 MiB, PuTTY 8.
const MAX_MEMORY: u64 = 64 * 1024;
/// Of scrypt and Argon2: memory times passes, in KiB.
const MAX_TRAFFIC: u64 = 4 * 1024 * 1024;

/// What is left of the work that one file may demand.
pub(crate) struct Work(u64);

impl Work {
    pub(crate) fn of_one_file() -> Self {
        Self(MAX_ROUNDS)
    }

    /// For a try without being asked: nobody should notice it.
    pub(crate) fn unnoticed() -> Self {
        Self(20_000)
    }

    /// Takes `rounds` of a hash, `blocks` times over.
    pub(crate) fn hashes(&mut self, rounds: u64, blocks: u64) -> Result<u32, PassphraseError> {
        let left = rounds
            .checked_mul(blocks.max(1))
            .and_then(|work| self.0.checked_sub(work));
        self.0 = left.ok_or(PassphraseError::TooMuchWork)?;
        u32::try_from(rounds).map_err(|_| PassphraseError::TooMuchWork)
    }

    /// Takes the rounds of a bcrypt.
    pub(crate) fn bcrypt(rounds: u32) -> Result<(), PassphraseError> {
        allowed(rounds <= MAX_BCRYPT_ROUNDS)
    }

    /// Takes this many KiB of memory, gone through so many times.
    pub(crate) fn memory(&mut self, kib: u64, passes: u64) -> Result<(), PassphraseError> {
        let traffic = kib.checked_mul(passes);
        let fits = traffic.is_some_and(|traffic| traffic <= MAX_TRAFFIC);
        allowed(kib <= MAX_MEMORY && fits)?;
        // One file has one such derivation, or a few more with little left for each.
        let share = traffic.unwrap_or(u64::MAX) * (MAX_ROUNDS / MAX_TRAFFIC);
        self.0 = self
            .0
            .checked_sub(share)
            .ok_or(PassphraseError::TooMuchWork)?;
        Ok(())
    }
}

fn allowed(condition: bool) -> Result<(), PassphraseError> {
    if condition {
        Ok(())
    } else {
        Err(PassphraseError::TooMuchWork)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_for_all_parts_together() {
        let mut work = Work::of_one_file();
        assert_eq!(work.hashes(6_000_000, 1), Ok(6_000_000));
        assert_eq!(work.hashes(6_000_000, 1), Err(PassphraseError::TooMuchWork));
        assert!(Work::of_one_file().hashes(5_000_000, 2).is_ok());
        let refused = Err(PassphraseError::TooMuchWork);
        assert_eq!(Work::of_one_file().hashes(5_000_001, 2), refused);
        assert_eq!(Work::of_one_file().hashes(u64::MAX, 2), refused);
        assert_eq!(Work::unnoticed().hashes(20_001, 1), refused);
    }

    #[test]
    fn memory_is_limited_and_how_often_it_is_gone_through() {
        assert!(Work::of_one_file().memory(64 * 1024, 64).is_ok());
        let refused = Err(PassphraseError::TooMuchWork);
        for (kib, passes) in [
            (64 * 1024 + 1, 1),
            (64 * 1024, 65),
            (1, u64::MAX),
            (u64::MAX, 2),
        ] {
            assert_eq!(Work::of_one_file().memory(kib, passes), refused);
        }
        // Once as much as is allowed, not twice.
        let mut work = Work::of_one_file();
        assert!(work.memory(64 * 1024, 64).is_ok());
        assert_eq!(work.memory(64 * 1024, 64), refused);
    }

    #[test]
    fn rounds_of_bcrypt_are_limited() {
        assert!(Work::bcrypt(1024).is_ok());
        assert_eq!(Work::bcrypt(1025), Err(PassphraseError::TooMuchWork));
    }
}
