//! A known answer: with this key and this randomness, sealing gives exactly this envelope.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

use crate::base64url;
use crate::context::{
    Binding, DataFactoryName, GatewayId, LinkedServiceName, Operation, TicketId, UnixSeconds,
};
use crate::credential::{Credential, SecretChange};
use crate::error::{NameError, SelfTestFailed};
use crate::jwe::Envelope;
use crate::jwk::{EnvelopeKey, PUBLIC_EXPONENT, RsaPublicJwk};
use crate::secret::Secret;

/// The modulus of RFC 7516 appendix A.1. Its private key is printed there, so the answer can be checked by opening it.
const MODULUS: &str = "oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M70imEVhRU5djINXtqllXI4DFqcI1DgjT9LewND8\
MW2Krf3Spsk_ZkoFnilakGygTwpZ3uesH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2asbOenSZeyaxziK72UwxrrKoExv6kc5twXTq4h-QChLOln0_mtU\
ZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfra36C9knDFGzKsNa7LZK2djYgyD3JR_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6\
Gw";

/// SHA-256 of the known answer.
const ANSWER_DIGEST: &str = "lrZTYl7zypl-15vdhEQPk30pQqORmqyMuPfXf6ZBhs0";

/// Seals a fixed credential for a fixed key with fixed randomness and compares the envelope with the known answer. The
/// page runs it before it takes a secret, and refuses to run if it fails.
///
/// # Errors
/// [`SelfTestFailed`].
pub fn self_test() -> Result<(), SelfTestFailed> {
    let envelope = answer().ok_or(SelfTestFailed)?;
    if base64url::encode(&envelope.digest()) == ANSWER_DIGEST {
        Ok(())
    } else {
        Err(SelfTestFailed)
    }
}

fn answer() -> Option<Envelope> {
    let jwk = RsaPublicJwk::from_numbers(&base64url::decode(MODULUS)?, &PUBLIC_EXPONENT).ok()?;
    let key = EnvelopeKey::new(jwk).ok()?;
    credential()
        .seal(&key, &binding().ok()?, &mut Counting(0))
        .ok()
}

fn credential() -> Credential {
    let owned = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Credential {
        kind: "OnPremisesSqlServer".to_owned(),
        auth: "SQL".to_owned(),
        properties: BTreeMap::from([
            owned("server", "sql01.example"),
            owned("userName", "loader"),
        ]),
        secrets: BTreeMap::from([(
            "password".to_owned(),
            SecretChange::Replace(Secret::new("known \"answer\" \u{1F511}\n\0".to_owned())),
        )]),
    }
}

fn binding() -> Result<Binding, NameError> {
    Ok(Binding {
        gw: GatewayId::parse("self-test")?,
        df: DataFactoryName::parse("demo-factory")?,
        ls: LinkedServiceName::parse("Größe \"1\"")?,
        op: Operation::Set,
        jti: TicketId::parse("0")?,
        iat: UnixSeconds(1_800_000_000),
        exp: UnixSeconds(1_800_000_600),
    })
}

/// 0, 1, 2 … 255, 0, 1 … in place of randomness.
struct Counting(u8);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, place: &mut [u8]) -> Result<(), Infallible> {
        for byte in place {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::{EnvelopePrivateKey, open};

    #[test]
    fn gives_the_known_answer() {
        let digest = base64url::encode(&answer().unwrap().digest());
        assert_eq!(digest, ANSWER_DIGEST);
        self_test().unwrap();
    }

    #[test]
    fn the_known_answer_is_an_envelope_that_opens() {
        let private =
            EnvelopePrivateKey::from_pkcs8(include_bytes!("../../tests/keys/rfc7516-a1.pkcs8.der"))
                .unwrap();
        let answer = answer().unwrap();
        let parsed = Envelope::parse(answer.as_str().as_bytes()).unwrap();
        assert_eq!(parsed, answer);
        let opened = open(&parsed, &private, &binding().unwrap())
            .unwrap()
            .credential;
        let expected = credential();
        assert_eq!(
            (&opened.kind, &opened.auth),
            (&expected.kind, &expected.auth)
        );
        assert_eq!(opened.properties, expected.properties);
        // Not a secret: it stands above.
        let text = |credential: &Credential| match &credential.secrets["password"] {
            SecretChange::Replace(secret) => secret.expose().to_owned(),
            SecretChange::Keep | SecretChange::Clear => String::new(),
        };
        assert_eq!(text(&opened), text(&expected));
    }
}
