//! Mutants of valid envelopes, made systematically and by the hundred thousand: none is accepted, and all get the one answer.

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use getrandom::SysRng;

use crate::forgery::{Forgery, decode, encode, members, object};
use crate::sample::{KEY, binding, credential, public, receive};

/// Fewest different mutants that the families make together.
const FEWEST: usize = 150_000;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is not in the alphabet, and what separates.
const OTHERS: &[u8; 16] = b"+/=.% \t\r\n\0\"\\,~\x7f\xff";

/// Makes mutants of one kind from an envelope and hands each one on.
type Family = fn(&str, &mut dyn FnMut(Vec<u8>));

const FAMILIES: [Family; 9] = [
    flipped_bits,
    other_characters,
    insertions,
    missing_parts,
    permuted_segments,
    resized_segments,
    altered_headers,
    other_algorithms,
    repeated_members,
];

fn flipped_bits(good: &str, make: &mut dyn FnMut(Vec<u8>)) {
    for bit in 0..good.len() * 8 {
        let mut mutant = good.as_bytes().to_vec();
        mutant[bit / 8] ^= 1 << (bit % 8);
        make(mutant);
    }
}

/// Each character replaced: in the header by each other one, behind it by one in eight, since each of those costs a private-key operation.
fn other_characters(good: &str, make: &mut dyn FnMut(Vec<u8>)) {
    let header = good.find('.').unwrap();
    for at in 0..good.len() {
        let step = if at <= header { 1 } else { 8 };
        let offset = if at <= header { 0 } else { at % 8 };
        for &other in ALPHABET.iter().skip(offset).step_by(step).chain(OTHERS) {
            let mut mutant = good.as_bytes().to_vec();
            mutant[at] = other;
            make(mutant);
        }
    }
}

fn insertions(good: &str, make: &mut dyn FnMut(Vec<u8>)) {
    for at in 0..=good.len() {
        for &inserted in OTHERS.iter().chain(&ALPHABET[at % 8..at % 8 + 8]) {
            let mut mutant = good.as_bytes().to_vec();
            mutant.insert(at, inserted);
            make(mutant);
        }
    }
}

/// Truncations from both ends, and up to four characters left out or two exchanged everywhere.
fn missing_parts(good: &str, make: &mut dyn FnMut(Vec<u8>)) {
    let good = good.as_bytes();
    for at in 0..good.len() {
        make(good[..at].to_vec());
        make(good[at + 1..].to_vec());
        for missing in 1..=4.min(good.len() - at) {
            make([&good[..at], &good[at + missing..]].concat());
        }
        if at > 0 {
            let mut mutant = good.to_vec();
            mutant.swap(at - 1, at);
            make(mutant);
        }
    }
}

/// Every choice of one to five segments, in any order and with repetition, and an empty one among them; then six.
fn permuted_segments(good: &str, make: &mut dyn FnMut(Vec<u8>)) {
    let segments: Vec<&str> = good.split('.').chain([""]).collect();
    for count in 1..=5_u32 {
        for mut choice in 0..6_usize.pow(count) {
            let chosen: Vec<&str> = (0..count)
                .map(|_| {
                    let segment = segments[choice % 6];
                    choice /= 6;
                    segment
                })
                .collect();
            make(chosen.join(".").into_bytes());
        }
    }
    for segment in &segments {
        make(format!("{good}.{segment}").into_bytes());
        make(format!("{segment}.{good}").into_bytes());
    }
}

/// Every length of the IV and the tag up to 32 bytes, cut and lengthened, and the other lengths in steps.
fn resized_segments(good: &str, make: &mut dyn FnMut(Vec<u8>)) {
    let segments: Vec<Vec<u8>> = good.split('.').map(decode).collect();
    for (index, segment) in segments.iter().enumerate().skip(1) {
        let (longest, step) = if segment.len() < 32 {
            (32, 1)
        } else {
            (600, 7)
        };
        for length in (0..=longest).step_by(step) {
            for filling in [0, 0xff] {
                let mut resized = segments.clone();
                resized[index].resize(length, filling);
                let text: Vec<String> = resized.iter().map(|bytes| encode(bytes)).collect();
                make(text.join(".").into_bytes());
            }
        }
    }
}

/// The header's JSON with a character replaced, inserted, left out or escaped, encoded again.
fn altered_headers(good: &str, make: &mut dyn FnMut(Vec<u8>)) {
    let (header, rest) = good.split_once('.').unwrap();
    let header = decode(header);
    let mut encoded = |header: &[u8]| make(format!("{}.{rest}", encode(header)).into_bytes());
    for at in 0..=header.len() {
        let (before, from) = header.split_at(at);
        for character in b' '..=b'~' {
            encoded(&[before, &[character], from].concat());
        }
        for space in ["\t", "\n", "\r\n", "\u{feff}", "\0"] {
            encoded(&[before, space.as_bytes(), from].concat());
        }
        if let Some((character, after)) = from.split_first() {
            encoded(&[before, after].concat());
            encoded(before);
            encoded(&[before, format!("\\u{character:04x}").as_bytes(), after].concat());
            encoded(&[before, format!("\\u{character:04X}").as_bytes(), after].concat());
        }
    }
}

/// Every other pair of algorithms, over a right tag.
fn other_algorithms(_: &str, make: &mut dyn FnMut(Vec<u8>)) {
    let kid = format!("\"{}\"", KEY.kid());
    for alg in [
        "RSA-OAEP-256",
        "RSA-OAEP",
        "RSA-OAEP-384",
        "RSA-OAEP-512",
        "RSA1_5",
        "dir",
        "none",
        "A128KW",
        "A192KW",
        "A256KW",
        "A128GCMKW",
        "A192GCMKW",
        "A256GCMKW",
        "ECDH-ES",
        "ECDH-ES+A128KW",
        "ECDH-ES+A256KW",
        "PBES2-HS256+A128KW",
        "PBES2-HS384+A192KW",
        "PBES2-HS512+A256KW",
        "HPKE-0",
        "rsa-oaep-256",
        "RS256",
        "",
    ] {
        for enc in [
            "A256GCM",
            "A128GCM",
            "A192GCM",
            "A128CBC-HS256",
            "A192CBC-HS384",
            "A256CBC-HS512",
            "C20P",
            "XC20P",
            "a256gcm",
            "",
        ] {
            for zip in [None, Some(r#""DEF""#)] {
                if (alg, enc, zip) == ("RSA-OAEP-256", "A256GCM", None) {
                    continue;
                }
                let mut forged = Forgery::good();
                let bind = forged.header[1].1.clone();
                forged.header = members(&[
                    ("alg", &format!("\"{alg}\"")),
                    ("bind", &bind),
                    ("crit", r#"["bind"]"#),
                    ("cty", r#""json""#),
                    ("enc", &format!("\"{enc}\"")),
                    ("kid", &kid),
                    ("typ", r#""credential+jwe""#),
                ]);
                forged
                    .header
                    .extend(zip.map(|zip| ("zip".to_owned(), zip.to_owned())));
                make(forged.seal().into_bytes());
            }
        }
    }
}

/// Each member of the header a second time at each place, over a right tag.
fn repeated_members(_: &str, make: &mut dyn FnMut(Vec<u8>)) {
    let good = Forgery::good();
    for member in &good.header {
        for at in 0..=good.header.len() {
            for value in [member.1.as_str(), "null", "\"\"", "{}"] {
                let mut header = good.header.clone();
                header.insert(at, (member.0.clone(), value.to_owned()));
                make(good.seal_header(object(&header).as_bytes()).into_bytes());
            }
        }
    }
}

/// What is known when all mutants were tried.
#[derive(Default)]
struct Seen {
    /// Hashes of the mutants.
    mutants: HashSet<u64>,
    /// What the sender is told.
    answers: BTreeSet<String>,
    accepted: Vec<String>,
}

#[test]
fn no_mutant_is_accepted_and_all_get_one_answer() {
    let envelopes: Vec<String> = ["x", &"long ".repeat(60)]
        .iter()
        .map(|secret| {
            let sealed = credential(secret).seal(&public(&KEY), &binding(), &mut SysRng);
            sealed.unwrap().as_str().to_owned()
        })
        .collect();
    for envelope in &envelopes {
        assert!(receive(envelope.as_bytes()).is_ok());
    }
    let jobs: Vec<(Family, &String)> = FAMILIES
        .into_iter()
        .flat_map(|family| envelopes.iter().map(move |envelope| (family, envelope)))
        .collect();

    let (next, seen) = (AtomicUsize::new(0), Mutex::new(Seen::default()));
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            threads.spawn(|| {
                while let Some((family, envelope)) = jobs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    family(envelope, &mut |mutant| try_one(envelope, &mutant, &seen));
                }
            });
        }
    });

    let seen = seen.into_inner().unwrap();
    assert_eq!(seen.accepted, [""; 0]);
    assert_eq!(
        seen.answers,
        BTreeSet::from(["the envelope was rejected".to_owned()])
    );
    assert!(
        seen.mutants.len() >= FEWEST,
        "{} mutants",
        seen.mutants.len()
    );
}

fn try_one(good: &str, mutant: &[u8], seen: &Mutex<Seen>) {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(mutant);
    if mutant == good.as_bytes() || !seen.lock().unwrap().mutants.insert(hash) {
        return;
    }
    let received = receive(mutant);
    let mut seen = seen.lock().unwrap();
    match received {
        Ok(_) => seen
            .accepted
            .push(String::from_utf8_lossy(mutant).into_owned()),
        Err(rejected) => {
            seen.answers.insert(rejected.to_string());
        }
    }
}
