//! Key files: recognised and described in the browser, tried with their passphrase, stored in their normal form.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64, Encoding as _};

use crate::harness::{
    CredentialToType, Engine, Entry, GatewayPage, PASSPHRASE, Stage, Wizard, in_each_engine,
};

const KEY: &str = "privateKeyContent";
const PASSPHRASE_FIELD: &str = "passPhrase";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("crates/key-file/tests/keys/files")
        .join(name)
}

in_each_engine!(an_encrypted_key_is_stored_when_its_passphrase_opens_it);

/// The form with everything in it but the secrets.
async fn opened<'s>(
    wizard: &Wizard<'s>,
    linked_service: &str,
    kind: &str,
    auth: &str,
) -> Result<(GatewayPage<'s>, CredentialToType)> {
    let page = wizard.set_credential(linked_service).await?;
    let mut credential = CredentialToType::sample_of(kind, auth);
    credential.secrets.clear();
    page.fill(&credential).await?;
    Ok((page, credential))
}

async fn enter(
    page: &GatewayPage<'_>,
    credential: &CredentialToType,
    field: &str,
    value: &str,
    entry: Entry,
) -> Result<()> {
    let field = credential.auth.field(field).context("no such field")?;
    page.enter(field, value, entry).await
}

async fn an_encrypted_key_is_stored_when_its_passphrase_opens_it(engine: Engine) -> Result<()> {
    let stage = Stage::set_in(engine).await?;
    let wizard = stage.wizard().await?;
    let (page, credential) = opened(&wizard, "PartnerSftp", "Sftp", "SshPublicKey").await?;
    ensure!(
        !page.has(PASSPHRASE_FIELD).await?,
        "a passphrase is asked for before there is a key"
    );
    let key = std::fs::read_to_string(file("ed25519.encrypted.openssh"))?;
    let fingerprint = std::fs::read_to_string(file("ed25519.fingerprint"))?;
    let fingerprint = fingerprint
        .split_whitespace()
        .find(|word| word.starts_with("SHA256:"));
    let described = format!(
        "Ed25519, encrypted OpenSSH, {}",
        fingerprint.context("no hash")?
    );
    // As a line of JSON or of an environment file has it.
    let pasted = format!("\"{}\"", key.replace('\n', "\\n"));
    enter(&page, &credential, KEY, &pasted, Entry::Pasted).await?;
    page.told(KEY, &described).await?;
    page.told(KEY, "its passphrase is needed").await?;

    for (passphrase, words) in [("", "needs it"), ("wrong horse", "does not open")] {
        if !passphrase.is_empty() {
            enter(
                &page,
                &credential,
                PASSPHRASE_FIELD,
                passphrase,
                Entry::Typed,
            )
            .await?;
        }
        page.save().await?;
        ensure!(page.notice().await?.code == "fields", "another notice");
        let fault = page.fault(PASSPHRASE_FIELD).await?.unwrap_or_default();
        ensure!(fault.contains(words), "{fault}");
        ensure!(page.fault(KEY).await?.is_none(), "the key is blamed");
    }
    ensure!(stage.gateway.list()?.is_empty(), "something was stored");
    ensure!(
        page.shown(PASSPHRASE_FIELD).await? == "•".repeat("wrong horse".len())
            && page.shown(KEY).await?.lines().count() == key.lines().count(),
        "something typed is lost"
    );

    enter(
        &page,
        &credential,
        PASSPHRASE_FIELD,
        PASSPHRASE,
        Entry::Typed,
    )
    .await?;
    page.save().await?;
    page.receipt().await?;
    ensure!(
        stage.gateway.reveal_secret("PartnerSftp", KEY)? == key.as_bytes(),
        "another key was stored"
    );
    ensure!(
        stage
            .gateway
            .reveal_secret("PartnerSftp", PASSPHRASE_FIELD)?
            == PASSPHRASE.as_bytes(),
        "another passphrase was stored"
    );
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_typed_is_looked_at_when_it_is_saved() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let (page, credential) = opened(&wizard, "PartnerSftp", "Sftp", "SshPublicKey").await?;
    enter(&page, &credential, KEY, "ssh-ed25519 AAAA", Entry::Typed).await?;
    page.save().await?;
    page.notice().await?;
    let fault = page.fault(KEY).await?.unwrap_or_default();
    ensure!(
        fault.contains("no key") || fault.contains("public key"),
        "{fault}"
    );

    // Without line breaks, as one-line fields leave it.
    let der = std::fs::read(file("ed25519.pkcs8.der"))?;
    let typed = Base64::encode_string(&der);
    enter(&page, &credential, KEY, &typed, Entry::Typed).await?;
    ensure!(page.has(PASSPHRASE_FIELD).await?, "it may be encrypted");
    page.save().await?;
    page.receipt().await?;
    ensure!(
        stage.gateway.reveal_secret("PartnerSftp", KEY)?
            == std::fs::read(file("ed25519.pkcs8.pem"))?,
        "not the normal form"
    );
    ensure!(
        stage.gateway.show("PartnerSftp")?["secrets"] == serde_json::json!([KEY]),
        "a passphrase was stored"
    );
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_dropped_is_stored_as_base64() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let (page, credential) = opened(&wizard, "RatesHttp", "Http", "ClientCertificate").await?;
    let thumbprint = credential
        .auth
        .field("certThumbprint")
        .context("no field")?;
    page.enter(thumbprint, "", Entry::Typed).await?;
    let dropped = file("p-256.aes.pfx");
    page.drop_file("embeddedCertData", &dropped).await?;
    page.told("embeddedCertData", "encrypted PKCS#12").await?;
    enter(&page, &credential, "password", PASSPHRASE, Entry::Typed).await?;
    page.save().await?;
    page.receipt().await?;
    let expected = Base64::encode_string(&std::fs::read(&dropped)?);
    ensure!(
        stage
            .gateway
            .reveal_secret("RatesHttp", "embeddedCertData")?
            == expected.as_bytes(),
        "not the normal form"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_no_private_key_is_named_and_not_taken() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let (page, credential) = opened(&wizard, "PartnerSftp", "Sftp", "SshPublicKey").await?;
    let public = std::fs::read_to_string(file("ed25519.pub"))?;
    enter(&page, &credential, KEY, &public, Entry::Pasted).await?;
    page.told(KEY, "This is an OpenSSH public key.").await?;
    for (name, words) in [
        ("rsa-2048.certificate.pem", "This is a certificate."),
        ("p-256.aes.pfx", "This is a PKCS#12 file."),
        ("rsa-2048.request.der", "This is a certificate request."),
    ] {
        page.choose_file(KEY, &file(name)).await?;
        page.told(KEY, words).await?;
    }
    ensure!(page.shown(KEY).await?.is_empty(), "something was taken");

    // What was taken before stays.
    page.choose_file(KEY, &file("ed25519.pkcs8.der")).await?;
    page.told(KEY, "Ed25519, PKCS#8").await?;
    ensure!(
        !page.has(PASSPHRASE_FIELD).await?,
        "a passphrase is asked for that makes no sense"
    );
    let before = page.shown(KEY).await?;
    enter(&page, &credential, "username", "etl_reader", Entry::Typed).await?;
    page.choose_file(KEY, &file("ed25519.pub")).await?;
    page.told(KEY, "This is an OpenSSH public key.").await?;
    ensure!(page.shown(KEY).await? == before, "the key is lost");
    page.save().await?;
    page.receipt().await?;
    ensure!(
        stage.gateway.reveal_secret("PartnerSftp", KEY)?
            == std::fs::read(file("ed25519.pkcs8.pem"))?,
        "another key was stored"
    );
    Ok(())
}
