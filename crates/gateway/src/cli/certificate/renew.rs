//! `certificate renew`: a new leaf, or authority and leaf.

use clap::Args;

use super::{InPlace, put};
use crate::certificate::renewal;
use crate::certificate::source::{Files, Source};
use crate::cli::failure::{Cause, Failure};
use crate::cli::{Opened, output};
use crate::clock;
use crate::data_folder;

#[derive(Args)]
pub(in crate::cli) struct Renew {
    /// Make a new authority as well, which has to be trusted anew. Needed when names were added to gateway.toml.
    #[arg(long)]
    new_authority: bool,
    /// Also when a certificate of your own is in place; that one is removed.
    #[arg(long)]
    instead_of_own: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Renew {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let source = Source::of(&gateway.folder, &gateway.config);
        let refused = match &source {
            Source::Named(_) => Some(
                "gateway.toml names a certificate of your own ([tls]), nothing was changed; take those lines out, then repeat this and restart the gateway",
            ),
            Source::Own(_) if !self.instead_of_own => Some(
                "a certificate of your own is in place, nothing was changed; with --instead-of-own it is removed and one of this gateway's own shown instead",
            ),
            Source::Own(_) | Source::Made(_) => None,
        };
        if let Some(sentence) = refused {
            return Err(Failure::new(Cause::Refused, sentence).into());
        }
        let make = if self.new_authority {
            renewal::prepare_all
        } else {
            renewal::prepare
        };
        let prepared = make(&gateway.folder, &gateway.config, clock::now())?;
        let made = prepared.certificate().clone();
        let write = || -> anyhow::Result<()> {
            prepared.put()?;
            if let Source::Own(file) = &source {
                data_folder::remove(file)?;
            }
            Ok(())
        };
        put(&gateway, &made, write).await?;
        gateway.custody.shutdown().await;

        let authority = self.new_authority.then(|| {
            format!(
                "the authority is a new one, {}: have it trusted (`credential-gateway certificate trust`) before people come",
                Files::in_folder(&gateway.folder).ca_certificate.display()
            )
        });
        let in_place = InPlace::of(&made, authority.into_iter().collect());
        if self.json {
            return output::json(&in_place);
        }
        Ok(in_place.print()?)
    }
}
