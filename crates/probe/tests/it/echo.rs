//! Servers that repeat what they were given: whatever the protocol, and in whatever form, no secret is in a report.

use base64ct::{Base64, Encoding as _};
use envelope::Secret;
use probe::report::{MAX_CHARS, Stage};
use probe::request::{Encryption, Request};

use crate::certificates::Authority;
use crate::server::PASSWORD;
use crate::storage::azurite;
use crate::told::{self, Told, assert_no_secret};
use crate::{
    cassandra, data_lake_store, ftp, hostile, mongodb, mysql, odbc, oracle, salesforce, sftp, smb,
    sql_server, storage, terminator, web,
};

/// With a character of each kind that documents and addresses write in another way.
const CANARY: &str = "k9\"Q&<é};%w+/z7";

/// A request whose secrets are all this one, but those of Azure, which are a key.
fn with(secret: &str, mut request: Request) -> Request {
    for value in request.secrets.values_mut() {
        *value = Secret::new(secret.to_owned());
    }
    request
}

/// Each driver that repeats a server's words, at a server that has none but these.
async fn every_driver(secret: &str, words: &str) -> Vec<(&'static str, Request)> {
    vec![
        ("PostgreSQL", with(secret, hostile::repeating(words))),
        ("MySQL", with(secret, mysql::repeating(words))),
        ("SQL Server", with(secret, sql_server::repeating(words))),
        ("Cassandra", with(secret, cassandra::repeating(words))),
        ("MongoDB", with(secret, mongodb::repeating(words))),
        ("FTP", with(secret, ftp::repeating(words))),
        ("HTTP", with(secret, web::repeating(words))),
        ("SFTP", with(secret, sftp::repeating(words).await)),
        ("Oracle", with(secret, oracle::repeating(secret, words))),
        (
            "Data Lake Store",
            with(secret, data_lake_store::repeating(words).await),
        ),
        (
            "Amazon S3",
            with(secret, storage::amazon_s3_repeating(words).await),
        ),
        (
            "Salesforce",
            with(secret, salesforce::repeating(words).await),
        ),
    ]
}

/// What the server has said, wherever it was repeated.
fn said(told: &Told) -> String {
    let said = told.stages.iter().find_map(|stage| stage.said.as_ref());
    said.unwrap_or_else(|| panic!("{told:?}"))
        .as_str()
        .to_owned()
}

/// As it goes over the wire, and as documents write it.
fn forms(secret: &str) -> [String; 8] {
    let percent = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let json = serde_json::Value::from(secret).to_string();
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;");
    [
        secret.to_owned(),
        // HTTP's and SASL's ways to sign in.
        Base64::encode_string(format!("ann:{secret}").as_bytes()),
        Base64::encode_string(format!("\0ann\0{secret}").as_bytes()),
        percent,
        hex,
        json[1..json.len() - 1].to_owned(),
        xml.replace('"', "&quot;"),
        secret.replace('}', "}}"),
    ]
}

#[tokio::test]
async fn no_secret_is_told_whatever_a_server_repeats() {
    for form in forms(CANARY) {
        let words = format!("no {form} no");
        for (driver, request) in every_driver(CANARY, &words).await {
            let told = Told::of(&request).await;
            let said = said(&told);
            assert!(said.contains("•••") && said.ends_with("no"), "{driver}");
        }
        for is_in_one in [false, true] {
            let request = odbc::repeating(&words, CANARY, is_in_one);
            let told = Told::of(&request).await;
            assert_no_secret(&format!("{told:?}"), [CANARY].into_iter());
            assert!(said(&told).contains("•••"), "ODBC");
        }
    }
    for form in forms(azurite::KEY) {
        let request = storage::azure_repeating(&form);
        assert!(said(&Told::of(&request).await).contains("•••"), "Azure");
    }
}

/// Those that know the store's words by number, or repeat none: of keys, passphrases and addresses that are secrets as a whole.
#[tokio::test]
async fn no_secret_is_told_by_who_repeats_nothing() {
    for words in forms(CANARY) {
        let line = format!("{words}\r\n");
        let mut by_key = sftp::asking("ann", hostile::saying(line.clone()), "SshPublicKey");
        for name in ["privateKeyContent", "passPhrase"] {
            let secret = Secret::new(CANARY.to_owned());
            by_key.secrets.insert(name.to_owned(), secret);
        }
        let share = r"\\localhost\files";
        let answer = storage::refusal(&words);
        let by_address = storage::by_address(hostile::saying(answer), CANARY);
        for (driver, request) in [
            ("SFTP", by_key),
            (
                "SMB",
                smb::asking(hostile::saying(line), share, "ann", CANARY),
            ),
            ("shared access signature", by_address.await),
        ] {
            let told = Told::of(&request).await;
            assert!(!told.has_passed(), "{driver}");
            let all = format!("{told:?}");
            assert_no_secret(&all, [CANARY].into_iter());
            let says_nothing = told.stages.iter().all(|stage| stage.said.is_none());
            assert!(says_nothing, "{driver}");
        }
    }
}

#[tokio::test]
async fn what_a_server_says_is_clipped_and_turns_nothing() {
    let parted = PASSWORD.replacen('-', "-\u{200b}", 1);
    let words = format!("{parted} <script>\u{202e}{}", "y".repeat(900));
    for (driver, request) in every_driver(PASSWORD, &words).await {
        let told = Told::of(&request).await;
        let said = said(&told);
        assert!(said.contains("••• <script>yyy"), "{driver}: another text");
        assert_eq!(said.chars().count(), MAX_CHARS, "{driver}");
    }
}

#[tokio::test]
async fn no_secret_is_told_by_a_certificate() {
    let authority = Authority::new(CANARY);
    let port = terminator::start(&authority, hostile::saying("")).await;
    let mut request = with(CANARY, told::request(port));
    request.kind = "OnPremisesCassandra".to_owned();
    request.encryption = Encryption::Required;
    let told = Told::of(&request).await;
    let shown = told.stage(Stage::Tls).certificate.clone().unwrap();
    assert_eq!(shown.issuer.as_str(), "CN=•••");
}
