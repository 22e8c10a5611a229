//! The fingerprint of keys from a flawed library, whose primes are `k M + (65537^a mod M)`, M being a product of the first
//! primes, and so can be found (CVE-2017-15361).

use super::small_primes::remainder;

/// Whether `n` is a power of 65537 modulo each of the odd primes given: the detector of Nemec, Sys, Svenda, Klinec and Matyas, The
/// Return of Coppersmith's Attack, ACM CCS 2017, section 3.2. Modulo a product of such primes it is one as well.
pub(super) fn has_fingerprint(n: &[u32], primes: &[u32]) -> bool {
    primes.iter().all(|&prime| {
        let n = remainder(n, prime);
        let mut power = 1;
        // The powers come back to 1 after at most `prime` steps.
        (0..prime).any(|_| {
            power = power * 65_537 % prime;
            power == n
        })
    })
}
