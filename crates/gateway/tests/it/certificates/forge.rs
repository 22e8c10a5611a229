//! Chains of somebody else's, right and wrong in every way.

use std::path::Path;

use envelope::UnixSeconds;
use gateway::clock;
use gateway::tls::ServerCertificate;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};

pub(crate) type Signer = CertifiedIssuer<'static, KeyPair>;

/// Now, in whole seconds.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(clock::now().0 as i64).unwrap()
}

pub(crate) fn in_days(days: i64) -> UnixSeconds {
    UnixSeconds((now() + Duration::days(days)).unix_timestamp() as u64)
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = now() - Duration::hours(1);
    params.not_after = now() + Duration::days(100);
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

/// A server's certificate for `localhost`, changed before it is signed.
pub(crate) fn server(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = named("leaf");
    params.subject_alt_names = vec![rcgen::SanType::DnsName("localhost".try_into().unwrap())];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    change(&mut params);
    params
}

pub(crate) fn root(name: &str) -> Signer {
    Signer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap()
}

pub(crate) fn intermediate(name: &str, by: &Signer) -> Signer {
    Signer::signed_by(authority(name), KeyPair::generate().unwrap(), by).unwrap()
}

/// A leaf and its key, as PEM.
pub(crate) fn leaf(params: &CertificateParams, by: &Signer) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let leaf = params.signed_by(&key, by).unwrap();
    (leaf.pem(), key.serialize_pem())
}

/// A good chain of three for `localhost`, root included: chain and key.
pub(crate) fn sound() -> (String, String) {
    let root = root("root");
    let between = intermediate("between", &root);
    let (leaf, key) = leaf(&server(|_| {}), &between);
    ([leaf, between.pem(), root.pem()].concat(), key)
}

pub(crate) fn pair((chain, key): (&str, &str)) -> ServerCertificate {
    let (certificate, key_path) = (Path::new("chain.pem"), Path::new("key.pem"));
    ServerCertificate::read(chain.as_bytes(), key.as_bytes(), certificate, key_path).unwrap()
}
