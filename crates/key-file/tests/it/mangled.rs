//! Every file in every way in which people paste it.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};

use crate::files::{read, recognised};

const TEXTS: [&str; 14] = [
    "rsa-2048.pkcs8.pem",
    "rsa-3072.traditional.pem",
    "p-256.traditional.pem",
    "dsa-1024.traditional.pem",
    "rsa-3072.aes256.pkcs8.pem",
    "rsa-3072.aes-128-cbc.traditional.pem",
    "rsa-3072.des-ede3-cbc.traditional.pem",
    "ed25519.openssh",
    "rsa-4096.openssh",
    "p-256.encrypted.openssh",
    "rsa-3072.v2.ppk",
    "ed25519.v3.ppk",
    "ed25519.encrypted.v2.ppk",
    "rsa-3072.encrypted.v3.ppk",
];

const BINARIES: [&str; 5] = [
    "rsa-2048.pkcs8.der",
    "rsa-3072.traditional.der",
    "p-256.traditional.der",
    "rsa-3072.aes256.pkcs8.der",
    "rsa-2048.aes.pfx",
];

/// A name and what it makes of a text.
type Way = (&'static str, fn(&str) -> Vec<u8>);

const WAYS: &[Way] = &[
    ("as it is", |text| text.into()),
    ("CRLF", |text| text.replace('\n', "\r\n").into()),
    ("CR", |text| text.replace('\n', "\r").into()),
    ("without the last line break", |text| text.trim_end().into()),
    ("a mark before it", |text| format!("\u{feff}{text}").into()),
    ("blank lines around", |text| {
        format!("\r\n \n\n{text}\n \t\n").into()
    }),
    ("blank lines between", |text| {
        text.replace('\n', "\n\n").into()
    }),
    ("indented", |text| {
        format!("    {}", text.replace('\n', "\n    ")).into()
    }),
    ("indented by tabs", |text| {
        format!("\t{}", text.replace('\n', "\n\t")).into()
    }),
    ("spaces behind lines", |text| {
        let trailing = |line: &str| match line {
            comment if comment.starts_with("Comment") => format!("{comment}\n"),
            line => format!("{line}  \n"),
        };
        text.lines().map(trailing).collect::<String>().into()
    }),
    ("escaped", |text| text.replace('\n', "\\n").into()),
    ("escaped with CRLF", |text| {
        text.replace('\n', "\\r\\n").into()
    }),
    ("escaped twice", |text| text.replace('\n', "\\\\n").into()),
    ("a JSON string", |text| {
        format!("\"{}\"", text.replace('\n', "\\n")).into()
    }),
    ("a JSON string of .NET", |text| {
        format!(
            "\"{}\"",
            text.replace('+', "\\u002B")
                .replace('/', "\\/")
                .replace('\n', "\\r\\n")
        )
        .into()
    }),
    ("in quotes", |text| format!(" '{text}' ").into()),
    ("joined by spaces", |text| text.replace('\n', " ").into()),
    ("joined by spaces, in quotes", |text| {
        format!("\"{}\"", text.replace('\n', " ")).into()
    }),
    ("base64", |text| {
        Base64::encode_string(text.as_bytes()).into()
    }),
    ("base64 in lines", |text| {
        in_lines(&Base64::encode_string(text.as_bytes()))
    }),
    ("base64 for URLs", |text| {
        Base64UrlUnpadded::encode_string(text.as_bytes()).into()
    }),
    ("base64 of CRLF", |text| {
        Base64::encode_string(text.replace('\n', "\r\n").as_bytes()).into()
    }),
    ("base64 in a JSON string", |text| {
        format!("\"{}\"", Base64::encode_string(text.as_bytes())).into()
    }),
    ("base64 twice", |text| {
        Base64::encode_string(Base64::encode_string(text.as_bytes()).as_bytes()).into()
    }),
    ("UTF-16 with the little end first", |text| {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    }),
    ("UTF-16 with the big end first", |text| {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        units.flat_map(u16::to_be_bytes).collect()
    }),
];

fn in_lines(text: &str) -> Vec<u8> {
    let lines = text.as_bytes().chunks(76);
    lines.flat_map(|line| [line, b"\r\n"].concat()).collect()
}

#[test]
fn every_text_in_every_way_is_the_same_key() {
    for name in TEXTS {
        let plain = recognised(name);
        let text = String::from_utf8(read(name)).unwrap();
        for (way, mangle) in WAYS {
            match key_file::recognise(&mangle(&text)) {
                Err(error) => panic!("{name}, {way}: {error}"),
                Ok(file) => {
                    assert!(*file.content() == *plain.content(), "{name}, {way}");
                    assert_eq!(file.description(), plain.description(), "{name}, {way}");
                }
            }
        }
    }
}

#[test]
fn every_binary_in_every_way_of_base64_is_the_same_key() {
    for name in BINARIES {
        let plain = recognised(name);
        let base64 = Base64::encode_string(&read(name));
        let unpadded = base64.trim_end_matches('=').to_owned();
        let url = Base64UrlUnpadded::encode_string(&read(name));
        let quoted = format!("\"{base64}\"");
        let twice = Base64::encode_string(base64.as_bytes());
        let lines = String::from_utf8(in_lines(&base64)).unwrap();
        for text in [base64, unpadded, url, quoted, twice, lines] {
            let file = key_file::recognise(text.as_bytes());
            assert!(
                file.is_ok_and(|file| *file.content() == *plain.content()),
                "{name}"
            );
        }
        let mut behind = read(name);
        behind.extend_from_slice(b"\r\n");
        let file = key_file::recognise(&behind);
        assert!(
            file.is_ok_and(|file| *file.content() == *plain.content()),
            "{name}"
        );
    }
}

#[test]
fn pem_is_found_between_other_things() {
    let plain = recognised("rsa-2048.pkcs8.pem");
    let key = String::from_utf8(read("rsa-2048.pkcs8.pem")).unwrap();
    let certificate = String::from_utf8(read("rsa-2048.certificate.pem")).unwrap();
    let escaped = key.replace('\n', "\\n");
    for text in [
        format!("Bag Attributes\n    friendlyName: a test\nKey Attributes: <No Attributes>\n{key}"),
        format!("{certificate}{key}{certificate}"),
        format!(
            "{{\n  \"type\": \"service_account\",\n  \"private_key\": \"{escaped}\",\n  \"x\": 1\n}}"
        ),
        format!("PRIVATE_KEY=\"{escaped}\""),
        key.replace(
            "-----BEGIN PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----",
        ),
        key.replace('\n', ""),
        // Labels are confused more often than contents.
        key.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
    ] {
        let file = key_file::recognise(text.as_bytes());
        assert!(file.is_ok_and(|file| *file.content() == *plain.content()));
    }
}

#[test]
fn a_comment_of_putty_is_kept_to_the_last_character() {
    // The file's checksum covers it.
    let file = recognised("ed25519.v3.ppk");
    let content = String::clone(&file.content());
    let other = content.replace("a test key", "C:\\new \\key  ");
    let error = key_file::recognise(other.as_bytes())
        .map(|_| ())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "a PuTTY version 3 file that cannot be read: its checksum does not match"
    );
}
