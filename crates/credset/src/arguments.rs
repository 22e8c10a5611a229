//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    apply, completions, doctor, encrypt_value, keys, open_test, post, seal, set, test,
};
use crate::failure::Failure;
use crate::fingerprint::Fingerprint;
use crate::gateway_address::GatewayAddress;
use crate::gateway_client::GatewayClient;
use crate::key_document::{Expectation, FirstUse};
use crate::known_gateways::KnownGateways;
use crate::terminal::{Format, Terminal};
use crate::ticket_source::{LinkedGateway, TicketArguments};

/// Set a data store's credential at its gateway: sealed here, opened only there.
#[derive(Parser)]
#[command(
    name = "credset",
    version,
    max_term_width = 100,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) general: General,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done, 1 a file of this machine, 2 usage, 3 network, 4 trust, 5 ticket, 6 refused, 7 partly done, 8 data store, 130 stopped.
`credset COMMAND --help` has examples.";

const AFTER_LONG_HELP: &str = "\
Exit codes:
  0    done
  1    a file of this machine cannot be read or written
  2    usage: the arguments, or a field that breaks a rule; nothing was sent
  3    network: the gateway does not answer, or not now
  4    trust: certificate, key, fingerprint or receipt; nothing can be taken for the gateway's
  5    ticket: unreadable, expired, used, or for something else
  6    refused by the gateway
  7    partly done: of several files some were not
  8    the credential does not work at its data store
  130  stopped by a signal

A secret is never taken from the arguments or the environment: use standard input, a file, a file descriptor, or the prompt.

Examples:
  credset set --ticket-file ticket --ca-file ca.pem --kind OnPremisesSqlServer \\
      -p 'Data Source=sql01' -p 'Initial Catalog=Sales' -p 'User ID=etl' --password-stdin < password
  pass show sales | credset set --ticket-file ticket --connection-string-stdin
  credset apply --tickets tickets/ linked-services/
  credset doctor --gateway https://gateway.corp:8050";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Seal a credential, send it, print the receipt.
    Set(set::Set),
    /// Have the gateway try a credential at its data store; nothing is stored.
    Test(test::Test),
    /// Seal a credential without a network, with keys that were saved, into a file.
    Seal(seal::Seal),
    /// Send an envelope that was sealed before, print the receipt.
    Post(post::Post),
    /// Show what can be read of an envelope, and that the secret is not among it.
    OpenTest(open_test::OpenTest),
    /// Save a gateway's public keys, or show saved ones.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Set each secret that is found in linked services' definitions, and put the reference in its place.
    Apply(apply::Apply),
    /// Do what New-AzDataFactoryEncryptValue did: print the value that belongs in the JSON.
    EncryptValue(encrypt_value::EncryptValue),
    /// Find out step by step why a gateway cannot be used, and what helps.
    Doctor(doctor::Doctor),
    /// Print what a shell needs to complete this program's arguments.
    #[command(hide = true)]
    Completions(completions::Completions),
    /// Print the manual page, or write those of all commands into a folder.
    #[command(hide = true)]
    Man(completions::Man),
}

/// What every command takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct General {
    /// Where the gateway listens [default: where the ticket's link leads].
    #[arg(long, global = true, value_name = "URL", value_parser = GatewayAddress::parse, help_heading = GATEWAY)]
    gateway: Option<GatewayAddress>,
    /// The gateway's fingerprint: six words, or the identity key's thumbprint.
    #[arg(long, global = true, value_name = "WORDS", allow_hyphen_values = true, value_parser = Fingerprint::parse, help_heading = GATEWAY)]
    pub(crate) fingerprint: Option<Fingerprint>,
    /// Believe a gateway that nothing is known of, and remember it.
    #[arg(long, global = true, help_heading = GATEWAY)]
    trust_on_first_use: bool,
    /// Where gateways are remembered [default: credset/known-gateways in XDG_STATE_HOME or ~/.local/state].
    #[arg(long, global = true, value_name = "FILE", help_heading = GATEWAY)]
    known_gateways: Option<PathBuf>,
    /// An authority whose certificates are trusted, beside the system's (PEM).
    #[arg(long, global = true, value_name = "FILE", help_heading = GATEWAY)]
    ca_file: Option<PathBuf>,
    /// Print results as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    pub(crate) ticket: TicketArguments,
}

const GATEWAY: &str = "Gateway";

impl General {
    /// Where to print.
    pub(crate) fn terminal(&self) -> Terminal {
        Terminal::new(match self.json {
            true => Format::Json,
            false => Format::Text,
        })
    }

    /// What is remembered of gateways.
    ///
    /// # Errors
    /// When there is no place for it.
    pub(crate) fn known_gateways(&self) -> Result<KnownGateways, Failure> {
        KnownGateways::at(self.known_gateways.as_deref())
    }

    /// Whether an unknown gateway is believed.
    pub(crate) fn first_use(&self) -> FirstUse {
        match self.trust_on_first_use {
            true => FirstUse::Trusted,
            false => FirstUse::Refused,
        }
    }

    /// Whom a person, and what is remembered, say that the gateway is. `origin` is where its document comes from; nothing for a saved one.
    pub(crate) fn expectation<'a>(
        &'a self,
        known: &'a KnownGateways,
        origin: Option<&'a str>,
    ) -> Expectation<'a> {
        Expectation {
            fingerprint: self.fingerprint.as_ref(),
            known,
            origin,
        }
    }

    /// The gateway to ask: the one that is named, or that a ticket's link leads to.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn client(&self, linked: Option<LinkedGateway>) -> Result<GatewayClient, Failure> {
        let address = match self.gateway.clone().map(Ok).or(linked) {
            Some(Ok(address)) => address,
            Some(Err(why)) => {
                let title = format!("the link that the ticket was in leads to no gateway: {why}");
                return Err(Failure::usage(title).advise("Give --gateway https://HOST:PORT."));
            }
            None => {
                return Err(Failure::usage(
                    "which gateway? Give --gateway https://HOST:PORT, or the link that the ticket was in",
                ));
            }
        };
        GatewayClient::new(address, self.ca_file.as_deref())
    }
}
