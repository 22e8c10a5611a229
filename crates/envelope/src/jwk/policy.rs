//! Which RSA public keys are good enough to seal for. A gateway makes no others; these checks are against a key that
//! somebody else put in its place, or that a broken generator made.

use crate::error::KeyRefusal;

/// Accepted lengths of the modulus, in bits.
pub const MODULUS_BITS: [usize; 3] = [2048, 3072, 4096];

/// The one accepted public exponent, 65537, big-endian.
pub const PUBLIC_EXPONENT: [u8; 3] = [1, 0, 1];

/// Trial division ends with this prime.
const LARGEST_TRIAL_PRIME: u32 = 65_537;

/// Checks a modulus and an exponent, both big-endian.
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
    match small_factor(n) {
        Some(factor) => Err(KeyRefusal::SmallFactor { factor }),
        None => Ok(()),
    }
}

/// The smallest odd prime factor of `n` up to [`LARGEST_TRIAL_PRIME`].
///
/// Primes are multiplied together while they fit into 32 bits, so that the long division is done once per product.
fn small_factor(n: &[u8]) -> Option<u32> {
    let mut product: u64 = 1;
    let mut batch = Vec::new();
    for prime in odd_primes() {
        if product * u64::from(prime) > u64::from(u32::MAX) {
            if let Some(factor) = factor_in(n, product, &batch) {
                return Some(factor);
            }
            product = 1;
            batch.clear();
        }
        product *= u64::from(prime);
        batch.push(prime);
    }
    factor_in(n, product, &batch)
}

fn factor_in(n: &[u8], product: u64, primes: &[u32]) -> Option<u32> {
    // Every accepted modulus is a whole number of 32-bit words.
    let remainder = n.chunks_exact(4).fold(0_u64, |remainder, word| {
        let word = word
            .iter()
            .fold(0_u64, |word, &octet| word << 8 | u64::from(octet));
        (remainder << 32 | word) % product
    });
    primes
        .iter()
        .copied()
        .find(|&prime| remainder.is_multiple_of(u64::from(prime)))
}

/// 3, 5, 7 … [`LARGEST_TRIAL_PRIME`], by the sieve of Eratosthenes over the odd numbers.
fn odd_primes() -> impl Iterator<Item = u32> {
    const ODD_NUMBERS: usize = (LARGEST_TRIAL_PRIME as usize).div_ceil(2);
    let mut composite = vec![false; ODD_NUMBERS];
    // Index i stands for the number 2 i + 1.
    for i in 1..ODD_NUMBERS {
        let number = 2 * i + 1;
        // Saturating: the square of the last number does not fit the browser's 32 bits.
        if composite[i] || number.saturating_mul(number) / 2 >= ODD_NUMBERS {
            continue;
        }
        for multiple in (number * number / 2..ODD_NUMBERS).step_by(number) {
            composite[multiple] = true;
        }
    }
    (1_u32..)
        .zip(composite.into_iter().skip(1))
        .filter(|(_, composite)| !composite)
        .map(|(i, _)| 2 * i + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sieve_finds_all_primes() {
        let primes: Vec<u32> = odd_primes().collect();
        assert_eq!(primes[..5], [3, 5, 7, 11, 13]);
        assert_eq!(primes.last(), Some(&65_537));
        assert_eq!(primes.len(), 6542, "the number of odd primes up to 65,537");
    }

    #[test]
    fn small_primes_are_found() {
        for prime in odd_primes().step_by(37).chain([LARGEST_TRIAL_PRIME]) {
            // prime * (2^32 + 1), a number that fits into three words.
            let number = u128::from(prime) * ((1 << 32) + 1);
            let n = &number.to_be_bytes()[4..];
            assert_eq!(
                small_factor(n),
                Some(prime.min(641)),
                "2^32 + 1 is 641 * 6700417"
            );
        }
    }
}
