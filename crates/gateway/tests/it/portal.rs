//! A portal with an issuer key of its own.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::{DataFactoryName, TicketClaims};
use gateway::issuers::{Issuer, Mode};

pub(crate) struct TestPortal {
    pub(crate) issuer: Issuer,
    key: Ed25519KeyPair,
}

impl TestPortal {
    /// Registered for all linked services of the data factory "factory".
    pub(crate) fn new(name: &str, origin: Option<&str>, modes: &[Mode]) -> Self {
        let key = Ed25519KeyPair::generate().unwrap();
        let x = Base64UrlUnpadded::encode_string(key.public_key().as_ref());
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
        let factory = DataFactoryName::parse("factory").unwrap();
        let all = ["*".to_owned()];
        let issuer = Issuer::new(name, origin, factory, &all, modes, &jwk).unwrap();
        Self { issuer, key }
    }

    /// A ticket of this portal's, whatever `iss` was.
    pub(crate) fn ticket(&self, claims: &TicketClaims) -> String {
        let claims = TicketClaims {
            iss: self.issuer.name().to_owned(),
            ..claims.clone()
        };
        let header =
            Base64UrlUnpadded::encode_string(br#"{"alg":"EdDSA","typ":"credential-ticket+jwt"}"#);
        let claims = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&claims).unwrap());
        let signature = self.key.sign(format!("{header}.{claims}").as_bytes());
        let signature = Base64UrlUnpadded::encode_string(signature.as_ref());
        format!("{header}.{claims}.{signature}")
    }
}
