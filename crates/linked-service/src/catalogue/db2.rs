//! DB2.

use super::relational::{AUTH_TYPES, TARGET};
use crate::Kind;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesDb2",
    aliases: &["OnPremisesDB2LinkedService"],
    name: "DB2",
    target: TARGET,
    auth_types: AUTH_TYPES,
};
