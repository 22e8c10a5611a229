//! One bit of a script or of the program changed, anywhere, again and again: the page never starts.
//!
//! So that the gateway need not be started a thousand times, each change has a document of its own, under a language's name that
//! nobody uses: the genuine document with the genuine hashes, which asks for the changed file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64ct::{Base64, Encoding as _};
use proptest::prelude::Rng as _;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::harness::{
    Browser, Engine, GatewayPage, Stage, StageOptions, TestTicket, eventually, in_each_engine,
    page_folder, scanner,
};

in_each_engine!(no_changed_bit_is_run);

/// What is changed.
const PARTS: [&str; 3] = ["wasm", "boot", "frame"];

/// A gateway keeps at most 64 MiB of files.
const AT_ONCE: usize = 125;

/// How many changes are tried. `E2E_FLIPS` says how many in each engine: a thousand take minutes.
fn flips(engine: Engine) -> Result<usize> {
    let usual = match engine {
        Engine::Chromium => 60,
        Engine::Firefox | Engine::WebKit => 10,
    };
    Ok(std::env::var("E2E_FLIPS").map_or(Ok(usual), |flips| flips.parse())?)
}

/// What a page has come to; nothing as long as that is open. Each script shows that it is run before the document is complete: boot.js
/// puts the form of the ticket's kind into the page, frame.js says that it is in no frame.
const OUTCOME: &str = "
    if (document.readyState !== 'complete') return null;
    if (!document.getElementById('not-loaded').hidden) return 'told';
    const unframed = document.getElementById('unframed');
    const is_run = performance.getEntriesByName('cs-usable').length > 0 || (unframed !== null && !unframed.hidden);
    if (arguments[0] !== 'wasm') return is_run ? 'started' : 'silent';
    return document.querySelector('form [type=submit]:enabled') ? 'started' : null;";

/// The kind of the ticket.
const KIND: &str = "Http";

async fn no_changed_bit_is_run(engine: Engine) -> Result<()> {
    let mut random = TestRunner::default();
    let mut left = flips(engine)?;
    while left > 0 {
        let now = left.min(AT_ONCE);
        left -= now;
        let page = FlippedPage::new(now, &mut || random.rng().next_u64())?;
        let stage = Stage::with(StageOptions {
            engine,
            page: Some(page.folder.path().to_owned()),
            ..StageOptions::default()
        })
        .await?;
        let link = TestTicket::new(&stage.gateway, "sales", Some(KIND))?
            .link(&stage.gateway, &stage.portal)?;
        let frame = format!("{}/embed/frame", stage.gateway.origin());
        let address = |part, language: &str| match part {
            "frame" => format!("{frame}?lang={language}"),
            _ => link.replacen("#", &format!("?lang={language}#"), 1),
        };
        for part in PARTS {
            let outcome = outcome(&stage.browser, &address(part, "en"), part).await?;
            ensure!(
                outcome == "started",
                "nothing is changed, and the {part} has {outcome}"
            );
        }
        for flip in &page.flips {
            let address = address(flip.part, &flip.language);
            let outcome = outcome(&stage.browser, &address, flip.part).await?;
            ensure!(
                outcome
                    == if flip.part == "wasm" {
                        "told"
                    } else {
                        "silent"
                    },
                "bit {} of byte {} of the {} was changed, and the page has {outcome}",
                flip.bit,
                flip.byte,
                flip.part
            );
        }
    }
    Ok(())
}

async fn outcome(browser: &Browser, link: &str, part: &str) -> Result<String> {
    GatewayPage::follow(browser, link).await?;
    eventually("whether the page starts", async || {
        let outcome = browser.run(OUTCOME, vec![Value::from(part)]).await?;
        Ok(outcome.as_str().map(str::to_owned))
    })
    .await
}

/// A changed bit, and the language of the document that asks for it.
struct Flip {
    language: String,
    part: &'static str,
    byte: usize,
    bit: u32,
}

/// The built page, and beside it the changed files with their documents.
struct FlippedPage {
    folder: TempDir,
    flips: Vec<Flip>,
}

impl FlippedPage {
    /// As many changes in the program as in the script of each document.
    fn new(count: usize, random: &mut dyn FnMut() -> u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        for file in scanner::files(&page_folder()?)? {
            let copy = folder.path().join(file.strip_prefix(page_folder()?)?);
            fs::create_dir_all(copy.parent().unwrap_or(Path::new("/")))?;
            fs::copy(&file, copy)?;
        }
        let mut page = Self {
            folder,
            flips: Vec::new(),
        };
        let genuine = Genuine::read(&page_folder()?)?;
        let mut tried = BTreeSet::new();
        while page.flips.len() < count {
            let part = PARTS[page.flips.len() % PARTS.len()];
            let place = random();
            if tried.insert((part, place)) {
                page.add(&genuine, part, place)?;
            }
        }
        Ok(page)
    }

    fn add(&mut self, genuine: &Genuine, part: &'static str, place: u64) -> Result<()> {
        let (url, content) = match part {
            "wasm" => (&genuine.wasm_url, &genuine.wasm),
            "frame" => (&genuine.frame_url, &genuine.frame),
            _ => (&genuine.boot_url, &genuine.boot),
        };
        let mut changed = content.clone();
        let bits = u64::try_from(changed.len())? * 8;
        let byte = usize::try_from(place % bits / 8)?;
        let bit = u32::try_from(place % 8)?;
        changed[byte] ^= 1 << bit;

        let number = self.flips.len();
        let ending = if part == "wasm" { "wasm" } else { "js" };
        let changed_url = format!("/static/changed-{number}.{ending}");
        self.write(&changed_url, &changed)?;
        let (page, document) = match part {
            "frame" => ("frame", &genuine.frame_document),
            _ => ("index", &genuine.document),
        };
        let mut document = document.replace(url.as_str(), &changed_url);
        if part == "wasm" {
            // The script names the program: it asks for the changed one by the genuine hash.
            let boot = String::from_utf8(genuine.boot.clone())?.replace(url.as_str(), &changed_url);
            let boot_url = format!("/static/boot-{number}.js");
            self.write(&boot_url, boot.as_bytes())?;
            document = document
                .replace(&genuine.boot_url, &boot_url)
                .replace(&integrity(&genuine.boot), &integrity(boot.as_bytes()));
        }
        let language = language(number);
        // What languages there are the gateway sees by these documents.
        self.write(
            &format!("/index.{language}.html"),
            genuine.document.as_bytes(),
        )?;
        self.write(&format!("/{page}.{language}.html"), document.as_bytes())?;
        self.flips.push(Flip {
            language,
            part,
            byte,
            bit,
        });
        Ok(())
    }

    fn write(&self, url: &str, content: &[u8]) -> Result<()> {
        Ok(fs::write(self.folder.path().join(&url[1..]), content)?)
    }
}

/// What the built page has.
struct Genuine {
    document: String,
    boot_url: String,
    boot: Vec<u8>,
    wasm_url: String,
    wasm: Vec<u8>,
    frame_document: String,
    frame_url: String,
    frame: Vec<u8>,
}

impl Genuine {
    fn read(folder: &Path) -> Result<Self> {
        let document = fs::read_to_string(folder.join("index.html"))?;
        let frame_document = fs::read_to_string(folder.join("frame.html"))?;
        let url = |document: &str, begin: &str, end: &str| {
            let before = format!("\"/static/{begin}-");
            let after = document.split(before.as_str()).skip(1);
            let mut names = after.filter_map(|rest| rest.split('"').next());
            let name = names.find(|name| name.ends_with(end));
            Ok::<_, anyhow::Error>(format!("/static/{begin}-{}", name.context("no such file")?))
        };
        let content = |url: &str| fs::read(folder.join(&url[1..]));
        let boot_url = url(&document, "boot", ".js")?;
        let wasm_url = url(&document, "credential_setter", ".wasm")?;
        let frame_url = url(&frame_document, "frame", ".js")?;
        Ok(Self {
            boot: content(&boot_url)?,
            wasm: content(&wasm_url)?,
            frame: content(&frame_url)?,
            frame_document,
            frame_url,
            document,
            boot_url,
            wasm_url,
        })
    }
}

fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(content)))
}

/// A language of three letters that is none, for each number.
fn language(number: usize) -> String {
    let letter = |place: usize| char::from(b'a' + u8::try_from(place % 26).unwrap_or_default());
    ['q', letter(number / 26), letter(number)].iter().collect()
}
