//! `store move`: from the data folder to a database.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::failure::{Cause, Failure};
use super::super::key::must_not_be_served;
use super::super::{Opened, operator, output};
use super::StoreChoice;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::clock;
use crate::config::Config;
use crate::data_folder;

#[derive(Args)]
pub(in crate::cli) struct Move {
    #[command(flatten)]
    to: StoreChoice,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Moved<'a> {
    host: &'a str,
    port: u16,
    database: &'a str,
    node: &'a str,
}

impl Move {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        let gateway = Opened::as_owner(path.clone()).await?;
        let _alone = must_not_be_served(&gateway.folder)?;
        let server = self.to.server()?.ok_or_else(|| {
            Failure::new(
                Cause::Usage,
                "say where to: --store-host and what belongs to it",
            )
        })?;
        if let Some(there) = &gateway.config.store {
            let sentence = format!("the store is in {} already", there.told());
            return Err(Failure::new(Cause::Refused, sentence).into());
        }
        let configuration = gateway.folder.configuration();
        let mut text = data_folder::read(&configuration)?.to_vec();
        text.extend_from_slice(format!("\n{}", server.section()).as_bytes());
        // Before anything is moved: what the next start would refuse.
        Config::parse(&String::from_utf8_lossy(&text), &configuration)?;
        let switch = || data_folder::replace(&configuration, &text);
        let moving = gateway.custody.move_store(&server, clock::now(), switch);
        moving.await?;

        let gateway = Opened::all(path).await?;
        let mut event = AuditEvent::new(Event::StoreMoved, Outcome::Ok, clock::now());
        event.who = Some(operator::name());
        event.reason = Some(format!("to {}", server.told()));
        gateway.custody.record(event).await?;
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&Moved {
                host: &server.host,
                port: server.port,
                database: &server.database,
                node: server.node.as_str(),
            });
        }
        Ok(output::line(format_args!(
            "the store is in {} now, gateway.toml says so, and store.sqlite is removed",
            server.told()
        ))?)
    }
}
