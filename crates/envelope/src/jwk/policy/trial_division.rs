//! Trial division, by all primes of a list in well below a millisecond in a browser.

/// The first prime of an ascending list of odd ones that divides `n`.
///
/// Primes are multiplied together while they fit into 32 bits, so that the long division is done once per product.
pub(super) fn factor(n: &[u32], primes: &[u32]) -> Option<u32> {
    let mut rest = primes;
    while let Some(&first) = rest.first() {
        let (mut product, mut count) = (first, 1);
        while let Some(larger) = rest
            .get(count)
            .and_then(|&prime| product.checked_mul(prime))
        {
            product = larger;
            count += 1;
        }
        let (batch, others) = rest.split_at(count);
        let remainder = scaled_remainder(n, product);
        if let Some(&factor) = batch.iter().find(|&&prime| remainder.is_multiple_of(prime)) {
            return Some(factor);
        }
        rest = others;
    }
    None
}

/// `-n / 2^(32 words)` modulo an odd number, up to that number: a multiple of a factor of the number exactly if `n` is one.
///
/// Hensel's division begins at the least significant word and takes two multiplications a word, where the ordinary one
/// takes a division (Granlund and Montgomery, Division by Invariant Integers using Multiplication, section 9).
fn scaled_remainder(words: &[u32], odd: u32) -> u32 {
    let inverse = inverse(odd);
    words.iter().fold(0, |carry, &word| {
        let (rest, borrow) = word.overflowing_sub(carry);
        let digit = rest.wrapping_mul(inverse);
        let product = u64::from(digit) * u64::from(odd);
        (product >> 32) as u32 + u32::from(borrow)
    })
}

/// The inverse of an odd number modulo 2^32. Each of Newton's steps doubles the bits that are right, which are three at first.
fn inverse(odd: u32) -> u32 {
    (0..4).fold(odd, |inverse, _| {
        inverse.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(inverse)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::small_primes;
    use super::*;

    fn words(number: u128) -> Vec<u32> {
        (0..4).map(|at| (number >> (32 * at)) as u32).collect()
    }

    #[test]
    fn every_small_prime_is_found() {
        let primes = small_primes::odd();
        for &prime in &primes {
            // prime * (2^32 + 1), a number that fits into three words.
            let number = u128::from(prime) * ((1 << 32) + 1);
            assert_eq!(
                factor(&words(number), &primes),
                Some(prime.min(641)),
                "2^32 + 1 is 641 * 6700417"
            );
        }
    }

    #[test]
    fn a_number_without_small_factors_has_none() {
        let primes = small_primes::odd();
        for prime in [65_539_u128, 4_294_967_291, (1 << 89) - 1] {
            assert_eq!(factor(&words(prime), &primes), None);
        }
        assert_eq!(factor(&words(65_539 * 65_539), &primes), None);
    }

    #[test]
    fn the_scaled_remainder_is_that_of_ordinary_division() {
        let number: u128 = 0x0123_4567_89ab_cdef_fedc_ba98_7654_3211;
        for odd in [3_u32, 15, 65_537, 0x7fff_ffff, 0xffff_fffd, u32::MAX] {
            let modulus = u128::from(odd);
            let power = (0..4).fold(1, |power, _| (power << 32) % modulus);
            let expected = number % modulus;
            let scaled = u128::from(scaled_remainder(&words(number), odd));
            assert_eq!((scaled * power + expected) % modulus, 0, "{odd}");
        }
    }
}
