//! The small primes that a modulus is looked at with.

/// The largest of them.
const LARGEST: u32 = 65_537;

/// 3, 5, 7 … [`LARGEST`], by the sieve of Eratosthenes over the odd numbers. A table of them would be downloaded by people
/// who wait.
pub(super) fn odd() -> Vec<u32> {
    const ODD_NUMBERS: usize = (LARGEST as usize).div_ceil(2);
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
        .collect()
}

/// `n` modulo a small number.
pub(super) fn remainder(n: &[u32], modulus: u32) -> u32 {
    let modulus = u64::from(modulus);
    let remainder = n.iter().rev().fold(0, |remainder, &word| {
        (remainder << 32 | u64::from(word)) % modulus
    });
    remainder as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sieve_finds_all_primes() {
        let primes = odd();
        assert_eq!(primes[..5], [3, 5, 7, 11, 13]);
        assert_eq!(primes.last(), Some(&65_537));
        assert_eq!(primes.len(), 6542, "the number of odd primes up to 65,537");
    }
}
