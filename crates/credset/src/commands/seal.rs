//! `seal`: an envelope without a network, for keys that were saved.

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use envelope::{Binding, Operation};
use serde::Serialize;

use super::sealing;
use crate::arguments::General;
use crate::credential_form::FormArguments;
use crate::failure::Failure;
use crate::key_document::KeyDocument;
use crate::terminal::one_line;
use crate::{tls_trust, trouble, whole_file};

#[derive(Args)]
#[command(after_help = "\
Examples:
  credset keys save --gateway https://gateway.corp:8050 --fingerprint 'six words …' keys.json
  credset seal --keys keys.json --ticket-file ticket --connection-string-stdin --out sales.jose < connection.txt
  credset open-test sales.jose --password-file password
  credset post sales.jose --ticket-file ticket --gateway https://gateway.corp:8050

The envelope is bound to the ticket, and is accepted as long as the ticket is valid: ten minutes at most.")]
pub(crate) struct Seal {
    /// The gateway's keys, as `credset keys save` has written them.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// How much older than the ticket the saved keys may be. A gateway opens for a key for as long, after it has replaced it, unless it is
    /// told to destroy it.
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u64).range(0..=744))]
    max_key_age: u64,
    /// Where the envelope goes.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    form: FormArguments,
}

#[derive(Serialize)]
struct Sealed<'a> {
    file: Cow<'a, str>,
    bytes: usize,
    kid: &'a str,
    linked_service: &'a str,
    data_factory: &'a str,
    gateway: &'a str,
    expires_at: u64,
}

impl Seal {
    pub(crate) fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let terminal = general.terminal();
        self.form.check_sources(general.ticket.source())?;
        let ticket = general.ticket.read()?.ticket;
        let claims = ticket.claims();
        let saved = std::fs::read(&self.keys);
        let saved = saved.map_err(|error| Failure::file(&self.keys, "read", &error))?;
        let document = KeyDocument::read(saved)?;
        let known = general.known_gateways()?;
        let expectation = general.expectation(&known, None);
        let key = document.kept_key_for(claims, &expectation, self.max_key_age * 3_600)?;
        let now = claims.check(tls_trust::now(), &claims.aud);
        now.map_err(trouble::ticket_refused)?;

        let mut note = |text: String| terminal.warning(&text);
        let form = self.form.fill(claims.kind.as_deref(), &mut note)?;
        let envelope = sealing::seal(&form, key, &Binding::from_ticket(claims, Operation::Set))?;
        whole_file::replace(&self.out, envelope.as_str().as_bytes())
            .map_err(|error| Failure::file(&self.out, "written", &error))?;
        let bound = envelope.binding();
        let sealed = Sealed {
            // Not every name is text.
            file: self.out.to_string_lossy(),
            bytes: envelope.as_str().len(),
            kid: envelope.kid().as_str(),
            linked_service: bound.ls.as_str(),
            data_factory: bound.df.as_str(),
            gateway: bound.gw.as_str(),
            expires_at: bound.exp.0,
        };
        let left = bound.exp.0.saturating_sub(tls_trust::now().0);
        let lines = format!(
            "sealed        {} bytes in {}\nfor           {} in {} at {}\nkey           {}\npost it within {left} seconds, with the same ticket",
            sealed.bytes,
            one_line(self.out.display()),
            sealed.linked_service,
            sealed.data_factory,
            sealed.gateway,
            sealed.kid
        );
        terminal.result(&sealed, &lines)?;
        Ok(ExitCode::SUCCESS)
    }
}
