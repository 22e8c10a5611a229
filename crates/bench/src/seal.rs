//! Sealing in Chromium: the page's own code as WebAssembly beside three JavaScript ways to do the same.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow, ensure};
use envelope::context::{Binding, Operation};
use envelope::jwe::Envelope;
use envelope::open::open;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chromium::Chromium;
use crate::job;
use crate::page_folders;
use crate::private_keys::{BITS, PrivateKey};
use crate::run::Run;
use crate::sample::{Sample, figure};
use crate::table::{Row, Section};
use load::Gateway;

/// In the order of the columns; the names are those of `pages/seal/seal.js`.
const CONTENDERS: [&str; 4] = ["ours", "msrcrypto", "forge", "webcrypto"];
/// Fresh pages per contender and key size.
const LOADS: usize = 15;
/// How many of them go on to measure the warm time, and how.
const WARM_LOADS: usize = 3;
const WARM_BATCHES: usize = 15;
const BATCH_MILLISECONDS: f64 = 30.0;

#[derive(Deserialize)]
struct Measured {
    /// Taking the key in.
    key: f64,
    /// The first envelope.
    first: f64,
    /// Milliseconds per envelope, batch by batch.
    warm: Vec<f64>,
    /// The first envelope itself.
    envelope: String,
}

#[derive(Default)]
struct Times {
    key: Vec<f64>,
    first: Vec<f64>,
    warm: Vec<f64>,
}

pub(crate) async fn measure(run: &Run) -> Result<Section> {
    let folder = page_folders::seal(
        &run.scratch.join("seal-page"),
        &run.packages.msrcrypto,
        &run.packages.forge,
        &run.seal_module,
    )?;
    let gateway = Gateway::start(&run.gateway, &folder, &run.issuer)?;
    let browser = Chromium::start(std::slice::from_ref(&gateway.installation.spki)).await?;
    let mut times: BTreeMap<(usize, &str), Times> = BTreeMap::new();
    for bits in BITS {
        let key = PrivateKey::generate(bits)?;
        for load in 0..LOADS {
            for contender in CONTENDERS {
                let warm = if load < WARM_LOADS { WARM_BATCHES } else { 0 };
                let measured = once(run, &browser, &gateway, contender, &key, warm).await?;
                let times = times.entry((bits, contender)).or_default();
                times.key.push(measured.key);
                times.first.push(measured.first);
                times.warm.extend(measured.warm);
            }
        }
    }
    browser.quit().await?;
    let mut rows = Vec::new();
    for bits in BITS {
        rows.extend(rows_of(run, bits, &times)?);
    }
    Ok(Section {
        title: "Sealing in Chromium".into(),
        method: format!(
            "Each contender makes the same JWE from the same credential (plaintext bucket 256 bytes) with a key taken in beforehand. First: the \
             first envelope of a fresh page, {LOADS} pages each, contenders in turn. Warm: milliseconds per envelope in {} batches of at \
             least {BATCH_MILLISECONDS} ms after 1.5 s of sealing. Ours is `envelope::Credential::seal` built with the page's profile. \
             Taking the key in is the key policy on its numbers (without Fermat's test and the statement's signature, which are in the page's own row below \
             “Time to a usable form”); the others ask nothing. \
             The first envelope of every page was opened by the `envelope` crate. msrcrypto works on the page's thread (`forceSync`), \
             which is the default from its version 1.6 on.",
            WARM_LOADS * WARM_BATCHES
        ),
        rows,
        detail: String::new(),
    })
}

async fn once(
    run: &Run,
    browser: &Chromium,
    gateway: &Gateway,
    contender: &str,
    key: &PrivateKey,
    warm: usize,
) -> Result<Measured> {
    let (ticket, claims) = run.issuer.ticket(
        &gateway.installation.id,
        key.envelope_key.kid(),
        "seal",
        job::KIND,
    )?;
    let binding = Binding::from_ticket(&claims, Operation::Set);
    let jwk: Value = serde_json::from_str(&key.envelope_key.public_jwk().to_json())?;
    let task = json!({
        "jwk": jwk, "kid": key.envelope_key.kid(), "ticket": ticket,
        "bind": job::binding_json(&binding), "credential": job::credential_json(),
    });
    let page = browser.page().await?;
    page.open(&format!("{}/#{contender}", gateway.serving.origin))
        .await?;
    let script = "return await measure(...given);";
    let measured: Measured = page
        .run(script, &[task, json!(warm), json!(BATCH_MILLISECONDS)])
        .await
        .with_context(|| contender.to_owned())?;
    page.close().await?;

    let envelope = Envelope::parse(measured.envelope.as_bytes())
        .map_err(|error| anyhow!("{contender}: {}", error.reason()))?;
    let opened = open(&envelope, &key.envelope_key, &binding)
        .map_err(|error| anyhow!("{contender}: {}", error.reason()))?;
    ensure!(
        opened.credential.kind == job::KIND,
        "{contender} sealed something else"
    );
    Ok(measured)
}

fn rows_of(run: &Run, bits: usize, times: &BTreeMap<(usize, &str), Times>) -> Result<Vec<Row>> {
    let sample = |contender: &str, of: fn(&Times) -> &Vec<f64>| {
        let times = times
            .get(&(bits, contender))
            .context("a contender was not measured")?;
        Sample::new(of(times).iter().copied()).context("no measurements")
    };
    let names = [
        String::new(),
        run.msrcrypto_name(),
        "node-forge 1.4.3".into(),
        "WebCrypto".into(),
    ];
    let row = |subject: &str, of: fn(&Times) -> &Vec<f64>| -> Result<(Row, f64, f64)> {
        let ours = sample("ours", of)?;
        let msrcrypto = sample("msrcrypto", of)?;
        let mut row = Row::new(format!("{subject}, RSA-{bits}"), ours.in_milliseconds());
        for (contender, name) in CONTENDERS.into_iter().zip(&names).skip(1) {
            row = row.beside(name, sample(contender, of)?.in_milliseconds());
        }
        let faster = msrcrypto.median() / ours.median();
        Ok((
            row.ratio(format!("{} times faster than msrcrypto", figure(faster))),
            ours.median(),
            faster,
        ))
    };
    let (warm, warm_median, warm_faster) = row("seal, warm", |times| &times.warm)?;
    let (first, first_median, first_faster) = row("seal, first", |times| &times.first)?;
    let (key, key_median, _) = row("take the key in", |times| &times.key)?;
    if bits != 3072 {
        return Ok(vec![warm, first, key]);
    }
    Ok(vec![
        warm.goal(
            "≤ 1 ms and ≥ 20 times faster",
            warm_median <= 1.0 && warm_faster >= 20.0,
        ),
        first.goal(
            "≤ 15 ms and ≥ 4 times faster",
            first_median <= 15.0 && first_faster >= 4.0,
        ),
        key.goal("≤ 10 ms", key_median <= 10.0),
    ])
}
