//! `audit accept`: what is not as it was written is known from now on.

use std::path::PathBuf;

use clap::Args;

use super::super::failure::{AlreadyTold, Cause, Failure};
use super::super::{Opened, operator, output};
use super::Verify;
use crate::audit::verify::{Finding, Report};
use crate::clock;

#[derive(Args)]
pub(in crate::cli) struct Accept {
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
    /// Print the report afterwards as JSON.
    #[arg(long)]
    json: bool,
}

impl Accept {
    pub(super) async fn run(self, data_folder: PathBuf) -> anyhow::Result<()> {
        let gateway = Opened::as_owner(data_folder.clone()).await?;
        let found = Verify::default().report(data_folder.clone()).await?;
        if !found.whole {
            if found.more_findings > 0 {
                let sentence = "there are more findings than can be accepted; put the folder back from the backup, or keep these files elsewhere and begin with others";
                return Err(Failure::new(Cause::Refused, sentence).into());
            }
            if !self.yes {
                let question = format!(
                    "{found}\nNothing is mended by this. Keep a copy of these files as evidence.\nAccept what is found? Type yes: "
                );
                let otherwise =
                    "findings are accepted only with --yes, or with an answer at a terminal";
                operator::confirmed(&question, otherwise)?;
            }
            let accepted = found.findings.iter().map(Finding::accepted).collect();
            let who = operator::name();
            let custody = &gateway.custody;
            custody.accept_audit(accepted, &who, clock::now()).await?;
        }
        gateway.custody.shutdown().await;
        self.tell(&Verify::default().report(data_folder).await?)
    }

    fn tell(&self, report: &Report) -> anyhow::Result<()> {
        if self.json {
            output::json(report)?;
        } else {
            output::line(report)?;
        }
        if report.whole {
            return Ok(());
        }
        let sentence = "the audit trail is not as it was written, and not all of it can be accepted; if it cannot be mended, move the audit*.jsonl files to a safe place and run `audit accept` again: a new trail begins";
        Err(AlreadyTold::new(Cause::Damaged, sentence).into())
    }
}
