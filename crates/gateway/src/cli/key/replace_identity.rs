//! `key replace-identity`: another identity key, to which the present one hands over.

use clap::Args;
use envelope::Kid;
use serde::Serialize;

use super::super::{Opened, operator, output};
use crate::clock;

#[derive(Args)]
pub(in crate::cli) struct ReplaceIdentity {
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Replaced<'a> {
    identity: &'a Kid,
    words: &'a str,
    identity_key: &'a str,
    former: &'a Kid,
}

impl ReplaceIdentity {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        if !self.yes {
            let question = format!(
                "People will read other words than {}, receipts will be signed with another key, and there is no way back.\nReplace the identity key? Type yes: ",
                gateway.custody.identity().words()
            );
            let otherwise =
                "the identity key is replaced only with --yes, or with an answer at a terminal";
            operator::confirmed(&question, otherwise)?;
        }
        let who = operator::name();
        let replaced = gateway.custody.replace_identity(&who, clock::now()).await?;
        gateway.custody.shutdown().await;
        let present = &replaced.present;
        let replaced = Replaced {
            identity: present.kid(),
            words: present.words(),
            identity_key: present.public_x(),
            former: &replaced.former,
        };
        if self.json {
            return output::json(&replaced);
        }
        output::line(format_args!("words                {}", replaced.words))?;
        output::line(format_args!("identity key         {}", replaced.identity))?;
        output::line(format_args!(
            "identity public key  {}",
            replaced.identity_key
        ))?;
        output::line(format_args!("former identity key  {}", replaced.former))?;
        Ok(output::line(
            "Make a backup now. Give the words and the public key to those who have the former ones.",
        )?)
    }
}
