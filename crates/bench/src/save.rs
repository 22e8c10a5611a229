//! From the click on Save to the request leaving.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::chromium::{Chromium, Page};
use crate::job::{KIND, SECRET, SECRET_FIELD, TYPED};
use crate::page_folders;
use crate::run::Run;
use crate::sample::{Sample, figure};
use crate::table::{Row, Section};
use load::{Gateway, Installation};

#[derive(Deserialize)]
struct Saved {
    /// When the click was dispatched.
    click: f64,
    /// The page's own mark.
    mark: f64,
    /// When the PUT was handed to the network.
    request: f64,
    /// Its status.
    status: u16,
}

/// Times of one save, in milliseconds.
struct Times {
    from_mark: f64,
    from_click: f64,
}

pub(crate) async fn measure(run: &Run) -> Result<Section> {
    let comparison = page_folders::comparison(
        &run.scratch.join("comparison"),
        &run.packages.msrcrypto,
        &run.page,
    )?;
    let ours = without_tests(run, &run.page)?;
    let theirs = without_tests(run, &comparison)?;
    let browser = Chromium::start(&[
        ours.installation.spki.clone(),
        theirs.installation.spki.clone(),
    ])
    .await?;
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for load in 0..run.options.loads {
        if load % 2 == 0 {
            our_times.push(once(run, &browser, &ours, load).await?);
            their_times.push(once(run, &browser, &theirs, load).await?);
        } else {
            their_times.push(once(run, &browser, &theirs, load).await?);
            our_times.push(once(run, &browser, &ours, load).await?);
        }
    }
    browser.quit().await?;

    let median = |times: &[Times], of: fn(&Times) -> f64| {
        Sample::new(times.iter().map(of)).context("no saves")
    };
    let mark = |times: &[Times]| median(times, |times| times.from_mark);
    let click = |times: &[Times]| median(times, |times| times.from_click);
    let (our_mark, their_mark) = (mark(&our_times)?, mark(&their_times)?);
    let (our_click, their_click) = (click(&our_times)?, click(&their_times)?);
    let library = run.msrcrypto_name();
    let ratio = our_mark.median() / their_mark.median();
    let clicked = our_click.median() / their_click.median();
    Ok(Section {
        title: "From Save to the request".into(),
        method: format!(
            "{} page loads of each page in turn, one save each, so that every save is the first of its page. The form is filled by real key \
             events; the time runs from the mark `cs-save`, which the page sets in its handler, to the `requestStart` of the PUT (Resource \
             Timing). The gateway answered every one with 201 or 200. RSA-3072.",
            our_mark.count()
        ),
        rows: vec![
            Row::new("mark on Save to request", our_mark.in_milliseconds())
                .beside(
                    format!("plain JavaScript with {library}"),
                    their_mark.in_milliseconds(),
                )
                .ratio(format!("{} times", figure(ratio)))
                .goal("≤ 0.25 times", ratio <= 0.25),
            Row::new(
                "dispatch of the click to request",
                our_click.in_milliseconds(),
            )
            .beside(
                format!("plain JavaScript with {library}"),
                their_click.in_milliseconds(),
            )
            .ratio(format!("{} times", figure(clicked))),
        ],
        detail: String::new(),
    })
}

/// The page would have each credential tried before it saves it; the other page does not know that.
fn without_tests(run: &Run, page: &Path) -> Result<Gateway> {
    let page = page.to_str().context("a path that is not UTF-8")?;
    let folder = tempfile::tempdir()?;
    let installation = Installation::make(&run.gateway, folder, &run.issuer, &["--page", page])?;
    installation.reconfigure("[test]\n", "[test]\nsave = \"off\"\n")?;
    let serving = installation.serve()?;
    Ok(Gateway {
        installation,
        serving,
    })
}

const SAVED: &str = r#"
    const put = await new Promise((resolve, reject) => {
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (entry.name.endsWith("/credential")) resolve(entry);
        }).observe({ type: "resource", buffered: true });
        setTimeout(() => reject(new Error(`no request was sent; the page shows: ${document.body.innerText}`)), 20_000);
    });
    return { click: __bench.clicks.at(-1), mark: __bench.marks["cs-save"].at,
             request: put.requestStart || put.fetchStart, status: put.responseStatus };
"#;

async fn once(run: &Run, browser: &Chromium, gateway: &Gateway, load: usize) -> Result<Times> {
    let (_, kid) = gateway.keys().await?;
    // One of its own: the form of a credential that is stored already keeps its secret.
    let linked_service = format!("save-{load}");
    let (ticket, _) = run
        .issuer
        .ticket(&gateway.installation.id, &kid, &linked_service, KIND)?;
    let page = browser.page().await?;
    page.open(&format!("{}/#ticket={ticket}", gateway.serving.origin))
        .await?;
    page.run::<serde_json::Value>("return await __bench.marked('cs-ready');", &[])
        .await?;
    fill(&page).await?;
    // A person has typed for longer than the key document takes; a save that had to wait for it would measure the network.
    page.run::<serde_json::Value>(
        "await new Promise((resolve) => setTimeout(resolve, given[0])); return null;",
        &[json!(200)],
    )
    .await?;
    page.click("form button[type=submit]").await?;
    let saved: Saved = page.run(SAVED, &[]).await?;
    page.close().await?;
    if !matches!(saved.status, 200 | 201) {
        bail!("the gateway answered the save with {}", saved.status);
    }
    if saved.mark < saved.click || saved.request < saved.mark {
        bail!(
            "a mark is out of order: click {}, mark {}, request {}",
            saved.click,
            saved.mark,
            saved.request
        );
    }
    Ok(Times {
        from_mark: saved.request - saved.mark,
        from_click: saved.request - saved.click,
    })
}

async fn fill(page: &Page<'_>) -> Result<()> {
    for (name, value) in TYPED.into_iter().chain([(SECRET_FIELD, SECRET)]) {
        page.click(&format!("form [name=\"{name}\"]")).await?;
        let focused: String = page.run("return document.activeElement.name;", &[]).await?;
        ensure!(
            focused == name,
            "a click on the field {name} did not give it the focus"
        );
        page.type_text(value).await?;
    }
    Ok(())
}
