use std::io::{Cursor, Read};

use super::recovery_key::NotARecoveryKey;
use super::*;

const CHUNK: usize = 64 * 1024;

fn identity() -> RecoveryIdentity {
    // The pair of the format's own documentation and test kit.
    let file =
        "# one\n\nAGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0\n";
    RecoveryIdentity::parse_file(file).unwrap().remove(0)
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.to_owned()))
}

/// Cheap: what it costs is not what most tests are about.
fn cheap() -> Cost {
    Cost::named_by([&"64".to_owned(), &"1".to_owned(), &"1".to_owned()]).unwrap()
}

/// What may be demanded.
fn limit() -> Cost {
    Cost::of_mebibytes(8)
}

fn locked(content: &[u8], lock: &Lock<'_>) -> Vec<u8> {
    let mut encrypting = encrypt(Vec::new(), lock).unwrap();
    encrypting.write_all(content).unwrap();
    encrypting.finish().unwrap()
}

fn opened(file: &[u8], opener: &Opener) -> Result<Vec<u8>, AgeError> {
    let mut content = Vec::new();
    decrypt(Cursor::new(file), opener)?.read_to_end(&mut content)?;
    Ok(content)
}

#[test]
fn what_was_locked_for_recovery_keys_opens_with_any_of_their_identities() {
    let (one, other) = (identity(), RecoveryIdentity::generate().unwrap());
    let keys = [one.public().clone(), other.public().clone()];
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 77] {
        let content: Vec<_> = (0..length).map(|at| (at % 251) as u8).collect();
        let file = locked(&content, &Lock::RecoveryKeys(&keys));
        for identity in [&one, &other] {
            let copy = RecoveryIdentity::parse_file(&identity.to_file().unwrap()).unwrap();
            assert!(opened(&file, &Opener::Identities(copy)).unwrap() == content);
        }
    }
}

#[test]
fn a_strangers_identity_and_a_passphrase_do_not_open_it() {
    let file = locked(
        b"content",
        &Lock::RecoveryKeys(&[identity().public().clone()]),
    );
    let stranger = Opener::Identities(vec![RecoveryIdentity::generate().unwrap()]);
    assert!(matches!(
        opened(&file, &stranger),
        Err(AgeError::NoIdentityFits)
    ));
    let passphrase = Opener::Passphrase(passphrase("correct horse"), limit());
    assert!(matches!(
        opened(&file, &passphrase),
        Err(AgeError::IsForRecoveryKeys)
    ));
}

#[test]
fn a_passphrase_opens_what_was_locked_with_it_and_nothing_else_does() {
    let right = passphrase("correct horse battery staple");
    let file = locked(b"content", &Lock::Passphrase(&right, cheap()));
    assert_eq!(
        opened(&file, &Opener::Passphrase(right, limit())).unwrap(),
        b"content"
    );
    let wrong = Opener::Passphrase(passphrase("correct horse battery stable"), limit());
    assert!(matches!(
        opened(&file, &wrong),
        Err(AgeError::WrongPassphrase)
    ));
    let identity = Opener::Identities(vec![identity()]);
    assert!(matches!(
        opened(&file, &identity),
        Err(AgeError::IsForPassphrase)
    ));
}

#[test]
fn the_cost_of_a_passphrase_is_what_is_written_and_no_more_than_allowed() {
    let file = locked(
        b"",
        &Lock::Passphrase(&passphrase("correct horse"), cheap()),
    );
    let words = |cost: &str| {
        let text = String::from_utf8_lossy(&file[..100]).into_owned();
        let stanza = text.lines().nth(1).unwrap();
        assert!(stanza.ends_with(" 64 1 1"), "{stanza}");
        let other = stanza.replace(" 64 1 1", cost);
        let at = text.find(stanza).unwrap();
        [&file[..at], other.as_bytes(), &file[at + stanza.len()..]].concat()
    };
    let outcome = |cost| {
        opened(
            &words(cost),
            &Opener::Passphrase(passphrase("correct horse"), limit()),
        )
    };
    for cost in [
        " 8193 1 1",
        " 8192 4 1",
        " 4294967295 4294967295 1",
        " 64 9000 1",
        " 64 1 5",
    ] {
        assert!(
            matches!(outcome(cost), Err(AgeError::TooCostly { .. })),
            "{cost}"
        );
    }
    for cost in [
        " 64 1",
        " 64 1 1 1",
        " 064 1 1",
        " +64 1 1",
        " 64 1 4294967296",
        " 64 0 1",
        " 0 1 1",
    ] {
        assert!(matches!(outcome(cost), Err(AgeError::Header(_))), "{cost}");
    }
    assert!(matches!(
        outcome(" 128 1 1"),
        Err(AgeError::WrongPassphrase)
    ));
}

#[test]
fn short_passphrases_are_not_taken_for_new_files() {
    let chosen = |text: &str| Passphrase::chosen(Zeroizing::new(text.to_owned()));
    assert!(chosen("elf letters").is_err());
    assert!(chosen("zwölf Zeichn").is_ok());
}

#[test]
fn every_changed_byte_and_every_cut_is_noticed() {
    let content: Vec<_> = (0..CHUNK + 300).map(|at| (at % 13) as u8).collect();
    let file = locked(
        &content,
        &Lock::RecoveryKeys(&[identity().public().clone()]),
    );
    let opener = Opener::Identities(vec![identity()]);
    // All of the header and the nonce, then now and then.
    let places = (0..300)
        .chain((300..file.len()).step_by(997))
        .chain(file.len() - 20..file.len());
    for place in places {
        let mut changed = file.clone();
        changed[place] ^= 1;
        assert!(opened(&changed, &opener).is_err(), "byte {place}");
        assert!(
            opened(&file[..place], &opener).is_err(),
            "cut to {place} bytes"
        );
    }
    let longer = [&file[..], b"x"].concat();
    assert!(opened(&longer, &opener).is_err());
}

#[test]
fn chunks_keep_their_order() {
    let content = vec![7; 3 * CHUNK];
    let file = locked(
        &content,
        &Lock::RecoveryKeys(&[identity().public().clone()]),
    );
    let chunk = CHUNK + TAG_BYTES;
    let start = file.len() - 3 * chunk;
    let opener = Opener::Identities(vec![identity()]);
    assert!(opened(&file, &opener).is_ok());
    let piece = |number: usize| &file[start + number * chunk..start + (number + 1) * chunk];
    for order in [
        vec![1, 0, 2],
        vec![0, 2],
        vec![0, 1],
        vec![0, 1, 1, 2],
        vec![2],
    ] {
        let mut moved = file[..start].to_vec();
        for &number in &order {
            moved.extend_from_slice(piece(number));
        }
        assert!(opened(&moved, &opener).is_err(), "{order:?}");
    }
}

#[test]
fn nothing_of_a_changed_chunk_is_given_away_also_to_whoever_reads_on() {
    let mut file = locked(
        b"content",
        &Lock::RecoveryKeys(&[identity().public().clone()]),
    );
    let last = file.len() - 1;
    file[last] ^= 1;
    let mut reading = decrypt(Cursor::new(&file), &Opener::Identities(vec![identity()])).unwrap();
    let mut room = [0; 64];
    assert!(reading.read(&mut room).is_err());
    assert!(!reading.read(&mut room).is_ok_and(|length| length > 0));
    assert_eq!(room, [0; 64]);
}

#[test]
fn a_passphrase_is_the_only_way_into_its_file() {
    let words = passphrase("correct horse");
    let mut file_key = FileKey(Zeroizing::new([0; FILE_KEY_BYTES]));
    random(file_key.0.as_mut_slice()).unwrap();
    let stanzas = [
        words.wrap(&file_key, cheap()).unwrap(),
        identity().public().wrap(&file_key).unwrap(),
    ];
    let mut file = Vec::new();
    header::write(&mut file, &stanzas, &file_key).unwrap();
    file.extend_from_slice(&[0; 64]);
    for opener in [
        Opener::Passphrase(words, limit()),
        Opener::Identities(vec![identity()]),
    ] {
        assert!(matches!(
            opened(&file, &opener),
            Err(AgeError::Header("a passphrase must be alone"))
        ));
    }
}

#[test]
fn recovery_keys_have_one_spelling() {
    let key = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    assert_eq!(RecoveryKey::parse(key).unwrap().to_string(), key);
    let identity = identity();
    let text = identity.to_file().unwrap();
    for wrong in [
        "",
        "age1",
        &key[..61],
        &key.to_uppercase(),
        &key.replace('q', "p"),
        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwk",
        text.lines().nth(1).unwrap(),
    ] {
        assert_eq!(
            RecoveryKey::parse(wrong),
            Err(NotARecoveryKey::Public),
            "{wrong}"
        );
    }
    for wrong in [
        "",
        "# nothing\n",
        key,
        &text.to_lowercase(),
        &text[..text.len() - 2],
    ] {
        let parsed = RecoveryIdentity::parse_file(wrong);
        assert!(matches!(parsed, Err(NotARecoveryKey::Identity)));
    }
}
