//! What is left of a typed secret in the browser's processes, in its profile, in its traffic, and with the gateway: counted in
//! both modes of a secret field. A run counts only if the scanner finds the secret while it has to be there.

mod figures;
mod gateway;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use linked_service::Role;
use serde_json::json;

use crate::harness::scanner::{files, network_bytes};
use crate::harness::tally::{Counter, Tally};
use crate::harness::{
    CredentialToType, GatewayPage, Keys, Stage, StageOptions, WasmMemory, eventually,
    heap_snapshot, is_running,
};
use crate::leaks::{
    files_hold_what_they_should, leak_on_purpose, network_log_holds_what_it_should, random_text,
};
use figures::{Figures, Picture};

pub(crate) const LINKED_SERVICE: &str = "SalesSqlServer";
const PASSWORD: &str = "password";

/// Where a person types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Keys are taken before the browser has them.
    Capture,
    /// The browser's own password field.
    Plain,
}

/// Kinds of processes that know nothing of keys but what the page's element gets.
const NOT_THE_BROWSERS_OWN: [&str; 4] = ["renderer", "gpu-process", "utility", "zygote"];

#[tokio::test]
async fn nothing_is_left_of_a_captured_secret() -> Result<()> {
    let figures = measure(Mode::Capture, Keys::PageOnly).await?;
    figures.write("capture")?;
    figures.require_none("processes, after Save")?;
    figures.require_none("heap snapshot, after Save")?;
    figures.require_none("processes, window closed")?;
    nothing_is_left_elsewhere(&figures)
}

#[tokio::test]
async fn nothing_is_left_of_a_secret_in_a_plain_field_once_the_window_is_closed() -> Result<()> {
    let figures = measure(Mode::Plain, Keys::PageOnly).await?;
    figures.write("plain")?;
    figures.require_none("processes, window closed")?;
    nothing_is_left_elsewhere(&figures)
}

#[tokio::test]
async fn of_a_keyboard_s_keys_only_the_browser_process_keeps_any() -> Result<()> {
    let figures = measure(Mode::Capture, Keys::Keyboard).await?;
    figures.write("capture-keyboard")?;
    for when in ["after Save", "window closed"] {
        for kind in NOT_THE_BROWSERS_OWN {
            figures.require_none(&format!("processes of kind {kind}, {when}"))?;
        }
    }
    figures.require_none("heap snapshot, after Save")?;
    nothing_is_left_elsewhere(&figures)
}

/// Where those come from: Chromium looks for reused passwords in what a keyboard types, in its browser process, whatever the page does
/// with the keys and also where they go to no field. It keeps the last 45 characters; Enter begins anew, which overwrites the first.
#[tokio::test]
async fn what_the_browser_process_keeps_of_a_keyboard_s_keys_begins_anew_with_enter() -> Result<()>
{
    const ENTER: &str = "\r";
    let stage = Stage::set().await?;
    let text = secret()?;
    let counter = Counter::of(&text);
    let wizard = stage.wizard().await?;
    wizard.set_credential(LINKED_SERVICE).await?.form().await?;
    let leave = "document.activeElement.blur(); return document.activeElement === document.body";
    let left = stage.browser.run(leave, vec![]).await?;
    ensure!(left == json!(true), "a field has the focus");

    let keyboard = async |text| stage.browser.type_key_by_key(text, Keys::Keyboard).await;
    keyboard(ENTER).await?;
    keyboard(&text).await?;
    let typed = Picture::take(&stage.browser, None, &counter)?;
    keyboard(ENTER).await?;
    let entered = Picture::take(&stage.browser, None, &counter)?;
    let mut figures = Figures::default();
    figures.add_picture("typed into no field", &typed);
    figures.add_picture("Enter pressed", &entered);
    figures.write("no-field")?;
    ensure!(
        typed.of("browser").whole() > 0,
        "no longer so: SECURITY.md can promise more"
    );
    let rest = entered.of("browser");
    ensure!(
        rest.whole() == 0 && rest.second_half() > 0,
        "not what this is: {rest:?}"
    );
    Ok(())
}

fn nothing_is_left_elsewhere(figures: &Figures) -> Result<()> {
    for place in [
        "WebAssembly memory, after Save",
        "gateway: memory",
        "gateway: core file by gcore",
        "gateway: core file of everything",
        "gateway: store, write-ahead log, audit",
        "gateway: log",
        "profile folder, browser running",
        "profile folder, browser closed",
        "decrypted traffic",
    ] {
        figures.require_none(place)?;
    }
    Ok(())
}

/// Types a secret key by key, saves it, closes the window, and looks everywhere at each of these times.
async fn measure(mode: Mode, keys: Keys) -> Result<Figures> {
    let secret = secret()?;
    let counter = Counter::of(&secret);
    let account = random_text()?;
    let leaked = random_text()?;
    let mut figures = Figures::default();
    let stage = Stage::with(StageOptions {
        gateway_log: "trace",
        ..StageOptions::default()
    })
    .await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    fill_but_the_password(&page, &account).await?;
    if mode == Mode::Plain {
        page.make_plain(PASSWORD).await?;
    }
    let wasm = WasmMemory::find(&stage.browser).await?;

    page.type_secret(PASSWORD, &secret, keys).await?;
    let typed = Picture::take(&stage.browser, Some(&wasm), &counter)?;
    let valid = match mode {
        Mode::Capture => typed.wasm().whole() > 0,
        Mode::Plain => typed.of("renderer").whole() > 0,
    };
    ensure!(valid, "void: the secret is not found where it was typed");
    ensure!(
        !wasm.count(&Counter::of(&account))?.is_empty(),
        "void: what an ordinary field holds is not found in WebAssembly memory"
    );
    figures.add_picture("typed", &typed);

    page.save().await?;
    page.receipt().await?;
    let saved = Picture::take(&stage.browser, Some(&wasm), &counter)?;
    figures.add_picture("after Save", &saved);
    ensure!(
        stage.gateway.reveal_secret(LINKED_SERVICE, PASSWORD)? == secret.as_bytes(),
        "something else was stored"
    );
    let snapshot = heap_snapshot(&stage, &counter).await?;
    figures.add("heap snapshot, after Save", &snapshot);
    gateway::count(&stage, &counter, &mut figures)?;

    leak_on_purpose(&stage, &page, &leaked).await?;
    page.close().await?;
    wizard.stored().await?;
    eventually("the end of the window's process", async || {
        Ok((!is_running(wasm.process())).then_some(()))
    })
    .await?;
    let closed = Picture::take(&stage.browser, None, &counter)?;
    figures.add_picture("window closed", &closed);

    let profile = stage.home().join("browser/profile");
    let portal = Counter::of(stage.portal.origin());
    ensure!(
        !in_files(&profile, &portal)?.is_empty(),
        "void: the portal's address is not found in the profile"
    );
    figures.add(
        "profile folder, browser running",
        &in_files(&profile, &counter)?,
    );
    files_hold_what_they_should(&stage)?;
    after_the_end(stage, &counter, &leaked, &mut figures).await?;
    Ok(figures)
}

/// What can be read only when the browser and the gateway have ended.
async fn after_the_end(
    stage: Stage,
    counter: &Counter,
    leaked: &str,
    figures: &mut Figures,
) -> Result<()> {
    let (network_log, home) = stage.end().await?;
    let profile = home.path().join("browser/profile");
    figures.add(
        "profile folder, browser closed",
        &in_files(&profile, counter)?,
    );
    network_log_holds_what_it_should(&network_log, leaked)?;
    let mut traffic = counter.count(&std::fs::read(&network_log)?);
    for bytes in network_bytes(&network_log)?.values() {
        traffic += counter.count(bytes);
    }
    figures.add("decrypted traffic", &traffic);
    // Whatever else a test of this kind leaves: logs of the portal and of chromedriver, too.
    ensure!(in_files(home.path(), counter)?.is_empty(), "a file has it");
    Ok(())
}

async fn fill_but_the_password(page: &GatewayPage<'_>, account: &str) -> Result<()> {
    let mut credential = CredentialToType::sample_of("OnPremisesSqlServer", "SQL");
    credential.secrets.clear();
    let field = credential
        .auth
        .fields
        .iter()
        .find(|field| field.role == Role::Account);
    let name = field.context("no field for the account")?.name;
    credential.properties.insert(name, account.to_owned());
    page.fill(&credential).await
}

/// The strings of the page's JavaScript, once it is shown that they are found: a text that exists in pieces only.
async fn heap_snapshot(stage: &Stage, counter: &Counter) -> Result<Tally> {
    let text = random_text()?;
    // Not in the script itself, whose source is a string, too.
    let shifted: Vec<u32> = text.chars().map(|each| u32::from(each) + 1).collect();
    let expression = format!(
        "globalThis.control = {shifted:?}.reduce((text, code) => text + String.fromCharCode(code - 1), ''); 0"
    );
    let plant = json!({ "expression": expression });
    stage.browser.cdp("Runtime.evaluate", plant).await?;
    let found = heap_snapshot::count(&stage.browser, &[&Counter::of(&text), counter]).await?;
    ensure!(
        found[0].whole() > 0,
        "void: the heap snapshot does not show a string that is there"
    );
    Ok(found[1].clone())
}

fn in_files(folder: &Path, counter: &Counter) -> Result<Tally> {
    let mut sum = Tally::default();
    for file in files(folder)? {
        // A browser that is running removes files while we look.
        sum += counter.count(&std::fs::read(&file).unwrap_or_default());
        sum += counter.count(file.to_string_lossy().as_bytes());
    }
    Ok(sum)
}

/// 32 random characters, among them one that JSON escapes and one that addresses escape.
fn secret() -> Result<String> {
    let (first, second) = (random_text()?, random_text()?);
    Ok(format!(
        "{}\"{}%{}",
        &first[..5],
        &first[5..20],
        &second[..10]
    ))
}
