//! `key verify`: whether what is stored is what was written last.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::failure::{AlreadyTold, Cause};
use super::super::{Opened, operator, output};
use crate::clock;
use crate::custody::verification::Whole;

#[derive(Args)]
pub(in crate::cli) struct Verify {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
    /// Take the rows as a whole for right as they are, after you have looked at what is reported (owner of the data folder
    /// only; audited). Rows that are damaged by themselves stay so until they are set again or deleted; those under names that
    /// no gateway allows are removed.
    #[arg(long)]
    accept: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    sound: u64,
    whole: &'static str,
    /// Why it cannot be told whether rows were put back together with their seals.
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified: Option<&'a str>,
    damaged: Vec<Damaged<'a>>,
}

#[derive(Serialize)]
struct Damaged<'a> {
    df: &'a str,
    ls: &'a str,
    what: &'static str,
}

impl Verify {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        let gateway = match self.accept {
            true => Opened::as_owner(path).await?,
            false => Opened::all(path).await?,
        };
        if self.accept {
            let who = operator::name();
            gateway.custody.accept_store(&who, clock::now()).await?;
        }
        let report = gateway.custody.verify_store().await?;
        gateway.custody.shutdown().await;
        let damaged = report.damaged.iter().map(|entry| Damaged {
            df: &entry.df,
            ls: &entry.ls,
            what: entry.damage.code(),
        });
        let shown = Report {
            sound: report.sound,
            whole: report.whole.code(),
            unverified: report.unverified.as_deref(),
            damaged: damaged.collect(),
        };
        if self.json {
            output::json(&shown)?;
        } else {
            output::line(format_args!("sound    {}", shown.sound))?;
            output::line(format_args!("whole    {}", shown.whole))?;
            if let Some(reason) = shown.unverified {
                output::line(format_args!("cannot be verified: {reason}"))?;
            }
            for Damaged { df, ls, what } in &shown.damaged {
                // The names are as the store has them, and the store may be anybody's work.
                output::line(format_args!("damaged  {df:?} {ls:?}: {what}"))?;
            }
        }
        if report.is_sound() {
            return Ok(());
        }
        let is_found = report.whole != Whole::AsWritten || !report.damaged.is_empty();
        let sentence = if is_found {
            "what is stored is not what was written last"
        } else {
            "the audit trail does not tell everything that was stored"
        };
        Err(AlreadyTold::new(Cause::Damaged, sentence).into())
    }
}
