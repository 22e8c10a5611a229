//! The kinds, one file each. A kind is data: the README says how to add one.

mod http;
mod mysql;
mod oracle;
mod postgresql;
mod sftp;
mod sql_server;

use crate::Kind;

/// Every kind that can be offered, in the order in which a form lists them.
pub fn catalogue() -> &'static [Kind] {
    const KINDS: &[Kind] = &[
        sql_server::KIND,
        oracle::KIND,
        postgresql::KIND,
        mysql::KIND,
        sftp::KIND,
        http::KIND,
    ];
    KINDS
}

/// The kind that a `type` names, in any letter case or documented spelling. What is written is always [`Kind::id`].
pub fn kind(json_type: &str) -> Option<&'static Kind> {
    catalogue().iter().find(|kind| {
        kind.id.eq_ignore_ascii_case(json_type)
            || kind
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(json_type))
    })
}
