//! Where a credential may be tried, and what follows from it.

use std::num::NonZeroU16;

use probe::policy::{Otherwise, Policy, Rule};
use serde::Deserialize;

use crate::custody::tried::Saving;

/// `[test]` of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Test {
    /// Whether a credential is tried before it is stored.
    pub save: Saving,
    /// Each stored credential that can be tried is tried once in so many hours; none: only when somebody asks for it.
    pub every_hours: Option<NonZeroU16>,
    allow: Vec<Rule>,
    deny: Vec<Rule>,
    otherwise: Otherwise,
}

impl Test {
    /// Where a test may go.
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy {
            allow: self.allow.clone(),
            deny: self.deny.clone(),
            otherwise: self.otherwise,
        }
    }
}
