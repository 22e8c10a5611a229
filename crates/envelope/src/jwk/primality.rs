//! Fermat's test, in slices: is a modulus a prime number? Then it would have no two factors to keep secret.
//!
//! It takes one squaring for each bit of the modulus, which is far more than all other rules of the [policy](super::policy) together, and a
//! browser's own numbers are four times faster at it than any that WebAssembly can have. So the arithmetic is the caller's.

use crate::error::KeyRefusal;

/// Octets of the exponent in one slice: 512 squarings, 3 to 5 ms in a browser.
const SLICE: usize = 64;

/// A power of two modulo the modulus under test. It begins as 1.
pub trait Power {
    /// Squares it, modulo the modulus.
    fn square(&mut self);

    /// Doubles it. It is squared before it is looked at, so it need not be reduced.
    fn double(&mut self);

    /// Whether it is 1.
    fn is_one(&self) -> bool;
}

/// Computes `2^(n - 1)` modulo `n`, which is 1 if `n` is a prime number, and next to never if it is the product of two that
/// were drawn at random.
pub struct PrimalityTest<P> {
    /// 2 to the power of the octets of `n - 1` that were taken.
    power: P,
    /// Those that were not.
    exponent: std::vec::IntoIter<u8>,
}

impl<P: Power> PrimalityTest<P> {
    /// The test of a modulus, big-endian and odd.
    pub fn new(n: &[u8], power: P) -> Self {
        let mut exponent = n.to_vec();
        if let Some(last) = exponent.last_mut() {
            // An odd number less one.
            *last &= !1;
        }
        Self {
            power,
            exponent: exponent.into_iter(),
        }
    }

    /// Takes one slice; whether there is another.
    ///
    /// # Errors
    /// [`KeyRefusal::PrimeModulus`], with the last.
    pub fn advance(&mut self) -> Result<bool, KeyRefusal> {
        for octet in self.exponent.by_ref().take(SLICE) {
            for bit in (0..8).rev() {
                self.power.square();
                if octet >> bit & 1 == 1 {
                    self.power.double();
                }
            }
        }
        let more = self.exponent.len() > 0;
        if !more && self.power.is_one() {
            Err(KeyRefusal::PrimeModulus)
        } else {
            Ok(more)
        }
    }
}

#[cfg(test)]
mod tests {
    use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
    use crypto_bigint::{BoxedUint, Odd};

    use super::super::MODULUS_BITS;
    use super::super::policy::tests::modulus;
    use super::*;

    impl Power for BoxedMontyForm {
        fn square(&mut self) {
            *self = Self::square(self);
        }

        fn double(&mut self) {
            *self = Self::double(self);
        }

        fn is_one(&self) -> bool {
            *self == Self::one(self.params())
        }
    }

    /// The verdict and the number of slices.
    fn verdict(name: &str, bits: usize) -> (Result<(), KeyRefusal>, usize) {
        let n = modulus(name, bits);
        let modulus = BoxedUint::from_be_slice(&n, u32::try_from(bits).unwrap()).unwrap();
        let parameters = BoxedMontyParams::new_vartime(Odd::new(modulus).unwrap());
        let mut test = PrimalityTest::new(&n, BoxedMontyForm::one(&parameters));
        for slice in 1.. {
            match test.advance() {
                Ok(true) => {}
                Ok(false) => return (Ok(()), slice),
                Err(refusal) => return (Err(refusal), slice),
            }
        }
        unreachable!("the octets come to an end")
    }

    #[test]
    fn a_prime_is_refused_and_a_product_is_not() {
        for bits in MODULUS_BITS {
            let slices = bits / 8 / SLICE;
            assert_eq!(verdict("good", bits), (Ok(()), slices));
            assert_eq!(verdict("factor-65539", bits), (Ok(()), slices));
            assert_eq!(
                verdict("prime", bits),
                (Err(KeyRefusal::PrimeModulus), slices)
            );
        }
        assert!(KeyRefusal::PrimeModulus.to_string().contains("prime"));
    }
}
