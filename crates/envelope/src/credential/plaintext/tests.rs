use proptest::prelude::*;

use super::*;
use crate::canonical_json::{Fill, Length, Mismatch};
use crate::credential::{Credential, SecretChange};

const GOOD: &str = r#"{"auth":"SQL","kind":"K","properties":{"a":"1","b":"2"},"secrets":{"p":{"replace":"x"},"q":"keep","r":"clear"},"v":1}"#;

fn padded(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(bucket(text.len()).unwrap(), b' ');
    bytes
}

fn read(text: &str) -> Result<Credential, Mismatch> {
    Credential::read(&padded(text))
}

#[test]
fn reads_what_the_format_says() {
    let credential = read(GOOD).unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(
        (credential.auth.as_str(), credential.kind.as_str()),
        ("SQL", "K")
    );
    assert_eq!(credential.properties["b"], "2");
    assert!(
        matches!(&credential.secrets["p"], SecretChange::Replace(secret) if secret.expose() == "x")
    );
    assert!(matches!(credential.secrets["q"], SecretChange::Keep));
    assert!(matches!(credential.secrets["r"], SecretChange::Clear));
    assert_eq!(credential.secrets.len(), 3);

    let mut length = Length(0);
    credential.write(&mut length);
    assert_eq!(length.0, GOOD.len());
    let mut text = vec![b' '; 256];
    credential.write(&mut Fill {
        into: &mut text,
        at: 0,
    });
    assert!(text == padded(GOOD), "written as it was read");

    assert!(read(r#"{"auth":"","kind":"","properties":{},"secrets":{},"v":1}"#).is_ok());
}

#[test]
fn refuses_every_other_spelling() {
    for (from, to) in [
        (r#""v":1"#, r#""v":2"#),
        (r#""v":1"#, r#""v":1.0"#),
        (r#""v":1"#, r#""v":"1""#),
        (r#","v":1"#, ""),
        (r#","v":1"#, r#","v":1,"v":1"#),
        (r#","v":1"#, r#","v":1,"w":1"#),
        (r#"{"auth""#, r#"{"a":1,"auth""#),
        (r#"{"auth":"SQL","#, "{"),
        (r#"{"auth":"SQL","kind":"K""#, r#"{"kind":"K","auth":"SQL""#),
        (r#""auth":"SQL""#, r#""auth":"SQL","auth":"SQL""#),
        (r#""auth":"SQL""#, r#""auth":null"#),
        (r#""auth":"SQL""#, r#""auth": "SQL""#),
        (r#""auth":"SQL""#, r#""auth":"\u0053QL""#),
        (r#""a":"1","b":"2""#, r#""b":"2","a":"1""#),
        (r#""a":"1","b":"2""#, r#""a":"1","a":"2""#),
        (r#""a":"1","b":"2""#, r#""a":1"#),
        (r#""a":"1","b":"2""#, r#""a":["1"]"#),
        (r#""a":"1","b":"2""#, r#""ä":"1""#),
        (r#"{"a":"1","b":"2"}"#, r#"["a","1"]"#),
        (r#"{"a":"1","b":"2"}"#, "null"),
        (r#""properties":{"a":"1","b":"2"},"#, ""),
        (r#"{"replace":"x"}"#, r#""x""#),
        (r#"{"replace":"x"}"#, r#"{"replace":"x","keep":true}"#),
        (r#"{"replace":"x"}"#, r#"{"replace":"x","replace":"y"}"#),
        (r#"{"replace":"x"}"#, r#"{"replace":null}"#),
        (r#"{"replace":"x"}"#, r#"{"replace":1}"#),
        (r#"{"replace":"x"}"#, r#"{"keep":"x"}"#),
        (r#"{"replace":"x"}"#, "{}"),
        (r#"{"replace":"x"}"#, r#"{"replace":{"replace":"x"}}"#),
        (r#""keep""#, r#""Keep""#),
        (r#""keep""#, r#""********""#),
        (r#""keep""#, "null"),
        (r#""keep""#, "true"),
        ("}", "}}"),
        ("}", ""),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD);
        assert!(read(&text).is_err(), "{text}");
    }
}

#[test]
fn padding_is_spaces_up_to_the_smallest_bucket() {
    let good = padded(GOOD);
    assert_eq!(good.len(), 256);
    for last in [b'\n', b'\t', b'\r', 0, b'}', b'x'] {
        let mut text = good.clone();
        text[255] = last;
        assert!(Credential::read(&text).is_err(), "ends in {last}");
    }
    for length in [GOOD.len(), 255, 257, 512, 8192] {
        let mut text = GOOD.as_bytes().to_vec();
        text.resize(length, b' ');
        assert!(Credential::read(&text).is_err(), "padded to {length}");
    }
    let mut leading = vec![b' '];
    leading.extend_from_slice(&good[..255]);
    assert!(Credential::read(&leading).is_err());
    assert!(Credential::read(&[]).is_err());
    assert!(Credential::read(&[b' '; 256]).is_err());
    assert!(Credential::read(&[0xff; 256]).is_err());
}

#[test]
fn buckets_are_chosen_by_length() {
    for (length, expected) in [
        (0, Some(256)),
        (256, Some(256)),
        (257, Some(512)),
        (4097, Some(8192)),
        (8192, Some(8192)),
        (8193, None),
        (usize::MAX, None),
    ] {
        assert_eq!(bucket(length), expected);
    }
}

#[test]
fn names_are_checked_before_writing() {
    let with = |name: &str| Credential {
        kind: String::new(),
        auth: String::new(),
        properties: [(name.to_owned(), String::new())].into(),
        secrets: [].into(),
    };
    for name in ["a", "User Id", "x-1.y_z", &"n".repeat(64)] {
        assert!(with(name).check_names().is_ok(), "{name}");
    }
    for name in ["", "ä", "a\"b", "a\\b", "a\nb", &"n".repeat(65)] {
        assert!(with(name).check_names().is_err(), "{name}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>(), text in any::<String>()) {
        let _ = Credential::read(&bytes);
        if text.len() <= 8192 {
            let _ = read(&text);
        }
    }

    /// Whatever is accepted is written back as the same bytes: there is no second spelling.
    #[test]
    fn what_is_read_is_the_spelling_that_is_written(at in 0..GOOD.len(), with in any::<char>(), remove in 0..3_usize) {
        let mut text = GOOD.to_owned();
        text.replace_range(at..(at + remove).min(GOOD.len()), with.encode_utf8(&mut [0; 4]));
        let bytes = padded(&text);
        if let Ok(credential) = Credential::read(&bytes) {
            let mut written = vec![b' '; bytes.len()];
            credential.write(&mut Fill { into: &mut written, at: 0 });
            prop_assert!(written == bytes);
        }
    }
}
