//! `delete`: removes a stored credential, by the owner on the gateway's machine.

use clap::Args;
use envelope::{DataFactoryName, LinkedServiceName};
use serde::Serialize;

use super::linked_service::StoredLinkedService;
use super::{Opened, operator, output};
use crate::clock;

#[derive(Args)]
pub(super) struct Delete {
    #[command(flatten)]
    which: StoredLinkedService,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Deleted<'a> {
    df: &'a DataFactoryName,
    ls: &'a LinkedServiceName,
    version: u64,
}

impl Delete {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let (df, ls) = self.which.find(&gateway.custody).await?;
        let deleted = gateway
            .custody
            .delete_as_owner(&df, &ls, &operator::name(), clock::now())
            .await?;
        gateway.custody.shutdown().await;
        if self.json {
            let (df, ls) = (&df, &ls);
            return output::json(&Deleted {
                df,
                ls,
                version: deleted.version,
            });
        }
        output::line(format_args!(
            "deleted version {} of {ls} in {df}",
            deleted.version
        ))?;
        Ok(())
    }
}
