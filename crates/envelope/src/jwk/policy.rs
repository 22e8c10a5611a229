//! Which RSA public keys are good enough to seal for. A gateway makes no others; these checks are against a key that
//! somebody else put in its place, or that a broken generator made.

use crate::error::KeyRefusal;

mod small_primes;

mod pattern;

mod trial_division;

mod roca;

mod fermat;

/// Accepted lengths of the modulus, in bits.
pub const MODULUS_BITS: [usize; 3] = [2048, 3072, 4096];

/// The one accepted public exponent, 65537, big-endian.
pub const PUBLIC_EXPONENT: [u8; 3] = [1, 0, 1];

/// 3 to 167: those that every key of the flawed library betrays itself by, however short, and with which its authors test.
const ROCA_PRIMES: usize = 38;

/// 3 to 353. A number that is no square is one modulo all of them once in 2^67.
const FERMAT_PRIMES: usize = 70;

/// Checks a modulus and an exponent, both big-endian. The cheap rules come first.
pub(super) fn check_numbers(n: &[u8], e: &[u8]) -> Result<(), KeyRefusal> {
    if n.first().is_none_or(|&octet| octet == 0) || e.first().is_none_or(|&octet| octet == 0) {
        return Err(KeyRefusal::NumberEncoding);
    }
    if e != PUBLIC_EXPONENT {
        return Err(KeyRefusal::Exponent);
    }
    let bits = n.len() * 8 - n[0].leading_zeros() as usize;
    if !MODULUS_BITS.contains(&bits) {
        return Err(KeyRefusal::ModulusSize { bits });
    }
    if n[n.len() - 1] & 1 == 0 {
        return Err(KeyRefusal::EvenModulus);
    }
    if pattern::repeats(n) {
        return Err(KeyRefusal::RepeatedPattern);
    }
    let n = words(n);
    let primes = small_primes::odd();
    if let Some(factor) = trial_division::factor(&n, &primes) {
        return Err(KeyRefusal::SmallFactor { factor });
    }
    if roca::has_fingerprint(&n, &primes[..ROCA_PRIMES]) {
        return Err(KeyRefusal::RocaFingerprint);
    }
    if fermat::factors(&n, &primes[..FERMAT_PRIMES]) {
        return Err(KeyRefusal::CloseFactors);
    }
    Ok(())
}

/// The 32-bit words of a big-endian number, the least significant first. Every accepted modulus is a whole number of them.
fn words(n: &[u8]) -> Vec<u32> {
    let word = |octets: &[u8]| {
        octets
            .iter()
            .fold(0, |word, &octet| word << 8 | u32::from(octet))
    };
    n.rchunks_exact(4).map(word).collect()
}

#[cfg(test)]
pub(super) mod tests;
