use std::time::Duration as StdDuration;

use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use time::{Duration, OffsetDateTime};

use super::authority::{Authority, LEAF_DAYS};
use super::machine;
use crate::config::ServedName;
use crate::config::served_name::Host;

const NAMES: [&str; 4] = ["gateway.corp", "10.1.2.3", "localhost", "::1"];

fn hosts(names: &[&str]) -> Vec<Host> {
    let parse = |name: &&str| ServedName::parse(name).unwrap().host().clone();
    names.iter().map(parse).collect()
}

/// What a client that trusts this authority, and nobody else, says of a leaf.
fn verify(authority: &Authority, leaf: &str, name: &str, at: OffsetDateTime) -> Result<(), String> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(leaf.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap();
    let ca = CertificateDer::from_pem_slice(authority.certificate_pem().as_bytes()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(ca).unwrap();
    let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(
        roots.into(),
        crate::tls::provider(),
    )
    .build()
    .unwrap();
    let at = StdDuration::from_secs(at.unix_timestamp() as u64);
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let at = UnixTime::since_unix_epoch(at);
    let verified = verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], at);
    verified.map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_client_that_trusts_the_authority_accepts_every_name_and_no_other() {
    let now = OffsetDateTime::now_utc();
    let authority = Authority::make("One", &hosts(&NAMES), now).unwrap();
    let leaf = authority.issue(&hosts(&NAMES), now).unwrap();
    for name in NAMES {
        verify(&authority, &leaf, name, now).unwrap();
    }
    assert!(verify(&authority, &leaf, "other.corp", now).is_err());
    let later = |days| now + Duration::days(days);
    verify(&authority, &leaf, "localhost", later(LEAF_DAYS - 1)).unwrap();
    let over = verify(&authority, &leaf, "localhost", later(LEAF_DAYS + 1)).unwrap_err();
    assert!(over.contains("expired"), "{over}");
}

#[test]
fn an_authority_whose_key_was_stolen_vouches_for_nobody_else() {
    let now = OffsetDateTime::now_utc();
    let authority = Authority::make("One", &hosts(&NAMES), now).unwrap();
    for name in [
        "bank.example",
        "gateway.corp.example",
        "corp",
        "10.1.2.4",
        "::2",
    ] {
        let leaf = authority.issue(&hosts(&[name]), now).unwrap();
        let refused = verify(&authority, &leaf, name, now).unwrap_err();
        assert!(refused.contains("NameConstraint"), "{name}: {refused}");
    }
}

#[test]
fn an_authority_that_is_read_again_signs_as_before_and_no_leaf_outlives_it() {
    let now = OffsetDateTime::now_utc();
    let made = Authority::make("Wärehouse \"1\", O=x", &hosts(&NAMES), now).unwrap();
    let (certificate, key) = (made.certificate_pem(), made.key_pem());
    let read = Authority::read(certificate.as_bytes(), key.as_bytes()).unwrap();
    assert_eq!(read.not_after(), made.not_after());

    let late = now + Duration::days(3500);
    let leaf = read.issue(&hosts(&NAMES), late).unwrap();
    verify(&made, &leaf, "gateway.corp", late).unwrap();
    let leaf = CertificateDer::from_pem_slice(leaf.as_bytes()).unwrap();
    let facts = super::facts::Facts::of(&leaf).unwrap();
    assert_eq!(facts.not_after, made.not_after());

    let other = Authority::make("Other", &hosts(&NAMES), now).unwrap();
    let no_pair = Authority::read(certificate.as_bytes(), other.key_pem().as_bytes());
    assert!(no_pair.is_err_and(|error| error.to_string().contains("no pair")));
}

#[test]
fn a_machine_that_others_reach_is_named_by_its_addresses() {
    let outside = |listen: &str| {
        let names = machine::reached_from_outside(listen.parse().unwrap());
        let names = names.iter().map(ToString::to_string);
        names.collect::<Vec<_>>()
    };
    assert!(outside("127.0.0.1:8050").is_empty());
    assert!(outside("192.0.2.7:8050").contains(&"192.0.2.7".to_owned()));
    let everywhere = outside("0.0.0.0:8050");
    for interface in if_addrs::get_if_addrs().unwrap() {
        let (address, is_v4) = (interface.ip().to_string(), interface.ip().is_ipv4());
        let expected = is_v4 && !interface.is_loopback() && !interface.is_link_local();
        assert_eq!(everywhere.contains(&address), expected, "{address}");
    }
    let host = machine::host_name().unwrap();
    assert!(everywhere.contains(&host.to_lowercase()), "{everywhere:?}");
}

#[test]
fn hostile_bytes_are_no_certificate() {
    for bytes in [
        &b""[..],
        b"\x30",
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        &[0; 64],
    ] {
        let certificate = CertificateDer::from(bytes.to_vec());
        assert!(super::facts::Facts::of(&certificate).is_err());
    }
}
