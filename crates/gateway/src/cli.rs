//! The command line.

mod output;

mod init;
mod serve;

mod key;
mod portal;
mod ticket;

mod fingerprint;
mod metadata;
mod reveal;

mod backup;
mod recovery_key;
mod restore;

mod delete;
mod import;
mod kek;
mod linked_service;
mod memory;
mod operator;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::custody::{Custody, Settings};
use crate::data_folder::DataFolder;

/// Publishes a key, opens sealed credentials, keeps them protected.
#[derive(Parser)]
#[command(name = "credential-gateway", version, about, max_term_width = 100)]
struct Arguments {
    /// The gateway's data folder.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "CREDENTIAL_GATEWAY_DATA"
    )]
    data_folder: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new gateway: configuration, keys, certificate, empty store.
    Init(init::Init),
    /// Run the gateway until SIGTERM or Ctrl-C.
    Serve,
    /// Issue a ticket and print the link that sets one credential once.
    Ticket(ticket::Ticket),
    /// Register who else may issue tickets.
    #[command(subcommand, alias = "issuer")]
    Portal(portal::Portal),
    /// Replace or list the keys; look at what is stored under them.
    #[command(subcommand)]
    Key(key::Key),
    /// Print what identifies this gateway: identity key, envelope key, certificate.
    Fingerprint(fingerprint::Fingerprint),
    /// List the stored credentials, without secrets.
    List(metadata::List),
    /// Show one stored credential, without secrets.
    Show(metadata::Show),
    /// Print a stored credential with its secrets (owner of the data folder only; audited).
    Reveal(reveal::Reveal),
    /// Store an envelope that arrived as a file, under its ticket (owner of the data folder only; audited).
    Import(import::Import),
    /// Delete a stored credential (owner of the data folder only; audited).
    Delete(delete::Delete),
    /// Write everything that the gateway is to one encrypted file, while it serves (owner of the data folder only; audited).
    Backup(backup::Backup),
    /// Make a gateway of a backup, on this machine or another, or check one.
    Restore(restore::Restore),
    /// Make a recovery key: backups are made for its public half, and its identity opens them.
    RecoveryKey(recovery_key::RecoveryKey),
}

/// Reads the arguments, runs the command, prints what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complaint(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let path = match arguments.command {
        // They have none yet, or need none.
        Command::Restore(_) | Command::RecoveryKey(_) => PathBuf::new(),
        _ => arguments.data_folder.context(
            "which gateway? name its folder with --data-folder DIR or in CREDENTIAL_GATEWAY_DATA",
        )?,
    };
    // Before anything is read: every command but the first opens the keys.
    let granted = memory::keep_private()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async move {
        match arguments.command {
            Command::Init(init) => init.run(path).await,
            Command::Serve => serve::run(Opened::settings(path)?, granted).await,
            Command::Ticket(ticket) => ticket.run(Opened::all(path).await?).await,
            Command::Portal(portal) => portal.run(Opened::all(path).await?).await,
            Command::Key(key) => key.run(Opened::all(path).await?).await,
            Command::Fingerprint(fingerprint) => fingerprint.run(Opened::all(path).await?).await,
            Command::List(list) => list.run(Opened::all(path).await?).await,
            Command::Show(show) => show.run(Opened::all(path).await?).await,
            Command::Reveal(reveal) => reveal.run(Opened::all(path).await?).await,
            Command::Import(import) => import.run(Opened::all(path).await?).await,
            Command::Delete(delete) => delete.run(Opened::all(path).await?).await,
            Command::Backup(backup) => backup.run(Opened::all(path).await?).await,
            Command::Restore(restore) => restore.run().await,
            Command::RecoveryKey(recovery_key) => recovery_key.run(),
        }
    })
}

/// A folder with its configuration, read.
struct OpenedSettings {
    folder: DataFolder,
    config: Config,
}

/// A whole gateway, opened for one command.
struct Opened {
    folder: DataFolder,
    config: Config,
    custody: Custody,
}

impl Opened {
    fn settings(path: PathBuf) -> anyhow::Result<OpenedSettings> {
        let folder = DataFolder::open(path)?;
        let config = Config::load(&folder.configuration())?;
        Ok(OpenedSettings { folder, config })
    }

    async fn all(path: PathBuf) -> anyhow::Result<Self> {
        let OpenedSettings { folder, config } = Self::settings(path)?;
        let custody = open_custody(&folder, &config, None).await?;
        Ok(Self {
            folder,
            config,
            custody,
        })
    }
}

/// `page` is the hash of the page that is served meanwhile.
async fn open_custody(
    folder: &DataFolder,
    config: &Config,
    page: Option<String>,
) -> anyhow::Result<Custody> {
    let mut settings = settings_of(config);
    settings.page = page;
    Custody::open(folder, settings).await.with_context(|| {
        format!(
            "the gateway in {} cannot be opened",
            folder.path().display()
        )
    })
}

fn settings_of(config: &Config) -> Settings {
    let mut settings = Settings::new(config.id.clone());
    settings.opening_queue = config.limits.opens_waiting;
    settings.key_times = config.keys.times();
    settings.kek = config.kek.clone();
    settings
}
