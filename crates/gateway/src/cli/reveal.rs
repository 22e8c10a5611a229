//! `reveal`: a credential with its secrets, as the data-movement process needs it.

use std::collections::BTreeMap;

use clap::Args;
use envelope::{DataFactoryName, LinkedServiceName, Secret};
use serde::Serialize;
use zeroize::Zeroizing;

use super::failure::{Cause, Failure};
use super::linked_service::StoredLinkedService;
use super::{Opened, operator, output};
use crate::clock;
use crate::custody::reveal::RevealedCredential;

#[derive(Args)]
pub(super) struct Reveal {
    #[command(flatten)]
    which: StoredLinkedService,
    /// Print the bytes of this secret alone, without a newline.
    #[arg(long, value_name = "NAME", conflicts_with = "json")]
    secret: Option<String>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Revealed<'a> {
    df: &'a DataFactoryName,
    ls: &'a LinkedServiceName,
    version: u64,
    kind: &'a str,
    auth: &'a str,
    connection_string: &'a str,
    properties: &'a BTreeMap<String, String>,
    secrets: BTreeMap<&'a str, &'a str>,
}

impl Reveal {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let (df, ls) = self.which.find(&gateway.custody).await?;
        let revealed = gateway
            .custody
            .reveal(&df, &ls, &operator::name(), clock::now())
            .await?;
        gateway.custody.shutdown().await;
        match &self.secret {
            Some(name) => print_secret(&revealed, name),
            None if self.json => print_json(&revealed),
            None => {
                let connection_string = revealed.connection_string()?;
                output::bytes(connection_string.as_bytes())?;
                Ok(output::bytes(b"\n")?)
            }
        }
    }
}

fn print_secret(revealed: &RevealedCredential, name: &str) -> anyhow::Result<()> {
    let secret = revealed.secrets.get(name).ok_or_else(|| {
        let names: Vec<_> = revealed.secrets.keys().map(String::as_str).collect();
        let sentence = format!("there is no secret {name:?}; stored: {}", names.join(", "));
        Failure::new(Cause::NotFound, sentence)
    })?;
    // EXPOSE: the owner asked for this secret's bytes, and the audit has the line already.
    let text = secret.expose();
    Ok(output::bytes(text.as_bytes())?)
}

fn print_json(revealed: &RevealedCredential) -> anyhow::Result<()> {
    let connection_string = revealed.connection_string()?;
    let document = Revealed {
        df: &revealed.df,
        ls: &revealed.ls,
        version: revealed.version,
        kind: &revealed.kind,
        auth: &revealed.auth,
        connection_string: &connection_string,
        properties: &revealed.properties,
        secrets: revealed.secrets.iter().map(exposed).collect(),
    };
    let mut text = Zeroizing::new(serde_json::to_vec_pretty(&document)?);
    text.push(b'\n');
    Ok(output::bytes(&text)?)
}

fn exposed<'a>((name, secret): (&'a String, &'a Secret)) -> (&'a str, &'a str) {
    // EXPOSE: the owner asked for the whole credential, and the audit has the line already.
    let text = secret.expose();
    (name, text)
}
