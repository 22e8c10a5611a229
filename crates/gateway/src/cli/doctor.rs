//! `doctor`: everything that a gateway needs, looked at one by one, and what helps where it is not so. Nothing is changed, and
//! nothing is opened for writing: what is there may be evidence.
//!
//! Modules in reading order: what is told; the folder; what is protected in it and how; what is kept; how the gateway is reached; the
//! machine.

mod finding;

mod files;
mod kept;
mod protection;

mod caller;
mod reached;
mod running;

mod machine;

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::failure::AlreadyTold;
use super::memory::Granted;
use super::output;
use crate::clock;
use crate::config::Config;
use crate::data_folder::DataFolder;
use finding::{Finding, Findings};

#[derive(Args)]
pub(super) struct Doctor {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Examined<'f> {
    checks: &'f [Finding],
    exit_code: u8,
}

impl Doctor {
    pub(super) async fn run(self, path: PathBuf, granted: Granted) -> anyhow::Result<()> {
        let mut findings = Findings::default();
        look(path, granted, &mut findings).await;
        let failure = findings.failure();
        if self.json {
            output::json(&Examined {
                checks: findings.list(),
                exit_code: failure.map_or(0, |(cause, _)| cause as u8),
            })?;
        } else {
            for finding in findings.list() {
                output::line(finding)?;
            }
        }
        match failure {
            None => Ok(()),
            Some((cause, failed)) => {
                let of = findings.list().len();
                let sentence = format!("{failed} of {of} checks failed");
                Err(AlreadyTold::new(cause, sentence).into())
            }
        }
    }
}

async fn look(path: PathBuf, granted: Granted, findings: &mut Findings) {
    let Some(folder) = findings.take("folder", DataFolder::open(path)) else {
        return;
    };
    findings.pass("folder", finding::shown(folder.path()));
    let config = findings.take("configuration", Config::load(&folder.configuration()));
    if config.is_some() {
        findings.pass("configuration", "gateway.toml has no mistakes");
    }
    files::look(&folder, config.as_ref(), findings);
    machine::look(&folder, granted, clock::now(), findings);
    let Some(config) = config else {
        findings.skip(
            "gateway",
            "nothing else can be looked at without a configuration",
        );
        return;
    };
    let mut opened = protection::open(&folder, &config, findings).await;
    kept::look(&folder, &config, opened.as_mut(), findings).await;
    reached::look(&folder, &config, findings).await;
    let identity = opened
        .as_ref()
        .and_then(|opened| opened.identities.as_ref());
    let identity = identity.map(|identities| &*identities.present);
    running::look(&folder, &config, identity, findings).await;
}
