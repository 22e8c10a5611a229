//! From navigation to a form that can be used.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::chromium::Chromium;
use crate::gateway::Gateway;
use crate::job::KIND;
use crate::page_folders;
use crate::run::Run;
use crate::sample::{Sample, figure};
use crate::table::{Row, Section};

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
    let browser = Chromium::start(&[ours.spki.clone(), theirs.spki.clone()]).await?;
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    // One unmeasured load of each: the browser's own processes start, the gateways' first handshakes are over.
    once(run, &browser, &ours).await?;
    once(run, &browser, &theirs).await?;
    for load in 0..run.options.loads {
        // A/B, then B/A: neither page always follows the other.
        if load % 2 == 0 {
            our_times.push(once(run, &browser, &ours).await?);
            their_times.push(once(run, &browser, &theirs).await?);
        } else {
            their_times.push(once(run, &browser, &theirs).await?);
            our_times.push(once(run, &browser, &ours).await?);
        }
    }
    browser.quit().await?;

    let our_sample = Sample::new(our_times).context("no loads")?;
    let their_sample = Sample::new(their_times).context("no loads")?;
    let ratio = our_sample.median() / their_sample.median();
    let row = Row::new("navigation to usable form", our_sample.in_milliseconds())
        .beside(
            format!("plain JavaScript with {}", run.msrcrypto_name()),
            their_sample.in_milliseconds(),
        )
        .ratio(format!("{} times", figure(ratio)))
        .goal("≤ 1.0 times", ratio <= 1.0);
    Ok(Section {
        title: "Time to a usable form".into(),
        method: format!(
            "{} loads of each page in turn, each in a new browser context (no cache, no open connection), Chromium, real gateways over TLS. \
             Both pages have the same ticket, kind, fields and style sheet, both are served precompressed by the same gateway program. \
             The time is that of the performance mark `cs-usable`; at the moment of the mark the form's first control had to be there, \
             visible and to take focus. Medians, quartiles in brackets.",
            our_sample.count()
        ),
        rows: vec![row],
        detail: String::new(),
    })
}

async fn once(run: &Run, browser: &Chromium, gateway: &Gateway) -> Result<f64> {
    let (_, kid) = gateway.keys().await?;
    let (ticket, _) = run.issuer.ticket(&gateway.id, &kid, "usable", KIND)?;
    let page = browser.page().await?;
    page.open(&format!("{}/#ticket={ticket}", gateway.origin))
        .await?;
    let mark: Mark = page
        .run("return await __bench.marked('cs-usable');", &[])
        .await?;
    page.close().await?;
    match mark.form {
        Some(Form {
            there: true,
            focus: true,
        }) => Ok(mark.at),
        Some(Form { there: false, .. }) | None => {
            bail!("the page said that it was usable before its form was there")
        }
        Some(Form { focus: false, .. }) => {
            bail!("the page said that it was usable but its form took no focus")
        }
    }
}
