//! The one rule of the key policy that takes a caller's arithmetic: no modulus is a prime number.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use envelope::jwk::primality::{Power, PrimalityTest};
use envelope::{JwkSet, KeyRefusal};

struct MontgomeryPower(BoxedMontyForm);

impl Power for MontgomeryPower {
    fn square(&mut self) {
        self.0 = self.0.square();
    }

    fn double(&mut self) {
        self.0 = self.0.double();
    }

    fn is_one(&self) -> bool {
        self.0 == BoxedMontyForm::one(self.0.params())
    }
}

/// Tests the modulus of every key.
///
/// # Errors
/// [`KeyRefusal::PrimeModulus`].
pub(crate) fn check(keys: &JwkSet) -> Result<(), KeyRefusal> {
    for key in keys.keys() {
        let n = key.jwk().n();
        let mut test = PrimalityTest::new(n, one(n)?);
        while test.advance()? {}
    }
    Ok(())
}

fn one(n: &[u8]) -> Result<MontgomeryPower, KeyRefusal> {
    let malformed = KeyRefusal::Malformed { member: "n" };
    let bits = u32::try_from(n.len() * 8).map_err(|_| malformed)?;
    let modulus = BoxedUint::from_be_slice(n, bits).map_err(|_| malformed)?;
    let odd = Option::from(Odd::new(modulus)).ok_or(KeyRefusal::EvenModulus)?;
    let parameters = BoxedMontyParams::new_vartime(odd);
    Ok(MontgomeryPower(BoxedMontyForm::one(&parameters)))
}
