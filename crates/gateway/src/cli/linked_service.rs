//! Which linked service a command means.

use anyhow::{Context, bail};
use clap::Args;
use envelope::{DataFactoryName, LinkedServiceName};

use crate::custody::Custody;

/// A linked service that is stored already.
#[derive(Args)]
pub(super) struct StoredLinkedService {
    /// The linked service.
    #[arg(value_name = "LINKED_SERVICE", value_parser = LinkedServiceName::parse)]
    name: LinkedServiceName,
    /// Its data factory; needed only when several have a linked service of this name.
    #[arg(long, value_name = "NAME", value_parser = DataFactoryName::parse)]
    factory: Option<DataFactoryName>,
}

impl StoredLinkedService {
    /// Finds the data factory if it was not given.
    pub(super) async fn find(
        self,
        custody: &Custody,
    ) -> anyhow::Result<(DataFactoryName, LinkedServiceName)> {
        if let Some(factory) = self.factory {
            return Ok((factory, self.name));
        }
        let mut factories = custody.factories_with(&self.name).await?;
        match factories.len() {
            0 => bail!(
                "there is no credential for the linked service {:?}; `list` shows what there is",
                self.name.as_str()
            ),
            1 => Ok((factories.pop().context("one was there")?, self.name)),
            _ => {
                let names: Vec<_> = factories.iter().map(DataFactoryName::as_str).collect();
                bail!(
                    "several data factories have a linked service {:?}: choose one with --factory: {}",
                    self.name.as_str(),
                    names.join(", ")
                )
            }
        }
    }
}
