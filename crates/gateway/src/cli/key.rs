//! `key rotate` and `key list`: the envelope keys. A running gateway notices by itself.

use clap::{Args, Subcommand};
use envelope::Kid;
use serde::Serialize;

use super::{Opened, operator, output};
use crate::clock;
use crate::custody::rotation::Former;

#[derive(Subcommand)]
pub(super) enum Key {
    /// Replace the envelope key; forms that are open now can still be saved.
    Rotate(Rotate),
    /// List the envelope keys with their states.
    List(List),
}

#[derive(Args)]
pub(super) struct Rotate {
    /// Destroy every earlier key at once instead of letting it retire, because it may be known to somebody.
    #[arg(long)]
    now: bool,
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
}

impl Key {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        match self {
            Self::Rotate(rotate) => rotate.run(gateway).await,
            Self::List(list) => list.run(gateway).await,
        }
    }
}

impl Rotate {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        operator::must_own(&gateway.folder)?;
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
}

impl List {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let keys = gateway.custody.keys();
        gateway.custody.shutdown().await;
        let listed = keys.rows().iter().map(|row| Listed {
            kid: &row.kid,
            state: row.state.as_str(),
            since: clock::rfc3339(row.since),
        });
        if self.json {
            return output::json(&listed.collect::<Vec<_>>());
        }
        for Listed { kid, state, since } in listed {
            output::line(format_args!("{kid}  {state:<8}  since {since}"))?;
        }
        Ok(())
    }
}
