//! Which linked service a command means.

use anyhow::Context;
use clap::Args;
use envelope::{DataFactoryName, LinkedServiceName};

use super::failure::{Cause, Failure};
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
            0 => Err(none(&format!(
                "the linked service {:?}",
                self.name.as_str()
            ))),
            1 => Ok((factories.pop().context("one was there")?, self.name)),
            _ => {
                let names: Vec<_> = factories.iter().map(DataFactoryName::as_str).collect();
                let sentence = format!(
                    "several data factories have a linked service {:?}: choose one with --factory: {}",
                    self.name.as_str(),
                    names.join(", ")
                );
                Err(Failure::new(Cause::Usage, sentence).into())
            }
        }
    }
}

/// Nothing is stored for it.
pub(super) fn none(which: &str) -> anyhow::Error {
    let sentence = format!("there is no credential for {which}; `list` shows what there is");
    Failure::new(Cause::NotFound, sentence).into()
}
