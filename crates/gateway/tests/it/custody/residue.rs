use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use envelope::{Operation, SecretChange};

use crate::spelling::{Spelling, spellings};

use super::desk::{Desk, credential, replace, sql_server};

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
            for Spelling { form, bytes } in spellings(secret) {
                if memchr::memmem::find(&content, &bytes).is_some() {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    found.push(format!("secret {number} as {form} in {name}"));
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
        for Spelling { form, bytes } in spellings(secret) {
            fs::write(&control, [b"before".as_slice(), &bytes, b"after"].concat()).unwrap();
            assert!(
                !found(desk.folder.path(), &[secret]).is_empty(),
                "{form} is not found"
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
