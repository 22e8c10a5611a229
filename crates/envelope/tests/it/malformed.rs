//! Every altered envelope is rejected, in the same way, and nothing panics.

use envelope::{Envelope, RejectReason};
use proptest::prelude::*;

use crate::forgery::{Forgery, decode, encode};
use crate::sample::{envelope, receive, rejection};

#[test]
fn the_sample_and_the_forgery_are_good() {
    assert!(receive(envelope().as_str().as_bytes()).is_ok());
    assert!(receive(Forgery::good().seal().as_bytes()).is_ok());
}

#[test]
fn every_flipped_bit_of_the_text() {
    let good = envelope();
    for at in 0..good.as_str().len() {
        for bit in 0..8 {
            let mut bytes = good.as_str().as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            rejection(&bytes, &format!("bit {bit} of byte {at}"));
        }
    }
}

#[test]
fn every_flipped_bit_of_each_segment() {
    let good = envelope();
    let segments: Vec<Vec<u8>> = good.as_str().split('.').map(decode).collect();
    for segment in 0..5 {
        for at in 0..segments[segment].len() {
            for bit in 0..8 {
                let mut altered = segments.clone();
                altered[segment][at] ^= 1 << bit;
                let text = altered
                    .iter()
                    .map(|bytes| encode(bytes))
                    .collect::<Vec<_>>()
                    .join(".");
                let reason = rejection(
                    text.as_bytes(),
                    &format!("bit {bit} of byte {at} of segment {}", segment + 1),
                );
                if segment > 0 {
                    assert_eq!(
                        reason,
                        RejectReason::Authentication,
                        "segment {}",
                        segment + 1
                    );
                }
            }
        }
    }
}

#[test]
fn every_truncation() {
    let good = envelope();
    for end in 0..good.as_str().len() {
        rejection(
            &good.as_str().as_bytes()[..end],
            &format!("first {end} bytes"),
        );
        rejection(
            &good.as_str().as_bytes()[end + 1..],
            &format!("without the first {} bytes", end + 1),
        );
    }
}

#[test]
fn every_inserted_character_at_the_borders() {
    let good = envelope();
    let text = good.as_str();
    let borders: Vec<usize> = text
        .match_indices('.')
        .flat_map(|(at, _)| [at, at + 1])
        .chain([0, text.len()])
        .collect();
    for at in borders {
        for inserted in [
            " ", "\n", "\r\n", "\t", "\0", "=", "==", ".", "A", "AAAA", "%20", "\u{feff}",
            "\u{e9}", "\"",
        ] {
            let altered = format!("{}{inserted}{}", &text[..at], &text[at..]);
            rejection(altered.as_bytes(), &format!("{inserted:?} at {at}"));
        }
    }
}

#[test]
fn other_serializations_and_numbers_of_segments() {
    let good = envelope();
    let segments: Vec<&str> = good.as_str().split('.').collect();
    let [header, key, iv, ciphertext, tag] = segments[..] else {
        panic!("five segments")
    };
    for text in [
        String::new(),
        ".".repeat(4),
        segments[..4].join("."),
        segments[..3].join("."),
        format!("{good}.{tag}", good = good.as_str()),
        format!("{header}..{iv}.{ciphertext}.{tag}"),
        format!("{header}.{key}..{ciphertext}.{tag}"),
        format!("{header}.{key}.{iv}..{tag}"),
        format!("{header}.{key}.{iv}.{ciphertext}."),
        format!(".{key}.{iv}.{ciphertext}.{tag}"),
        format!("{header}.{iv}.{key}.{ciphertext}.{tag}"),
        format!("{header}.{key}.{iv}.{tag}.{ciphertext}"),
        format!(
            r#"{{"protected":"{header}","encrypted_key":"{key}","iv":"{iv}","ciphertext":"{ciphertext}","tag":"{tag}"}}"#
        ),
        format!("\"{}\"", good.as_str()),
    ] {
        rejection(text.as_bytes(), &text);
    }
}

#[test]
fn an_envelope_is_text_of_at_most_16_kib() {
    assert_eq!(
        Envelope::parse(&vec![b'A'; 16_385]).map_err(|rejected| rejected.reason()),
        Err(RejectReason::TooLarge {
            bytes: 16_385,
            limit: 16_384
        })
    );
    assert_eq!(
        Envelope::parse(&vec![b'A'; 16_384]).map_err(|rejected| rejected.reason()),
        Err(RejectReason::Segments)
    );
    rejection(&[0xff; 100], "not UTF-8");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
        segments in prop::collection::vec("[A-Za-z0-9_-]{0,400}", 5),
    ) {
        prop_assert!(receive(&bytes).is_err());
        prop_assert!(receive(segments.join(".").as_bytes()).is_err());
    }

    #[test]
    fn no_header_makes_the_reader_panic(header in prop::collection::vec(any::<u8>(), 0..300), text in any::<String>()) {
        prop_assert!(receive(Forgery::good().seal_header(&header).as_bytes()).is_err());
        prop_assert!(receive(Forgery::good().seal_header(text.as_bytes()).as_bytes()).is_err());
    }
}
