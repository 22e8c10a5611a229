//! One changed byte in what the gateway serves: the page refuses to start, and says so.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::harness::{
    CredentialToType, GatewayPage, Stage, StageOptions, eventually, page_folder, scanner,
};

/// A copy of the page with one byte of the file changed whose name begins and ends like this.
fn tampered(begin: &str, end: &str, change: fn(&mut Vec<u8>)) -> Result<TempDir> {
    let copy = tempfile::tempdir()?;
    let mut changed = 0;
    for path in scanner::files(&page_folder()?)? {
        let relative = path.strip_prefix(page_folder()?)?.to_owned();
        let name = relative
            .file_name()
            .context("no name")?
            .to_string_lossy()
            .into_owned();
        let original = name.trim_end_matches(".br").trim_end_matches(".gz");
        let hit = original.starts_with(begin) && original.ends_with(end);
        if hit && original != name {
            // The compressed forms of the changed file stay away: the browser shall get the change.
            continue;
        }
        let mut bytes = std::fs::read(&path)?;
        if hit {
            change(&mut bytes);
            changed += 1;
        }
        write(&copy.path().join(relative), &bytes)?;
    }
    ensure!(changed == 1, "{changed} files are like {begin}…{end}");
    Ok(copy)
}

fn write(path: &PathBuf, bytes: &[u8]) -> Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
    Ok(std::fs::write(path, bytes)?)
}

async fn refuses_to_start(begin: &str, end: &str, change: fn(&mut Vec<u8>)) -> Result<()> {
    let page = tampered(begin, end, change)?;
    let stage = Stage::with(StageOptions {
        page: Some(page.path().to_owned()),
        ..StageOptions::default()
    })
    .await?;
    let link = stage.gateway.ticket_link("sales", "demo-factory")?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    eventually("a sentence", async || {
        let words = page.words().await?.to_lowercase();
        Ok((words.contains("cannot start") || words.contains("not start")).then_some(()))
    })
    .await?;
    let typeable = stage
        .browser
        .driver()
        .find_all(thirtyfour::By::Css("input:enabled, textarea:enabled"))
        .await?;
    for element in typeable {
        assert!(
            !element.is_displayed().await?,
            "something can be typed into a page that was tampered with"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_changed_byte_in_the_program_stops_it() -> Result<()> {
    refuses_to_start("credential_setter", ".wasm", |bytes| one_bit(bytes)).await
}

#[tokio::test]
async fn a_changed_byte_in_what_reads_connection_strings_keeps_them_from_it() -> Result<()> {
    let page = tampered("paste_reader", ".wasm", |bytes| one_bit(bytes))?;
    let stage = Stage::with(StageOptions {
        page: Some(page.path().to_owned()),
        ..StageOptions::default()
    })
    .await?;
    let link = stage.gateway.ticket_link("sales", "demo-factory")?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.form().await?;
    let report = page
        .paste_connection_string("Server=sql01;Database=Sales;User ID=etl;Password=secret")
        .await?;
    ensure!(
        report.outcome == "refused" && report.words.contains("did not load"),
        "{}",
        report.words
    );
    Ok(())
}

#[tokio::test]
async fn a_changed_byte_in_what_reads_key_files_keeps_them_from_it() -> Result<()> {
    let page = tampered("key_reader", ".wasm", |bytes| one_bit(bytes))?;
    let stage = Stage::with(StageOptions {
        page: Some(page.path().to_owned()),
        ..StageOptions::default()
    })
    .await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("PartnerSftp").await?;
    let mut credential = CredentialToType::sample_of("Sftp", "SshPublicKey");
    credential
        .secrets
        .retain(|name, _| *name == "privateKeyContent");
    page.fill(&credential).await?;
    page.told("privateKeyContent", "did not load").await?;
    // It was told. The gateway takes it as it was pasted.
    page.save().await?;
    page.receipt().await?;
    let revealed = stage
        .gateway
        .reveal_secret("PartnerSftp", "privateKeyContent")?;
    ensure!(
        revealed == credential.secrets["privateKeyContent"].as_bytes(),
        "another key was stored"
    );
    Ok(())
}

fn one_bit(bytes: &mut [u8]) {
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
}

#[tokio::test]
async fn a_changed_byte_in_the_boot_module_stops_it() -> Result<()> {
    // A space at its end changes nothing but the hash.
    refuses_to_start("boot", ".js", |bytes| bytes.push(b' ')).await
}
