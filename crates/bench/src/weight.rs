//! Page weight: what is on disk, and what the browser really fetched until the form could be used.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::chromium::Chromium;
use crate::compression::{brotli, gzip};
use crate::job::KIND;
use crate::parts;
use crate::run::Run;
use crate::sample::grouped;
use crate::table::{Row, Section};
use load::Gateway;

/// The English page's files until all its fields can be used, with all kinds of data store, in bytes with brotli. A kilobyte is 1,000 bytes here: the stricter reading.
/// 150,000 until the page had credentials tested: its part of that weighs 5,600 bytes, without the report's words, which come with the first test.
const GOAL: u64 = 155_800;

/// One fetched resource, as Resource Timing tells it.
#[derive(Deserialize)]
struct Fetched {
    url: String,
    /// Body as it travelled, in bytes.
    encoded: u64,
    /// Body after decoding, in bytes.
    decoded: u64,
    /// Body and response header, in bytes; 0 would mean that it came from a cache.
    transferred: u64,
    /// Milliseconds after navigation.
    start: f64,
}

const FETCHED: &str = r#"
    const ready = await __bench.marked("cs-ready");
    // Whatever is still on its way belongs to the page as well.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return { ready: ready.at, entries: entries.map((entry) => ({
        url: entry.name, encoded: entry.encodedBodySize, decoded: entry.decodedBodySize,
        transferred: entry.transferSize, start: entry.startTime })) };
"#;

#[derive(Deserialize)]
struct Load {
    ready: f64,
    entries: Vec<Fetched>,
}

pub(crate) async fn measure(run: &Run) -> Result<Section> {
    let gateway = Gateway::start(&run.gateway, &run.page, &run.issuer)?;
    let browser = Chromium::start(std::slice::from_ref(&gateway.installation.spki)).await?;
    let (_, kid) = gateway.keys().await?;
    let (ticket, _) = run
        .issuer
        .ticket(&gateway.installation.id, &kid, "weight", KIND)?;
    let page = browser.page().await?;
    page.events();
    page.open(&format!("{}/#ticket={ticket}", gateway.serving.origin))
        .await?;
    let load: Load = page.run(FETCHED, &[]).await?;
    let events = page.events();
    page.close().await?;
    browser.quit().await?;

    let before_ready: Vec<&Fetched> = load
        .entries
        .iter()
        .filter(|entry| entry.start <= load.ready)
        .collect();
    let from_cache = before_ready
        .iter()
        .filter(|entry| entry.transferred == 0)
        .count();
    if from_cache > 0 {
        bail!("{from_cache} resources came from a cache: this was no cold load");
    }
    let fetched: u64 = before_ready.iter().map(|entry| entry.encoded).sum();
    let files: u64 = before_ready
        .iter()
        .filter(|entry| !is_api(&entry.url))
        .map(|entry| entry.encoded)
        .sum();
    let foreign = requests_elsewhere(&events, &gateway.serving.origin);
    let rows = vec![
        Row::new(
            "the English page, all kinds included, until all fields can be used: its files, brotli",
            format!("{} bytes", grouped(files as f64)),
        )
        .beside(
            "with what the gateway's API answers",
            format!("{} bytes", grouped(fetched as f64)),
        )
        .ratio(format!("{:.3} of the goal", files as f64 / GOAL as f64))
        .goal(format!("≤ {} bytes", grouped(GOAL as f64)), files <= GOAL),
        Row::new("requests to another origin", foreign.len().to_string())
            .beside("requests in all", load.entries.len().to_string())
            .goal("0", foreign.is_empty()),
    ];
    Ok(Section {
        title: "Page weight".into(),
        method: "One load in Chromium with an empty cache from a real gateway over TLS. Bytes are bodies as they travelled (Resource Timing, \
                 `encodedBodySize`); origins are those of every request that the DevTools protocol reports. \
                 The goal was 150,000 bytes until the page had credentials tested before they are stored."
            .into(),
        rows,
        detail: [files_table(run, &load, &gateway.serving.origin)?, program_table(run)?].join("\n"),
    })
}

fn is_api(url: &str) -> bool {
    url.contains("/v1/") || url.contains("/.well-known/")
}

/// Addresses of other origins that anything in the page asked for.
fn requests_elsewhere(events: &[serde_json::Value], origin: &str) -> Vec<String> {
    events
        .iter()
        .filter(|event| event["method"] == "Network.requestWillBeSent")
        .filter_map(|event| event["params"]["request"]["url"].as_str())
        .filter(|url| url.starts_with("http") && !url.starts_with(&format!("{origin}/")))
        .map(str::to_owned)
        .collect()
}

/// What the program is made of.
fn program_table(run: &Run) -> Result<String> {
    let files = fs::read_dir(run.page.join("static"))?;
    let program = files.filter_map(Result::ok).map(|file| file.path());
    let program = program
        .into_iter()
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("credential_setter-") && name.ends_with(".wasm")
        })
        .context("the page has no program")?;
    parts::table(&run.program, brotli(&fs::read(program)?)?.len() as u64)
}

fn files_table(run: &Run, load: &Load, origin: &str) -> Result<String> {
    let mut fetched: BTreeMap<&str, &Fetched> = BTreeMap::new();
    for entry in &load.entries {
        let path = entry.url.strip_prefix(origin).unwrap_or(&entry.url);
        fetched.insert(path.split('#').next().unwrap_or(path), entry);
    }
    let mut text = String::from(
        "| file | raw | gzip | brotli | fetched | before that |\n|---|--:|--:|--:|--:|---|\n",
    );
    let mut sums = [0; 4];
    for (path, entry) in fetched {
        let name = if path == "/" {
            "index.html"
        } else {
            path.trim_start_matches('/')
        };
        let (raw, gz, br) = if is_api(path) {
            (entry.decoded, None, None)
        } else {
            let content = fs::read(run.page.join(name))
                .with_context(|| format!("the page fetched {path}, which is not in its folder"))?;
            (
                content.len() as u64,
                Some(gzip(&content)?.len() as u64),
                Some(brotli(&content)?.len() as u64),
            )
        };
        for (sum, size) in
            sums.iter_mut()
                .zip([raw, gz.unwrap_or(raw), br.unwrap_or(raw), entry.encoded])
        {
            *sum += size;
        }
        let size = |size: Option<u64>| size.map_or("–".into(), |size| grouped(size as f64));
        let when = if entry.start <= load.ready {
            "yes"
        } else {
            "no"
        };
        text += &format!(
            "| {name} | {} | {} | {} | {} | {when} |\n",
            size(Some(raw)),
            size(gz),
            size(br),
            size(Some(entry.encoded))
        );
    }
    let [raw, gz, br, travelled] = sums.map(|sum| grouped(sum as f64));
    text += &format!("| **sum** | {raw} | {gz} | {br} | {travelled} | |\n");
    Ok(text)
}
