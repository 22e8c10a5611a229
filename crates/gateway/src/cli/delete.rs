//! `delete`: removes a stored credential, by the owner on the gateway's machine.

use clap::Args;

use super::linked_service::StoredLinkedService;
use super::{Opened, operator, output};
use crate::clock;

#[derive(Args)]
pub(super) struct Delete {
    #[command(flatten)]
    which: StoredLinkedService,
}

impl Delete {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        operator::must_own(&gateway.folder)?;
        let (df, ls) = self.which.find(&gateway.custody).await?;
        let deleted = gateway
            .custody
            .delete_as_owner(&df, &ls, &operator::name(), clock::now())
            .await?;
        gateway.custody.shutdown().await;
        output::line(format_args!(
            "deleted version {} of {ls} in {df}",
            deleted.version
        ))?;
        Ok(())
    }
}
