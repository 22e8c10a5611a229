//! Sybase.

use super::relational::{AUTH_TYPES, TARGET};
use crate::Kind;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesSybase",
    aliases: &["OnPremisesSybaseLinkedService"],
    name: "Sybase",
    target: TARGET,
    auth_types: AUTH_TYPES,
};
