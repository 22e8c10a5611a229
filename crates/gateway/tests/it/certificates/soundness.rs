//! What of somebody else's certificate is refused, and in which words.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use envelope::UnixSeconds;
use gateway::certificate::authority::certificate_pem;
use gateway::certificate::soundness::{Fault, Reservation, check, check_key};
use gateway::clock;
use gateway::config::ServedName;
use gateway::tls::ServerCertificate;
use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use time::Duration;

use super::forge::{self, in_days, intermediate, leaf, now, root, server};

fn at(chain: &str, key: &str, root: Option<&Path>, now: UnixSeconds) -> Result<usize, String> {
    let names = [ServedName::localhost()];
    check(&forge::pair((chain, key)), root, &names, now)
        // The system trusts none of the roots that are made here.
        .map(|said| {
            said.iter()
                .filter(|it| !matches!(it, Reservation::UnknownRoot(_)))
                .count()
        })
        .map_err(|fault| fault.to_string())
}

#[track_caller]
fn refused(chain: &str, key: &str, words: &[&str]) {
    let said = at(chain, key, None, clock::now()).unwrap_err();
    for word in words {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
}

#[test]
fn a_whole_chain_is_taken_with_its_root_and_with_a_root_that_is_named() {
    let root = root("root");
    let between = intermediate("between", &root);
    let (leaf, key) = leaf(&server(|_| {}), &between);
    let whole = [&*leaf, &between.pem(), &root.pem()].concat();
    assert_eq!(at(&whole, &key, None, clock::now()), Ok(0));

    let without = [leaf, between.pem()].concat();
    refused(
        &without,
        &key,
        &[
            "incomplete",
            "certificate 2 of 2 (`CN=between`)",
            "`CN=root`",
        ],
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    std::fs::write(&file, root.pem()).unwrap();
    assert_eq!(at(&without, &key, Some(&file), clock::now()), Ok(0));

    // What another has signed vouches for nobody here, and would be shown as the chain's end.
    std::fs::write(&file, between.pem()).unwrap();
    let said = at(&without, &key, Some(&file), clock::now()).unwrap_err();
    assert!(
        said.contains("it is no root: `CN=root` has signed it"),
        "{said}"
    );

    // Another root of the same name is another root.
    std::fs::write(&file, forge::root("root").pem()).unwrap();
    let said = at(&without, &key, Some(&file), clock::now()).unwrap_err();
    assert!(said.contains("incomplete"), "{said}");
    std::fs::write(&file, "nothing").unwrap();
    let said = at(&without, &key, Some(&file), clock::now()).unwrap_err();
    assert!(said.contains("root.pem"), "{said}");
}

#[test]
fn what_is_missing_or_in_the_wrong_place_is_named() {
    let root = root("root");
    let between = intermediate("between", &root);
    let (leaf, key) = leaf(&server(|_| {}), &between);
    refused(
        &leaf,
        &key,
        &[
            "incomplete",
            "certificate 1 of 1 (`CN=leaf`)",
            "`CN=between`",
        ],
    );
    let gap = [&*leaf, &root.pem()].concat();
    refused(
        &gap,
        &key,
        &[
            "certificate 1 of 2 (`CN=leaf`) is signed by `CN=between`",
            "certificate 2 of 2 (`CN=root`)",
        ],
    );
    let turned = [&*leaf, &root.pem(), &between.pem()].concat();
    refused(
        &turned,
        &key,
        &["certificate 1 of 3 (`CN=leaf`)", "leaf first"],
    );
    // The same name, and another key.
    let namesake = [&*leaf, &intermediate("between", &root).pem(), &root.pem()].concat();
    refused(
        &namesake,
        &key,
        &["certificate 1 of 3", "certificate 2 of 3 (`CN=between`)"],
    );
    let foreign_root = [&*leaf, &between.pem(), &forge::root("root").pem()].concat();
    refused(
        &foreign_root,
        &key,
        &[
            "certificate 2 of 3 (`CN=between`)",
            "certificate 3 of 3 (`CN=root`)",
        ],
    );
}

#[test]
fn a_certificate_has_its_time_and_its_purpose() {
    let root = root("root");
    let made = |params| {
        let (leaf, key) = leaf(&params, &root);
        ([leaf, root.pem()].concat(), key)
    };
    let (chain, key) = made(server(|it| it.not_after = now() - Duration::minutes(1)));
    refused(&chain, &key, &["certificate 1 of 2 (`CN=leaf`) expired on"]);
    let (chain, key) = made(server(|it| it.not_before = now() + Duration::minutes(61)));
    refused(&chain, &key, &["valid from", "clock"]);
    let (chain, key) = made(server(|it| it.not_before = now() + Duration::minutes(59)));
    assert_eq!(at(&chain, &key, None, clock::now()), Ok(0));
    let clients = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let (chain, key) = made(server(|it| it.extended_key_usages = clients));
    refused(&chain, &key, &["not for servers", "serverAuth"]);
    // The root ends first.
    let (chain, key) = made(server(|it| it.not_after = now() + Duration::days(300)));
    let said = at(&chain, &key, None, in_days(101)).unwrap_err();
    assert!(
        said.contains("certificate 2 of 2 (`CN=root`) expired"),
        "{said}"
    );
}

#[test]
fn what_not_everybody_minds_is_said() {
    let key = KeyPair::generate().unwrap();
    let alone = server(|_| {}).self_signed(&key).unwrap();
    let names = ["localhost", "gateway.corp:443", "10.0.0.1"];
    let names = names.map(|name| ServedName::parse(name).unwrap());
    let certificate = forge::pair((&alone.pem(), &key.serialize_pem()));
    let said = check(&certificate, None, &names, clock::now()).unwrap();
    let not_for = |index: usize| Reservation::NotFor(names[index].host().clone());
    assert_eq!(said, [Reservation::SelfSigned, not_for(1), not_for(2)]);

    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let root = root("root");
    let leaf = server(|_| {}).signed_by(&key, &root).unwrap();
    let chain = [leaf.pem(), root.pem()].concat();
    let certificate = forge::pair((&chain, &key.serialize_pem()));
    let said = check(&certificate, None, &names[..1], clock::now()).unwrap();
    let unknown = Reservation::UnknownRoot("CN=root".to_owned());
    assert_eq!(said, [Reservation::Ed25519, unknown]);
}

#[test]
fn an_authority_s_own_certificate_is_no_server_s() {
    let root = root("root");
    let (chain, key) = leaf(&server(|it| it.is_ca = ca()), &root);
    let chain = [chain, root.pem()].concat();
    refused(
        &chain,
        &key,
        &["certificate 1 of 2 (`CN=leaf`)", "basicConstraints: CA"],
    );
    // Nor if nobody else has signed it, as `openssl req -x509` makes it.
    let key = KeyPair::generate().unwrap();
    let alone = server(|it| it.is_ca = ca()).self_signed(&key).unwrap();
    refused(
        &alone.pem(),
        &key.serialize_pem(),
        &["basicConstraints: CA"],
    );
}

fn ca() -> IsCa {
    IsCa::Ca(BasicConstraints::Unconstrained)
}

#[test]
fn a_root_is_signed_by_itself_and_told_of_unless_it_is_known() {
    let root = root("root");
    let (leaf, key) = leaf(&server(|_| {}), &root);
    let names = [ServedName::localhost()];
    let said = |root_pem: &str, named: Option<&Path>| {
        let chain = [&*leaf, root_pem].concat();
        check(&forge::pair((&chain, &key)), named, &names, clock::now())
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    std::fs::write(&file, root.pem()).unwrap();
    assert_eq!(said(&root.pem(), Some(&file)).unwrap(), []);
    let unknown = said(&root.pem(), None).unwrap();
    assert!(
        unknown[0]
            .to_string()
            .contains("`CN=root`, which this system does not trust")
    );

    // Its key is right, and its signature is not.
    let mut der = root.der().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let forged = certificate_pem(&der.into());
    let fault = said(&forged, None).unwrap_err().to_string();
    assert!(fault.contains("certificate 2 of 2 (`CN=root`)"), "{fault}");
    assert!(fault.contains("signed by itself, and is not"), "{fault}");
}

#[test]
fn a_key_that_others_may_write_is_refused_and_one_that_they_may_read_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    std::fs::write(&file, "").unwrap();
    let check_with = |mode: u32| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        check_key(&file)
    };
    for mode in [0o600, 0o400, 0o640] {
        assert_eq!(check_with(mode).unwrap(), None, "{mode:o}");
    }
    for mode in [0o666, 0o620, 0o602] {
        let refused = check_with(mode).unwrap_err();
        assert!(matches!(refused, Fault::KeyWritable { mode: it, .. } if it == mode));
    }
    let told = check_with(0o644).unwrap().unwrap().to_string();
    assert!(told.contains("key.pem") && told.contains("0644"), "{told}");
}

#[test]
fn what_is_no_pair_is_said_without_a_word_of_the_key() {
    let (chain, key) = forge::sound();
    let (_, other) = forge::sound();
    let read = |chain: &str, key: &str| {
        let (certificate, key_path) = (Path::new("chain.pem"), Path::new("key.pem"));
        let read = ServerCertificate::read(chain.as_bytes(), key.as_bytes(), certificate, key_path);
        let error = read.err().expect("taken").to_string();
        let secret = key.lines().nth(1).unwrap_or("BEGIN");
        assert!(!error.contains(secret), "the key is in the error");
        error
    };
    assert!(read(&chain, &other).contains("the key is of another certificate"));
    assert!(read(&chain, "").contains("private key key.pem cannot be read"));
    assert!(read("", &key).contains("chain.pem contains no certificate"));
    assert!(read(&chain[..chain.len() / 2], &key).contains("chain.pem"));
    let half = &key[..key.len() / 2];
    assert!(read(&chain, half).contains("private key key.pem"));
    let locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    assert!(read(&chain, locked).contains("passphrase"));
    assert!(read(&chain, WEAK_KEY).contains("2048"));
}

/// RSA with 1024 bits, made for this test: `openssl genrsa 1024`.
const WEAK_KEY: &str = include_str!("rsa-1024.pem");
