//! `recovery-key`: what opens backups, made where it is kept.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output;
use crate::backup::age::recovery_key::RecoveryIdentity;
use crate::data_folder;

#[derive(Args)]
pub(super) struct RecoveryKey {
    /// Where the identity goes, which opens every backup that is made for it: keep it away from the gateway's machine.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Made {
    recipient: String,
}

impl RecoveryKey {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let identity = RecoveryIdentity::generate()?;
        data_folder::write_new(&self.out, identity.to_file()?.as_bytes())?;
        let recipient = identity.public().to_string();
        if self.json {
            return output::json(&Made { recipient });
        }
        Ok(output::line(recipient)?)
    }
}
