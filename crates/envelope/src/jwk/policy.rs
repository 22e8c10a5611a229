//! Which RSA public keys are good enough to seal for. A gateway makes no others; these checks are against a key that
//! somebody else put in its place, or that a broken generator made.

use crate::error::KeyRefusal;

mod small_primes;

mod trial_division;

/// Accepted lengths of the modulus, in bits.
pub const MODULUS_BITS: [usize; 3] = [2048, 3072, 4096];

/// The one accepted public exponent, 65537, big-endian.
pub const PUBLIC_EXPONENT: [u8; 3] = [1, 0, 1];

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
    if n.chunks_exact(16).all(|pattern| pattern == &n[..16]) {
        return Err(KeyRefusal::RepeatedPattern);
    }
    let primes = small_primes::odd();
    if let Some(factor) = trial_division::factor(n, &primes) {
        return Err(KeyRefusal::SmallFactor { factor });
    }
    Ok(())
}
