//! Fermat's factorisation: two primes that are close together are found from the square root of their product, as those of
//! some printers were (CVE-2022-26320).

use super::small_primes::remainder;

/// Candidates after the square root itself.
pub(super) const ROUNDS: usize = 110;

/// Whether Fermat's method factors `n` in [`ROUNDS`] rounds: whether `(r + i)^2 - n` is a square for some `i` of them, where
/// `r` is the square root rounded down.
///
/// None of these numbers is computed. A square is a square modulo every prime, so each of the odd primes given strikes out
/// the rounds in which it is none, and what a factorisable modulus leaves is never struck out. A number that is no square
/// survives each with a chance of about one half. All is multiplied by 16, which is a square.
pub(super) fn factors(n: &[u32], primes: &[u32]) -> bool {
    let root = four_roots_and_one(n);
    let mut rounds = [true; ROUNDS + 1];
    for &prime in primes {
        let mut is_square = vec![false; prime as usize];
        for i in 0..prime {
            is_square[(i * i % prime) as usize] = true;
        }
        let n = 16 * remainder(n, prime) % prime;
        let root = remainder(&root, prime) + prime - 1;
        for (candidate, possible) in (root..).step_by(4).zip(&mut rounds) {
            let candidate = candidate % prime;
            let difference = (candidate * candidate + prime - n) % prime;
            *possible &= is_square[difference as usize];
        }
    }
    rounds.contains(&true)
}

/// `4 r + 1`, where `r` is the square root of `n` rounded down: the number that the school's method takes away next, two
/// bits of `n` at a time. A library's root brings its general division along, four kilobytes of the page.
fn four_roots_and_one(n: &[u32]) -> Vec<u32> {
    let mut rest = vec![0; n.len() / 2 + 1];
    let mut next = rest.clone();
    next[0] = 1;
    for word in n.iter().rev() {
        for at in (0..32).step_by(2).rev() {
            shift_in(&mut rest, 2, word >> at & 3);
            let fits = next.iter().rev().le(rest.iter().rev());
            if fits {
                subtract(&mut rest, &next);
            }
            // From 4 r + 1 to 8 r + 1, or to 8 r + 5.
            shift_in(&mut next, 1, 0);
            next[0] = next[0] & !7 | u32::from(fits) << 2 | 1;
        }
    }
    next
}

/// Shifts a number to the left; the lowest bits become `low`.
fn shift_in(number: &mut [u32], bits: u32, mut low: u32) {
    for word in number {
        let out = *word >> (32 - bits);
        *word = *word << bits | low;
        low = out;
    }
}

/// Takes away a number that is not larger.
fn subtract(from: &mut [u32], number: &[u32]) {
    let mut borrow = false;
    for (word, &other) in from.iter_mut().zip(number) {
        (*word, borrow) = word.borrowing_sub(other, borrow);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_rounded_down() {
        for number in [0_u64, 1, 2, 3, 4, 15, 16, 17, 99, 100, 1 << 62, u64::MAX] {
            let words = [number as u32, (number >> 32) as u32];
            let root = u64::from(four_roots_and_one(&words)[0])
                | u64::from(four_roots_and_one(&words)[1]) << 32;
            assert_eq!(root, 4 * number.isqrt() + 1, "{number}");
        }
    }
}
