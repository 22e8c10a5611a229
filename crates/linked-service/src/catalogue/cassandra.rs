//! Cassandra: several hosts of one cluster.

use super::address::{HOST, port};
use super::sign_in::{PASSWORD, USERNAME, anonymous, basic};
use crate::{Field, Grammar, Kind};

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
    label: "Hosts",
    hint: "One or more, with commas between them: cas01.corp.example,cas02.corp.example",
    grammar: Grammar::HostList,
    max_chars: 2048,
    ..HOST
};

const PORT: Field = port("9042");
