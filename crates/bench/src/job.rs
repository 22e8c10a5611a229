//! The credential that every contender seals: SQL Server with its own authentication, as the page's first kind.

use std::collections::BTreeMap;

use envelope::context::Binding;
use envelope::credential::{Credential, SecretChange};
use envelope::secret::Secret;
use serde_json::{Value, json};

/// The kind of data store.
pub(crate) const KIND: &str = "OnPremisesSqlServer";
/// The authentication type.
pub(crate) const AUTH: &str = "SQL";
/// What is typed into the form, by field name.
pub(crate) const TYPED: [(&str, &str); 3] = [
    ("Data Source", "sql01.corp.example,1433"),
    ("Initial Catalog", "Sales"),
    ("User ID", "etl_reader"),
];
/// What the form's switches say by themselves.
const SWITCHES: [(&str, &str); 2] = [("Encrypt", "true"), ("TrustServerCertificate", "false")];
/// The secret's field.
pub(crate) const SECRET_FIELD: &str = "password";
/// A benchmark's password: 32 characters of every sort.
pub(crate) const SECRET: &str = "k;J'8=\"{p}q Ünï%çødé→9-benchmark";

/// The credential as a value.
pub(crate) fn credential() -> Credential {
    Credential {
        kind: KIND.into(),
        auth: AUTH.into(),
        properties: TYPED
            .into_iter()
            .chain(SWITCHES)
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        secrets: BTreeMap::from([(
            SECRET_FIELD.into(),
            SecretChange::Replace(Secret::new(SECRET.into())),
        )]),
    }
}

/// The credential for the JavaScript contenders.
pub(crate) fn credential_json() -> Value {
    let properties: BTreeMap<_, _> = TYPED.into_iter().chain(SWITCHES).collect();
    json!({"kind": KIND, "auth": AUTH, "properties": properties, "secrets": {SECRET_FIELD: SECRET}})
}

/// The header's `bind`, as JSON.
pub(crate) fn binding_json(binding: &Binding) -> Value {
    let Binding {
        gw,
        df,
        ls,
        op,
        jti,
        iat,
        exp,
    } = binding;
    json!({"gw": gw, "df": df, "ls": ls, "op": op, "jti": jti, "iat": iat, "exp": exp})
}
