//! Certificates for `localhost`, right and wrong.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};

/// What is wrong with one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaf {
    Sound,
    Expired,
    NotYetValid,
    OtherName,
}

pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = OffsetDateTime::now_utc() - Duration::days(100);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(100);
    params
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate and its key, as PEM.
    pub(crate) fn issue(&self, leaf: &Leaf) -> (String, String) {
        let mut params = named("leaf of the test");
        let name = match leaf {
            Leaf::OtherName => "db.example.com",
            _ => "localhost",
        };
        params.subject_alt_names = vec![rcgen::SanType::DnsName(name.try_into().unwrap())];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        match leaf {
            Leaf::Expired => params.not_after = OffsetDateTime::now_utc() - Duration::days(1),
            Leaf::NotYetValid => params.not_before = OffsetDateTime::now_utc() + Duration::days(1),
            Leaf::Sound | Leaf::OtherName => {}
        }
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.0).unwrap();
        (leaf.pem(), key.serialize_pem())
    }
}
