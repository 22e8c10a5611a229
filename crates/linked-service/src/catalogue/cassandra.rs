//! Cassandra: several hosts of one cluster.

use super::address::{HOST, port};
use super::sign_in::{PASSWORD, USERNAME, anonymous, basic};
use crate::{Field, Grammar, Kind};
use language::words;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesCassandra",
    aliases: &[],
    name: "Cassandra",
    target: "{host}:{port}",
    auth_types: &[
        basic(&[HOSTS, PORT, USERNAME, PASSWORD]),
        anonymous(&[HOSTS, PORT]),
    ],
};

const HOSTS: Field = Field {
    label: words("label-hosts"),
    hint: words("hint-cassandra-hosts"),
    grammar: Grammar::HostList,
    max_chars: 2048,
    ..HOST
};

const PORT: Field = port("9042");
