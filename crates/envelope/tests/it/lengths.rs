//! Each length of the profile is the only one.

use envelope::{Envelope, RejectReason};

use crate::forgery::{Forgery, decode, encode};
use crate::sample::{envelope, rejection};

/// The sample with one segment, counted from 1, replaced.
fn with_segment(segment: usize, bytes: &[u8]) -> String {
    let good = envelope();
    let mut segments: Vec<String> = good.as_str().split('.').map(str::to_owned).collect();
    segments[segment - 1] = encode(bytes);
    segments.join(".")
}

/// The sample's segment, lengthened with zeros or cut to `length` bytes.
fn resized(segment: usize, length: usize) -> String {
    let good = envelope();
    let mut bytes = decode(good.as_str().split('.').nth(segment - 1).unwrap());
    bytes.resize(length, 0);
    with_segment(segment, &bytes)
}

#[test]
fn an_encrypted_key_is_as_long_as_the_modulus() {
    for bytes in [0, 1, 128, 255, 257, 320, 383, 384, 511, 512, 513, 1024] {
        let reason = rejection(
            resized(2, bytes).as_bytes(),
            &format!("{bytes} bytes of key"),
        );
        assert_eq!(reason, RejectReason::EncryptedKeyLength { bytes });
        // A length that belongs to no key is refused before one is looked for.
        let read = Envelope::parse(resized(2, bytes).as_bytes());
        assert_eq!(read.is_ok(), [384, 512].contains(&bytes), "{bytes} bytes");
    }
}

#[test]
fn an_iv_has_12_bytes() {
    for bytes in (0..33).filter(|bytes| *bytes != 12) {
        let reason = rejection(
            resized(3, bytes).as_bytes(),
            &format!("{bytes} bytes of IV"),
        );
        assert_eq!(reason, RejectReason::IvLength { bytes });
    }
}

#[test]
fn a_ciphertext_is_as_long_as_a_bucket() {
    for bytes in [0, 1, 16, 255, 257, 511, 1000, 8191, 8193, 9000] {
        let reason = rejection(
            resized(4, bytes).as_bytes(),
            &format!("{bytes} bytes of ciphertext"),
        );
        assert_eq!(reason, RejectReason::CiphertextLength { bytes });
    }
    for bytes in [512, 1024, 2048, 4096, 8192] {
        let reason = rejection(resized(4, bytes).as_bytes(), "zeros appended");
        assert_eq!(reason, RejectReason::Authentication);
    }
}

#[test]
fn a_tag_has_16_bytes() {
    // Truncated tags verify in some libraries; 12 to 15 bytes are even allowed by NIST SP 800-38D.
    for bytes in (0..33).filter(|bytes| *bytes != 16) {
        let reason = rejection(
            resized(5, bytes).as_bytes(),
            &format!("{bytes} bytes of tag"),
        );
        assert_eq!(reason, RejectReason::TagLength { bytes });
    }
}

#[test]
fn a_content_encryption_key_has_32_bytes_and_no_other_failure_looks_different() {
    for bytes in [0, 1, 16, 24, 31, 33, 48, 64, 190] {
        let forged = Forgery {
            cek: (0..bytes).collect(),
            ..Forgery::good()
        };
        assert_eq!(
            rejection(forged.seal().as_bytes(), "another CEK length"),
            RejectReason::Authentication
        );
    }
    // The largest and smallest numbers, and one that is not below the modulus.
    for key in [[0; 256], [1; 256], [0xff; 256]] {
        assert_eq!(
            rejection(with_segment(2, &key).as_bytes(), "another key"),
            RejectReason::Authentication
        );
    }
}

#[test]
fn unused_bits_of_a_last_character_are_zero() {
    let good = envelope();
    let segments: Vec<&str> = good.as_str().split('.').collect();
    let mut tried = 0;
    for (index, segment) in segments.iter().enumerate() {
        for spelling in 1..16_u8 {
            const ALPHABET: &[u8] =
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let unused = match segment.len() % 4 {
                2 => 16,
                3 => 4,
                _ => continue,
            };
            if spelling >= unused {
                continue;
            }
            let mut altered = segment.as_bytes().to_vec();
            let last = altered.last_mut().unwrap();
            let value = ALPHABET.iter().position(|char| char == last).unwrap();
            *last = ALPHABET[value + usize::from(spelling)];
            let altered = String::from_utf8(altered).unwrap();
            let mut segments = segments.clone();
            segments[index] = &altered;
            let reason = rejection(segments.join(".").as_bytes(), &altered);
            assert_eq!(reason, RejectReason::Base64Url { segment: index + 1 });
            tried += 1;
        }
    }
    assert!(tried >= 45, "256, 256 and 16 bytes leave four bits each");
    assert!(Envelope::parse(good.as_str().as_bytes()).is_ok());
}
