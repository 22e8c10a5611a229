//! `key`: the envelope keys, and the keyring under which everything at rest is protected. A running gateway notices by itself.

mod replace_identity;
mod rewrap;
mod verify;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use envelope::Kid;
use serde::Serialize;

use super::failure::{Cause, Failure};
use super::{Opened, operator, output};
use crate::clock;
use crate::custody::census::Census;
use crate::custody::rotation::Former;
use crate::custody::terms::Progress;
use crate::data_folder::{DataFolder, ServeLock};

use replace_identity::ReplaceIdentity;
use rewrap::Rewrap;

/// How often it is looked how far a running gateway has come.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

#[derive(Subcommand)]
pub(super) enum Key {
    /// Replace the envelope key; forms that are open now can still be saved. With --store: replace the key that protects what
    /// is stored.
    Rotate(Rotate),
    /// List the envelope keys and the terms of the keyring with their states.
    List(List),
    /// Replace the identity key, whose words people read out; the former one hands over to it (owner of the data folder only;
    /// audited).
    ReplaceIdentity(ReplaceIdentity),
    /// Look whether what is stored is what was written last.
    Verify(verify::Verify),
    /// Wrap the keyring under another key-encryption key; the gateway must not be running.
    Rewrap(Rewrap),
}

#[derive(Args)]
pub(super) struct Rotate {
    /// Destroy every earlier key at once instead of letting it retire, because it may be known to somebody, or is lost.
    #[arg(long)]
    now: bool,
    /// Begin a new term of the keyring, and protect everything that is stored anew under it. A running gateway does it in the
    /// background; otherwise this command does it.
    #[arg(long, conflicts_with = "now")]
    store: bool,
    /// Wait until a running gateway is done with it.
    #[arg(long, requires = "store")]
    wait: bool,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Replaced<'a> {
    active: &'a Kid,
    former: &'a Kid,
    former_state: &'static str,
}

#[derive(Args)]
pub(super) struct List {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listed<'a> {
    kid: &'a Kid,
    state: &'static str,
    since: String,
    /// How many stored credentials came sealed for it.
    credentials: u64,
}

#[derive(Serialize)]
struct Keys<'a> {
    identity: &'a Kid,
    former_identities: Vec<FormerIdentity<'a>>,
    envelope_keys: Vec<Listed<'a>>,
    keyring: Keyring,
}

/// An identity key that handed over.
#[derive(Serialize)]
struct FormerIdentity<'a> {
    kid: &'a Kid,
    until: String,
}

/// The terms, and what is still protected under former ones.
#[derive(Serialize)]
struct Keyring {
    terms: Vec<ListedTerm>,
    rows_left: u64,
    files_left: usize,
}

#[derive(Serialize)]
struct ListedTerm {
    term: String,
    state: &'static str,
    since: String,
    /// How many stored credentials lie under it.
    credentials: u64,
}

impl Keyring {
    fn of(progress: &Progress, census: &Census) -> Self {
        let terms = progress.terms.iter().map(|row| ListedTerm {
            term: row.term.to_string(),
            state: row.state.as_str(),
            since: clock::rfc3339(row.since),
            credentials: census.under_term(row.term),
        });
        Self {
            terms: terms.collect(),
            rows_left: progress.rows_left,
            files_left: progress.files_left,
        }
    }
}

impl Key {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        match self {
            Self::Rotate(rotate) if rotate.store => {
                rotate.run_store(Opened::as_owner(path).await?).await
            }
            Self::Rotate(rotate) if rotate.now => {
                rotate.run(Opened::to_end_keys(path).await?).await
            }
            Self::Rotate(rotate) => rotate.run(Opened::as_owner(path).await?).await,
            Self::List(list) => list.run(Opened::all(path).await?).await,
            Self::ReplaceIdentity(replace) => replace.run(Opened::as_owner(path).await?).await,
            Self::Verify(verify) => verify.run(path).await,
            Self::Rewrap(rewrap) => rewrap.run(Opened::as_owner(path).await?).await,
        }
    }
}

impl Rotate {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let (former, fate) = if self.now {
            (Former::Ends, "gone")
        } else {
            (Former::Retires, "retiring")
        };
        let who = operator::name();
        let rotated = gateway
            .custody
            .rotate(former, Some(&who), clock::now())
            .await?;
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&Replaced {
                active: &rotated.active,
                former: &rotated.former,
                former_state: fate,
            });
        }
        output::line(format_args!("active    {}", rotated.active))?;
        Ok(output::line(format_args!("{fate:<8}  {}", rotated.former))?)
    }

    async fn run_store(self, gateway: Opened) -> anyhow::Result<()> {
        // Nobody serves as long as this is held.
        let alone = gateway.folder.lock_serving()?;
        let who = operator::name();
        let custody = &gateway.custody;
        if !custody.has_former_terms().await? {
            let begun = custody.rotate_terms(Some(&who), clock::now()).await?;
            if !self.json {
                output::line(format_args!("active    {}", begun.active))?;
                output::line(format_args!("former    {}", begun.former))?;
            }
        }
        let progress = if alone.is_some() {
            custody.renew(clock::now()).await?
        } else {
            let mut progress = custody.term_progress().await?;
            while self.wait && !progress.is_done() {
                tokio::time::sleep(LOOK_INTERVAL).await;
                progress = custody.term_progress().await?;
            }
            progress
        };
        let census = gateway.custody.census().await?;
        let waited_for = gateway.custody.waited_for().await?;
        gateway.custody.shutdown().await;
        let is_left = progress.rows_left > 0 || progress.files_left > 0;
        if alone.is_some() && is_left {
            return Err(Failure::new(Cause::Damaged, left(&progress)).into());
        }
        if self.json {
            return output::json(&Keyring::of(&progress, &census));
        }
        if progress.is_done() {
            output::line("everything that is stored is protected under the active term")?;
        } else if !waited_for.is_empty() {
            output::line(format_args!(
                "the former term stays until these gateways have taken the new one: {}; start them, or `node remove` them",
                waited_for.join(", ")
            ))?;
        } else if alone.is_none() {
            output::line(
                "the running gateway protects what is stored anew; `key list` shows how far it is",
            )?;
        }
        Ok(())
    }
}

impl List {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let keys = gateway.custody.keys();
        let progress = gateway.custody.term_progress().await?;
        let census = gateway.custody.census().await?;
        let identities = gateway.custody.identities().await?;
        gateway.custody.shutdown().await;
        let former = identities.former.iter().map(|former| FormerIdentity {
            kid: &former.kid,
            until: clock::rfc3339(former.until),
        });
        let listed = keys.rows().iter().map(|row| Listed {
            kid: &row.kid,
            state: row.state.as_str(),
            since: clock::rfc3339(row.since),
            credentials: census.sealed_for(&row.kid),
        });
        if self.json {
            return output::json(&Keys {
                identity: identities.present.kid(),
                former_identities: former.collect(),
                envelope_keys: listed.collect(),
                keyring: Keyring::of(&progress, &census),
            });
        }
        let line = |name: &str, state: &str, when: &str, count: u64| {
            output::line(format_args!(
                "{name:<43}  {state:<8}  {when}  {count} credentials"
            ))
        };
        for listed in listed {
            let since = format!("since {}", listed.since);
            line(
                listed.kid.as_str(),
                listed.state,
                &since,
                listed.credentials,
            )?;
        }
        for listed in Keyring::of(&progress, &census).terms {
            let since = format!("since {}", listed.since);
            line(&listed.term, listed.state, &since, listed.credentials)?;
        }
        output::line(format_args!("{}  identity", identities.present.kid()))?;
        for FormerIdentity { kid, until } in former {
            output::line(format_args!("{kid}  identity  until {until}"))?;
        }
        if !progress.is_done() {
            output::line(left(&progress))?;
        }
        Ok(())
    }
}

fn left(progress: &Progress) -> String {
    format!(
        "under former terms: {} rows, {} key files; a damaged row stays there until it is set again or deleted (`key verify`)",
        progress.rows_left, progress.files_left
    )
}

/// As [`DataFolder::lock_serving`], for what cannot be done while a gateway runs.
pub(super) fn must_not_be_served(folder: &DataFolder) -> anyhow::Result<ServeLock> {
    match folder.lock_serving()? {
        Some(lock) => Ok(lock),
        None => Err(Failure::new(
            Cause::Busy,
            "a gateway is running on this folder; stop it first",
        )
        .into()),
    }
}
