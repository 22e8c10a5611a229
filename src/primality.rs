//! Whether a key's modulus is a prime number, by the browser's own big numbers and between key strokes.

use envelope::KeyRefusal;
use envelope::jwk::primality::{Power, PrimalityTest};
use js_sys::BigInt;

use crate::browser::pause;

/// Tests a modulus, big-endian and odd. Whoever types meanwhile comes first.
///
/// # Errors
/// [`KeyRefusal::PrimeModulus`], also where the browser has no big numbers.
pub async fn check(n: &[u8]) -> Result<(), KeyRefusal> {
    let power = BrowserPower::one(n).ok_or(KeyRefusal::PrimeModulus)?;
    let mut test = PrimalityTest::new(n, power);
    while test.advance()? {
        pause(0).await;
    }
    Ok(())
}

struct BrowserPower {
    power: BigInt,
    modulus: BigInt,
}

impl BrowserPower {
    fn one(n: &[u8]) -> Option<Self> {
        let mut digits = String::from("0x");
        for octet in n {
            digits.extend(
                [octet >> 4, octet & 15]
                    .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
            );
        }
        Some(Self {
            power: BigInt::from(1),
            modulus: BigInt::new(&digits.into()).ok()?,
        })
    }
}

impl Power for BrowserPower {
    fn square(&mut self) {
        self.power = &(&self.power * &self.power) % &self.modulus;
    }

    fn double(&mut self) {
        self.power = &self.power + &self.power;
    }

    fn is_one(&self) -> bool {
        self.power == 1
    }
}
