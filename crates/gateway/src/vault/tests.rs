use envelope::GatewayId;

use super::*;
use crate::keyring::provider::KekSettings;

/// A vault over a keyring of its own.
pub(crate) fn vault(gateway: &str) -> (tempfile::TempDir, DataFolder, Vault) {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    let settings = KekSettings::default();
    let owner = Owner {
        gateway: GatewayId::parse(gateway).unwrap(),
        kek: settings.make(&folder).unwrap(),
        settings,
    };
    let vault = Vault::create(&folder, owner, UnixSeconds(1)).unwrap();
    (outer, folder, vault)
}

/// The same term keys in another folder.
fn with_terms(gateway: &str, keys: Vec<Arc<TermKey>>) -> Vault {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    let settings = KekSettings::default();
    let owner = Owner {
        gateway: GatewayId::parse(gateway).unwrap(),
        kek: settings.make(&folder).unwrap(),
        settings,
    };
    Vault::with_terms(&folder, owner, keys).unwrap()
}

fn plaintext() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(b"correct horse \0 battery".to_vec())
}

#[test]
fn what_is_protected_is_revealed_in_its_place() {
    let (_outer, _folder, vault) = vault("gw");
    let protected = vault
        .protect(Term::FIRST, Place::Key("identity"), plaintext())
        .unwrap();
    assert!(vault.reveal(Place::Key("identity"), &protected).unwrap() == plaintext());
}

#[test]
fn the_same_plaintext_never_gives_the_same_record() {
    let (_outer, _folder, vault) = vault("gw");
    let one = vault
        .protect(Term::FIRST, Place::Key("identity"), plaintext())
        .unwrap();
    let two = vault
        .protect(Term::FIRST, Place::Key("identity"), plaintext())
        .unwrap();
    assert_ne!(one.salt, two.salt);
    assert_ne!(one.nonce, two.nonce);
    assert_ne!(one.ciphertext, two.ciphertext);
}

#[test]
fn a_record_opens_in_no_other_place() {
    let (_outer, _folder, vault) = vault("gw");
    let df = DataFactoryName::parse("factory").unwrap();
    let ls = LinkedServiceName::parse("orders").unwrap();
    let place = Place::Credential {
        df: &df,
        ls: &ls,
        kind: "Sftp",
        version: 7,
    };
    let protected = vault.protect(Term::FIRST, place, plaintext()).unwrap();
    assert!(vault.reveal(place, &protected).is_ok());

    let other_df = DataFactoryName::parse("factory2").unwrap();
    let other_ls = LinkedServiceName::parse("customers").unwrap();
    for elsewhere in [
        Place::Credential {
            df: &other_df,
            ls: &ls,
            kind: "Sftp",
            version: 7,
        },
        Place::Credential {
            df: &df,
            ls: &other_ls,
            kind: "Sftp",
            version: 7,
        },
        Place::Credential {
            df: &df,
            ls: &ls,
            kind: "Http",
            version: 7,
        },
        Place::Credential {
            df: &df,
            ls: &ls,
            kind: "Sftp",
            version: 8,
        },
        Place::Key("identity"),
    ] {
        assert!(
            vault.reveal(elsewhere, &protected).is_err(),
            "opened in {elsewhere:?}"
        );
    }
    let other_gateway = with_terms("gw2", vault.keys());
    assert!(other_gateway.reveal(place, &protected).is_err());
    let same_gateway = with_terms("gw", vault.keys());
    assert!(same_gateway.reveal(place, &protected).is_ok());
}

#[test]
fn another_kek_does_not_open_it() {
    let (_one, _, here) = vault("gw");
    let (_two, _, there) = vault("gw");
    let protected = here
        .protect(Term::FIRST, Place::Key("identity"), plaintext())
        .unwrap();
    assert!(there.reveal(Place::Key("identity"), &protected).is_err());
}

#[test]
fn every_flipped_bit_is_noticed() {
    let (_outer, _folder, vault) = vault("gw");
    let protected = vault
        .protect(Term::FIRST, Place::Key("identity"), plaintext())
        .unwrap();
    let refused = |changed: &Protected| vault.reveal(Place::Key("identity"), changed).is_err();
    for bit in 0..SALT_BYTES * 8 {
        let mut changed = protected.clone();
        changed.salt[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&changed), "salt bit {bit}");
    }
    for bit in 0..NONCE_BYTES * 8 {
        let mut changed = protected.clone();
        changed.nonce[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&changed), "nonce bit {bit}");
    }
    for bit in 0..protected.ciphertext.len() * 8 {
        let mut changed = protected.clone();
        changed.ciphertext[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&changed), "ciphertext bit {bit}");
    }
    for length in 0..protected.ciphertext.len() {
        let changed = Protected {
            ciphertext: protected.ciphertext[..length].to_vec(),
            ..protected.clone()
        };
        assert!(refused(&changed), "cut to {length} bytes");
    }
}

#[test]
fn the_parts_of_a_place_do_not_run_together() {
    assert_ne!(
        length_prefixed(&[b"ab", b"c"]),
        length_prefixed(&[b"a", b"bc"])
    );
    assert_ne!(length_prefixed(&[b"ab"]), length_prefixed(&[b"ab", b""]));
}
