use std::fmt::Write;
use std::fs;
use std::path::Path;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use envelope::{Operation, SecretChange};

use super::desk::{Desk, credential, replace, sql_server};

/// The same text in every spelling that a careless program might leave behind.
fn spellings(secret: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let percent = bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = if byte.is_ascii_alphanumeric() {
            write!(text, "{}", char::from(*byte))
        } else {
            write!(text, "%{byte:02X}")
        };
        text
    });
    let json = serde_json::to_string(secret).unwrap();
    let mut spellings = vec![
        ("plain".to_owned(), bytes.to_vec()),
        (
            "JSON".to_owned(),
            json.trim_matches('"').as_bytes().to_vec(),
        ),
        ("hex".to_owned(), hex.clone().into_bytes()),
        (
            "hex, upper case".to_owned(),
            hex.to_uppercase().into_bytes(),
        ),
        ("percent".to_owned(), percent.into_bytes()),
        (
            "UTF-16, little end first".to_owned(),
            secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "UTF-16, big end first".to_owned(),
            secret.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
    ];
    // Within a longer text base64 depends on where the secret begins: the whole groups of each of the three shifts.
    for shift in 0..3 {
        let whole = &bytes[shift..shift + (bytes.len() - shift) / 3 * 3];
        spellings.push((
            format!("base64, shift {shift}"),
            Base64::encode_string(whole).into_bytes(),
        ));
        spellings.push((
            format!("base64url, shift {shift}"),
            Base64UrlUnpadded::encode_string(whole).into_bytes(),
        ));
    }
    spellings
}

/// Which spellings are in which files of the folder.
fn found(folder: &Path, secrets: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path, secrets));
            continue;
        }
        let content = fs::read(&path).unwrap();
        for (number, secret) in secrets.iter().enumerate() {
            for (spelling, needle) in spellings(secret) {
                if content.windows(needle.len()).any(|window| window == needle) {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    found.push(format!("secret {number} as {spelling} in {name}"));
                }
            }
        }
    }
    found
}

const FIRST: &str = "Canary-7f3a \"quoted\" grüße;{0}";
const SECOND: &str = "Zweitkanarie 91c4 & %41 überall";
const IN_A_BAD_ENVELOPE: &str = "Third-canary-e2b8-in-a-refused-one";

#[tokio::test]
async fn no_file_holds_a_secret_in_any_spelling() {
    let desk = Desk::new().await;
    let secrets = [FIRST, SECOND, IN_A_BAD_ENVELOPE];

    // The scanner first proves that it finds each spelling, alone and in the middle of other bytes.
    let control = desk.folder.path().join("control");
    for secret in secrets {
        for (spelling, bytes) in spellings(secret) {
            fs::write(&control, [b"before".as_slice(), &bytes, b"after"].concat()).unwrap();
            assert!(
                !found(desk.folder.path(), &[secret]).is_empty(),
                "{spelling} is not found"
            );
        }
        for shift in 0..3 {
            let text = format!("{}{secret} and more", "x".repeat(shift));
            fs::write(&control, Base64::encode_string(text.as_bytes())).unwrap();
            assert!(
                !found(desk.folder.path(), &[secret]).is_empty(),
                "base64 at {shift} is not found"
            );
        }
    }
    fs::remove_file(&control).unwrap();

    // Everything that can happen to a secret.
    desk.set("orders", sql_server(replace(FIRST)))
        .await
        .unwrap();
    desk.set("orders", sql_server(SecretChange::Keep))
        .await
        .unwrap();
    desk.set("customers", sql_server(replace(SECOND)))
        .await
        .unwrap();
    desk.set("orders", sql_server(replace(SECOND)))
        .await
        .unwrap();
    desk.set("gone", sql_server(replace(FIRST))).await.unwrap();
    desk.delete(&desk.claims("gone", Operation::Delete))
        .await
        .unwrap();
    let invalid = credential(
        "OnPremisesSqlServer",
        "SQL",
        &[],
        vec![("password", replace(IN_A_BAD_ENVELOPE))],
    );
    assert!(desk.set("orders", invalid).await.is_err());
    let misnamed = credential(
        "Http",
        "Basic",
        &[("password", "x")],
        vec![("user", replace(IN_A_BAD_ENVELOPE))],
    );
    assert!(desk.set("orders", misnamed).await.is_err());
    let claims = desk.claims("orders", Operation::Set);
    let other = desk.claims("orders", Operation::Set);
    let foreign = desk.seal(&other, sql_server(replace(IN_A_BAD_ENVELOPE)));
    assert!(desk.send(&claims, &foreign).await.is_err());
    assert!(desk.holds("orders", "password", SECOND).await);

    assert_eq!(
        found(desk.folder.path(), &secrets),
        Vec::<String>::new(),
        "while it runs"
    );
    let closed = desk.close().await;
    assert_eq!(
        found(closed.folder.path(), &secrets),
        Vec::<String>::new(),
        "after it was closed"
    );
}
