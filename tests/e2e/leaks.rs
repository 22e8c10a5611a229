//! A secret is nowhere but where it belongs: not on the network, not in the gateway's files, logs and audit, not in the
//! portal's log, not in the browser's profile. The scanner first finds what should be in each of these places.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::harness::scanner::{Canary, Finding, network_bytes};
use crate::harness::{CredentialToType, GatewayPage, Stage, StageOptions};

const LINKED_SERVICE: &str = "SalesSqlServer";

/// How every envelope of the profile begins: `{"alg":"RSA-OAEP-256"` in base64url.
const ENVELOPE_BEGIN: &str = "eyJhbGciOiJSU0EtT0FFUC0yNTYi";

#[tokio::test]
async fn a_secret_is_nowhere_but_where_it_belongs() -> Result<()> {
    let stage = Stage::with(StageOptions {
        gateway_log: "trace",
        ..StageOptions::default()
    })
    .await?;
    let typed = random_text()?;
    let pasted = random_text()?;
    let control = random_text()?;
    // The characters around make their own escapes; the random middle is found in any of them.
    let password = format!("é;\"{typed}\"{{%}}");
    // A key that is not encrypted: an Ed25519 key is nothing but random.
    let key_file = format!(
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA{pasted}{}\n-----END PRIVATE KEY-----\n",
        &random_text()?[..16]
    );

    let wizard = stage.wizard().await?;
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    page.fill(&CredentialToType::sample_of("OnPremisesSqlServer", "SQL").with_password(&password))
        .await?;
    page.save().await?;
    page.receipt().await?;
    wizard.stored().await?;

    let page = wizard.set_credential("PartnerSftp").await?;
    let mut credential = CredentialToType::sample_of("Sftp", "SshPublicKey");
    credential
        .secrets
        .insert("privateKeyContent", key_file.clone());
    credential.secrets.remove("passPhrase");
    page.fill(&credential).await?;
    page.told("privateKeyContent", "Ed25519").await?;
    page.save().await?;
    page.receipt().await?;
    leak_on_purpose(&stage, &page, &control).await?;
    wizard.stored().await?;

    // Revealing is audited; the audit is scanned afterwards.
    ensure!(
        stage.gateway.reveal_secret(LINKED_SERVICE, "password")? == password.as_bytes(),
        "another password came out"
    );
    ensure!(
        stage
            .gateway
            .reveal_secret("PartnerSftp", "privateKeyContent")?
            == key_file.as_bytes(),
        "another key came out"
    );
    stage.gateway.reveal(LINKED_SERVICE)?;

    let canaries = [
        Canary::new(&typed),
        Canary::new(&pasted),
        Canary::new(&password),
    ];
    files_hold_what_they_should(&stage)?;
    nowhere_in(&canaries, |canary| canary.in_folder(stage.gateway.folder()))?;
    let metadata = format!(
        "{:?} {}",
        stage.gateway.list()?,
        stage.gateway.show(LINKED_SERVICE)?
    );
    nowhere_in(&canaries, |canary| {
        Ok(canary.in_bytes("list and show", metadata.as_bytes()))
    })?;

    let (network_log, home) = stage.end().await?;
    network_log_holds_what_it_should(&network_log, &control)?;
    nowhere_in(&canaries, |canary| canary.in_network_log(&network_log))?;
    // Everything: the data folder after the stop, both logs, the browser's profile. chromedriver's log is the test's own.
    nowhere_in(&canaries, |canary| canary.in_folder(home.path()))?;
    Ok(())
}

/// Sends `control` the way a careless page would send a secret, on the same connection.
pub(crate) async fn leak_on_purpose(
    stage: &Stage,
    page: &GatewayPage<'_>,
    control: &str,
) -> Result<()> {
    page.words().await?;
    let script = "const done = arguments[arguments.length - 1]; \
         fetch('/v1/control', { method: 'POST', body: arguments[0] }).then((answer) => done(answer.status), done);";
    stage
        .browser
        .driver()
        .execute_async(script, vec![json!(control)])
        .await?;
    Ok(())
}

pub(crate) fn files_hold_what_they_should(stage: &Stage) -> Result<()> {
    // The gateway logs routes, not names.
    let (named, route) = (
        Canary::new(LINKED_SERVICE),
        Canary::new("/v1/factories/{df}/linked-services/{ls}/credential"),
    );
    let in_folder = named.in_folder(stage.gateway.folder())?;
    for file in ["store.sqlite", "audit.jsonl"] {
        ensure!(
            in_folder.iter().any(|finding| finding.place.contains(file)),
            "the linked service is not found in {file}"
        );
    }
    ensure!(
        stage.gateway.folder().join("store.sqlite-wal").exists(),
        "there is no write-ahead log to look into"
    );
    ensure!(
        !route.in_file(&stage.home().join("gateway.log"))?.is_empty(),
        "the route is not found in the gateway's log"
    );
    ensure!(
        !named.in_file(&stage.home().join("portal.log"))?.is_empty(),
        "the ticket's line is not found in the portal's log"
    );
    Ok(())
}

pub(crate) fn network_log_holds_what_it_should(log: &Path, control: &str) -> Result<()> {
    ensure!(
        !Canary::new(control).in_network_log(log)?.is_empty(),
        "what was leaked on purpose is not found"
    );
    let streams = network_bytes(log)?;
    let envelopes = streams.values().filter(|bytes| {
        bytes
            .windows(ENVELOPE_BEGIN.len())
            .any(|each| each == ENVELOPE_BEGIN.as_bytes())
    });
    ensure!(envelopes.count() > 0, "the envelope is not found");
    Ok(())
}

fn nowhere_in(canaries: &[Canary], look: impl Fn(&Canary) -> Result<Vec<Finding>>) -> Result<()> {
    for canary in canaries {
        let findings = look(canary)?;
        ensure!(findings.is_empty(), "a secret is in: {findings:?}");
    }
    Ok(())
}

/// 26 random letters.
pub(crate) fn random_text() -> Result<String> {
    use std::io::Read;
    let mut bytes = [0; 26];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("/dev/urandom")?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(b"abcdefghijkmnpqrstuvwxyzABCDEFGH"[usize::from(byte % 32)]))
        .collect())
}
