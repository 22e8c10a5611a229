//! `node`: the gateways that share a store.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use envelope::Kid;
use serde::Serialize;

use super::{Opened, operator, output, settings_of};
use crate::backup::age::recovery_key::RecoveryKey;
use crate::clock;
use crate::custody::Custody;
use crate::custody::rotation::Former;
use crate::identity::Identity;
use crate::store::postgresql::NodeName;

#[derive(Subcommand)]
pub(super) enum Node {
    /// List the gateways that share the store.
    List(List),
    /// Let another gateway share the store, with the keyring and the identity key (owner of the data folder only; audited).
    Approve(Approve),
    /// Take this gateway's share, once another one has approved it.
    Join(Join),
    /// Begin a term of the keyring and an envelope key that one of the gateways does not get (owner of the data folder only; audited).
    Remove(Remove),
}

#[derive(Args)]
pub(super) struct List {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Approve {
    /// The new gateway's name, as its `init --join` said.
    #[arg(value_parser = |name: &str| NodeName::try_from(name.to_owned()))]
    name: NodeName,
    /// Its key, likewise: `age1…`.
    #[arg(value_parser = RecoveryKey::parse)]
    key: RecoveryKey,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Join {
    /// The thumbprint of the identity key, as `node approve` said on the other gateway.
    // One thumbprint of 64 begins with a hyphen.
    #[arg(long, value_name = "THUMBPRINT", value_parser = Kid::parse, allow_hyphen_values = true)]
    identity: Kid,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Remove {
    /// Its name.
    #[arg(value_parser = |name: &str| NodeName::try_from(name.to_owned()))]
    name: NodeName,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listed {
    name: String,
    key: String,
    since: String,
    /// Whether it was approved by one of them.
    approved: bool,
    /// The last term that it has written under.
    term: i64,
}

/// What was approved, or joined.
#[derive(Serialize)]
struct Identified<'a> {
    identity: &'a Kid,
    words: &'a str,
}

impl Identified<'_> {
    /// Says which identity key that is, and to people what comes next.
    fn tell(identity: &Identity, json: bool, next: &str) -> anyhow::Result<()> {
        let (identity, words) = (identity.kid(), identity.words());
        if json {
            return output::json(&Identified { identity, words });
        }
        output::line(format_args!("words     {words}"))?;
        Ok(output::line(next)?)
    }
}

#[derive(Serialize)]
struct Removed {
    active: String,
    former: String,
}

impl Node {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(Opened::all(path).await?).await,
            Self::Approve(approve) => approve.run(Opened::as_owner(path).await?).await,
            Self::Join(join) => join.run(path).await,
            Self::Remove(remove) => remove.run(Opened::as_owner(path).await?).await,
        }
    }
}

impl List {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let members = gateway.custody.members().await?;
        gateway.custody.shutdown().await;
        let listed = members.into_iter().map(|member| Listed {
            name: member.name,
            key: member.recipient,
            since: clock::rfc3339(member.since),
            approved: member.is_approved,
            term: member.caught_up,
        });
        let listed: Vec<_> = listed.collect();
        if self.json {
            return output::json(&listed);
        }
        for node in listed {
            let approved = if node.approved { "" } else { "  NOT APPROVED" };
            output::line(format_args!(
                "{:20} since {}  term {}  {}{approved}",
                node.name, node.since, node.term, node.key
            ))?;
        }
        Ok(())
    }
}

impl Approve {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let who = operator::name();
        let approved = gateway
            .custody
            .approve(&self.name, &self.key, &who, clock::now());
        approved.await?;
        let identity = gateway.custody.identity();
        gateway.custody.shutdown().await;
        let next = format!(
            "On the new gateway's machine:\n  credential-gateway node join --identity {}",
            identity.kid()
        );
        Identified::tell(&identity, self.json, &next)
    }
}

impl Join {
    async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        operator::must_own(&crate::data_folder::DataFolder::open(path.clone())?)?;
        let opened = Opened::settings(path.clone())?;
        let settings = settings_of(&opened.config);
        Custody::join(&opened.folder, &settings, &self.identity).await?;
        let gateway = Opened::all(path.clone()).await?;
        let identity = gateway.custody.identity();
        gateway.custody.shutdown().await;
        let shown = path.display();
        let next = format!("Start it:  credential-gateway serve --data-folder {shown}");
        Identified::tell(&identity, self.json, &next)
    }
}

impl Remove {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let (who, now) = (operator::name(), clock::now());
        let custody = &gateway.custody;
        let terms = custody.remove_member(&self.name, &who, now).await?;
        // It has the private halves of those that are in use.
        let rotated = custody.rotate(Former::Ends, Some(&who), now).await;
        rotated.context("it is removed, but still has the envelope keys that are in use: run `key rotate --now`")?;
        custody.renew(now).await?;
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&Removed {
                active: terms.active.to_string(),
                former: terms.former.to_string(),
            });
        }
        output::line(format_args!("active    {}", terms.active))?;
        output::line(format_args!("former    {}", terms.former))?;
        Ok(output::line(
            "Change the role's password at the database, and for the gateways that stay. If it may be in somebody's hands, the identity key is in them, too: make a new gateway.",
        )?)
    }
}
