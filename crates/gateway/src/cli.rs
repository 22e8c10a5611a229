//! The command line.

mod examples;
mod failure;
mod output;

mod check;
mod doctor;
mod init;
mod serve;

mod key;
mod portal;
mod store;
mod ticket;

mod certificate;
mod fingerprint;
mod metadata;
mod node;
mod reveal;
mod test;

mod backup;
mod recovery_key;
mod restore;

mod audit;
mod completions;
mod delete;
mod import;
mod kek;
mod linked_service;
mod memory;
mod operator;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::Config;
use crate::custody::{Custody, NeededKeys, Settings};
use crate::data_folder::DataFolder;
use crate::openapi;
use failure::{AlreadyTold, Cause, Document, Failure};

const NAME: &str = "credential-gateway";

/// Publishes a key, opens sealed credentials, keeps them protected.
#[derive(Parser)]
#[command(name = NAME, version, about, max_term_width = 100)]
struct Arguments {
    /// The gateway's data folder. An empty name, here or in the variable, is none.
    // As a path, an empty one would be refused where no folder is needed, too.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        value_hint = clap::ValueHint::DirPath,
        env = "CREDENTIAL_GATEWAY_DATA"
    )]
    data_folder: Option<OsString>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new gateway: configuration, keys, certificate, empty store.
    Init(init::Init),
    /// Say all that is wrong with gateway.toml and the files that it names, without serving.
    Check(check::Check),
    /// Look at everything that the gateway needs, running or stopped, and say what to do; nothing is changed.
    Doctor(doctor::Doctor),
    /// Run the gateway until SIGTERM or Ctrl-C.
    Serve(serve::Serve),
    /// Issue a ticket and print the link that sets one credential once.
    Ticket(ticket::Ticket),
    /// Register who else may issue tickets.
    #[command(subcommand, alias = "issuer")]
    Portal(portal::Portal),
    /// Replace or list the keys; look at what is stored under them.
    #[command(subcommand)]
    Key(key::Key),
    /// The gateways that share a store: list, approve, join, remove.
    #[command(subcommand)]
    Node(node::Node),
    /// Move the store to a database.
    #[command(subcommand)]
    Store(store::Store),
    /// Show, trust, replace or renew the certificate.
    #[command(subcommand)]
    Certificate(certificate::Certificate),
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
    /// Try a stored credential at its data store, stage by stage (owner of the data folder only; audited).
    Test(test::Test),
    /// Delete a stored credential (owner of the data folder only; audited).
    Delete(delete::Delete),
    /// Write everything that the gateway is to one encrypted file, while it serves (owner of the data folder only; audited).
    Backup(backup::Backup),
    /// Make a gateway of a backup, on this machine or another, or check one.
    Restore(restore::Restore),
    /// Make a recovery key: backups are made for its public half, and its identity opens them.
    RecoveryKey(recovery_key::RecoveryKey),
    /// Check the audit trail.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print what a shell needs to complete this program's arguments.
    Completions(completions::Completions),
    /// Print the OpenAPI document of what can be asked of a gateway, which serves it at /openapi.json.
    Openapi,
    /// Print the manual page, or write those of all commands into a folder.
    Man(completions::Man),
}

/// Reads the arguments, runs the command, prints what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    if test::is_child(&given) {
        return test::child();
    }
    // Asked for before it is known what else is in the arguments.
    let for_programs = given.iter().skip(1).any(|argument| argument == "--json");
    let matches = command_line().try_get_matches_from(given);
    let arguments = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    let outcome = match arguments {
        Ok(arguments) => run(arguments),
        Err(error) if error.use_stderr() && for_programs => {
            let document = Document::usage(&error.render().to_string());
            return exit(Cause::Usage, output::json(&document));
        }
        Err(error) => {
            // With its reader gone there is nobody left to tell.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    output::complaint(&error);
    let told = match for_programs && !error.is::<AlreadyTold>() {
        true => output::json(&Document::new(&error)),
        false => Ok(()),
    };
    exit(Cause::of(&error), told)
}

/// The failure's code, also when nobody reads what is told of it.
fn exit(cause: Cause, _told: anyhow::Result<()>) -> ExitCode {
    ExitCode::from(cause as u8)
}

fn command_line() -> clap::Command {
    examples::explained(Arguments::command())
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let command = match arguments.command {
        Command::Completions(completions) => return completions.run(command_line()),
        Command::Man(man) => return man.run(command_line()),
        Command::Openapi => return Ok(output::bytes(openapi::text().as_bytes())?),
        command => command,
    };
    let named = arguments.data_folder.filter(|name| !name.is_empty());
    let path = match (named, &command) {
        (Some(name), _) => PathBuf::from(name),
        // They have none yet, or need none.
        (None, Command::Restore(_) | Command::RecoveryKey(_)) => PathBuf::new(),
        (None, Command::Audit(audit)) if audit.needs_no_folder() => PathBuf::new(),
        (None, _) => {
            return Err(Failure::new(
                Cause::Usage,
                "which gateway? name its folder with --data-folder DIR or in CREDENTIAL_GATEWAY_DATA",
            )
            .into());
        }
    };
    // Before anything is read: every command but these opens the keys.
    let granted = memory::keep_private()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async move {
        match command {
            Command::Init(init) => init.run(path).await,
            Command::Check(check) => check.run(path),
            Command::Doctor(doctor) => doctor.run(path, granted).await,
            Command::Serve(serve) => serve.run(path, granted).await,
            Command::Ticket(ticket) => ticket.run(Opened::as_owner(path).await?).await,
            Command::Portal(portal) => portal.run(path).await,
            Command::Key(key) => key.run(path).await,
            Command::Node(node) => node.run(path).await,
            Command::Store(store) => store.run(path).await,
            Command::Certificate(certificate) => certificate.run(path).await,
            Command::Fingerprint(fingerprint) => fingerprint.run(Opened::all(path).await?).await,
            Command::List(list) => list.run(Opened::all(path).await?).await,
            Command::Show(show) => show.run(Opened::all(path).await?).await,
            Command::Reveal(reveal) => reveal.run(Opened::as_owner(path).await?).await,
            Command::Import(import) => import.run(Opened::as_owner(path).await?).await,
            Command::Test(test) => test.run(Opened::as_owner(path).await?).await,
            Command::Delete(delete) => delete.run(Opened::as_owner(path).await?).await,
            Command::Backup(backup) => backup.run(Opened::as_owner(path).await?).await,
            Command::Restore(restore) => restore.run().await,
            Command::RecoveryKey(recovery_key) => recovery_key.run(),
            Command::Audit(audit) => audit.run(path).await,
            Command::Completions(_) | Command::Man(_) | Command::Openapi => Ok(()),
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
        Self::of(Self::settings(path)?, NeededKeys::InUse).await
    }

    /// The same for the folder's owner. Everybody else is refused before anything is opened: whoever opens a gateway writes what is
    /// still to be written.
    async fn as_owner(path: PathBuf) -> anyhow::Result<Self> {
        operator::must_own(&DataFolder::open(path.clone())?)?;
        Self::all(path).await
    }

    /// As [`Opened::as_owner`], also where envelope keys are lost, because all of them are about to end.
    async fn to_end_keys(path: PathBuf) -> anyhow::Result<Self> {
        operator::must_own(&DataFolder::open(path.clone())?)?;
        Self::of(Self::settings(path)?, NeededKeys::AboutToEnd).await
    }

    async fn of(settings: OpenedSettings, needed_keys: NeededKeys) -> anyhow::Result<Self> {
        let OpenedSettings { folder, config } = settings;
        let mut settings = settings_of(&config);
        settings.audit = config.audit.keeping_of_command();
        settings.needed_keys = needed_keys;
        let custody = open_custody(&folder, settings).await?;
        Ok(Self {
            folder,
            config,
            custody,
        })
    }
}

async fn open_custody(folder: &DataFolder, settings: Settings) -> anyhow::Result<Custody> {
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
    settings.store = config.store.clone();
    settings
}
