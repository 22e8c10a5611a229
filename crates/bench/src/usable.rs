//! From navigation to a form that can be used.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::chromium::{Chromium, Page};
use crate::job::KIND;
use crate::page_folders;
use crate::run::Run;
use crate::sample::{Sample, figure};
use crate::table::{Row, Section};
use load::Gateway;

/// One load: milliseconds after navigation start.
struct Load {
    usable: f64,
    ready: f64,
}

#[derive(Deserialize)]
struct Mark {
    /// Milliseconds after navigation start.
    at: f64,
    form: Option<Form>,
}

#[derive(Deserialize)]
struct Form {
    there: bool,
    focus: bool,
}

pub(crate) async fn measure(run: &Run) -> Result<Section> {
    let comparison = page_folders::comparison(
        &run.scratch.join("comparison"),
        &run.packages.msrcrypto,
        &run.page,
    )?;
    let ours = Gateway::start(&run.gateway, &run.page, &run.issuer)?;
    let theirs = Gateway::start(&run.gateway, &comparison, &run.issuer)?;
    let browser = Chromium::start(&[
        ours.installation.spki.clone(),
        theirs.installation.spki.clone(),
    ])
    .await?;
    let (mut our_loads, mut their_loads) = (Vec::new(), Vec::new());
    // One unmeasured load of each: the browser's own processes start, the gateways' first handshakes are over.
    once(run, &browser, &ours).await?;
    once(run, &browser, &theirs).await?;
    for load in 0..run.options.loads {
        // A/B, then B/A: neither page always follows the other.
        if load % 2 == 0 {
            our_loads.push(once(run, &browser, &ours).await?);
            their_loads.push(once(run, &browser, &theirs).await?);
        } else {
            their_loads.push(once(run, &browser, &theirs).await?);
            our_loads.push(once(run, &browser, &ours).await?);
        }
    }
    let mut accepted = Vec::new();
    for _ in 0..run.options.loads {
        accepted.push(until_accepted(run, &browser, &ours).await?);
    }
    browser.quit().await?;

    let row = |what: &str, time: fn(&Load) -> f64| -> Result<(Row, f64)> {
        let sample = |loads: &[Load]| Sample::new(loads.iter().map(time));
        let ours = sample(&our_loads).context("no loads")?;
        let theirs = sample(&their_loads).context("no loads")?;
        let ratio = ours.median() / theirs.median();
        let row = Row::new(what, ours.in_milliseconds())
            .beside(
                format!("plain JavaScript with {}", run.msrcrypto_name()),
                theirs.in_milliseconds(),
            )
            .ratio(format!("{} times", figure(ratio)));
        Ok((row, ratio))
    };
    let (usable, ratio) = row("navigation to usable form", |load| load.usable)?;
    let (ready, _) = row("navigation to all fields and Save", |load| load.ready)?;
    let key = Sample::new(accepted).context("no loads")?;
    let key = Row::new("key document to accepted key", key.in_milliseconds());
    Ok(Section {
        title: "Time to a usable form".into(),
        method: format!(
            "{} loads of each page in turn, each in a new browser context (no cache, no open connection), Chromium, real gateways over TLS. \
             Both pages have the same ticket, kind, fields and style sheet, both are served precompressed by the same gateway program. \
             Usable is the performance mark `cs-usable`: at its moment the form's first enabled control had to be there, visible and to \
             take focus. Our form can be filled in from then on except for who signs in and with which secret: these fields and Save wait for \
             the program, mark `cs-ready` (the other page has both at once). Nobody waits for the last row: it runs from the arrival of \
             the key document to the mark `cs-key` and holds the key policy, Fermat's test of the modulus in slices between which the person may type, \
             the signature of the gateway's statement, and the known-answer test. Medians, quartiles in brackets.",
            our_loads.len()
        ),
        rows: vec![usable.goal("≤ 1.0 times", ratio <= 1.0), ready, key],
        detail: String::new(),
    })
}

async fn open<'b>(run: &Run, browser: &'b Chromium, gateway: &Gateway) -> Result<Page<'b>> {
    let (_, kid) = gateway.keys().await?;
    let (ticket, _) = run
        .issuer
        .ticket(&gateway.installation.id, &kid, "usable", KIND)?;
    let page = browser.page().await?;
    page.open(&format!("{}/#ticket={ticket}", gateway.serving.origin))
        .await?;
    Ok(page)
}

async fn once(run: &Run, browser: &Chromium, gateway: &Gateway) -> Result<Load> {
    let page = open(run, browser, gateway).await?;
    let usable: Mark = page
        .run("return await __bench.marked('cs-usable');", &[])
        .await?;
    let ready: Mark = page
        .run("return await __bench.marked('cs-ready');", &[])
        .await?;
    page.close().await?;
    match usable.form {
        Some(Form {
            there: true,
            focus: true,
        }) => Ok(Load {
            usable: usable.at,
            ready: ready.at,
        }),
        Some(Form { there: false, .. }) | None => {
            bail!("the page said that it was usable before its form was there")
        }
        Some(Form { focus: false, .. }) => {
            bail!("the page said that it was usable but its form took no focus")
        }
    }
}

/// From the arrival of the key document to the accepted key, in milliseconds.
async fn until_accepted(run: &Run, browser: &Chromium, gateway: &Gateway) -> Result<f64> {
    const SCRIPT: &str = "const { at } = await __bench.marked('cs-key'); \
        const [arrived] = performance.getEntriesByName(`${location.origin}/v1/keys`); \
        return at - arrived.responseEnd;";
    let page = open(run, browser, gateway).await?;
    let time = page.run(SCRIPT, &[]).await?;
    page.close().await?;
    Ok(time)
}
