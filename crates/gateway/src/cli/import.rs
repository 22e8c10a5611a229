//! `import`: stores an envelope that arrived as a file, on the path that it would have taken over HTTP: the ticket is checked, the envelope
//! opened, everything audited.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use envelope::protocol::MAX_ENVELOPE_BYTES;
use envelope::ticket::MAX_TICKET_BYTES;
use zeroize::Zeroizing;

use super::failure::{Cause, Failure};
use super::{Opened, output};
use crate::clock;
use crate::custody::access::{Access, Action};
use crate::custody::set::SetProblem;

#[derive(Args)]
pub(super) struct Import {
    /// The envelope, as `credset seal` has written it.
    #[arg(value_name = "FILE")]
    envelope: PathBuf,
    #[command(flatten)]
    ticket: TicketSource,
    /// Print the signed receipt as JSON.
    #[arg(long)]
    json: bool,
}

/// Where the ticket comes from: never the arguments, which every process can read.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct TicketSource {
    /// File with the ticket that the envelope was sealed under.
    #[arg(long, value_name = "FILE")]
    ticket_file: Option<PathBuf>,
    /// Read the ticket from standard input.
    #[arg(long)]
    ticket_stdin: bool,
}

impl Import {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let compact = self.ticket.read()?;
        let compact = compact.trim();
        // A link has the ticket in its fragment.
        let compact = compact
            .split_once("#ticket=")
            .map_or(compact, |(_, ticket)| ticket);
        let envelope = file(&self.envelope, MAX_ENVELOPE_BYTES)?;
        let claimed = envelope::Ticket::parse(compact)?;
        let access = Access {
            action: Action::Set,
            df: claimed.claims().df.clone(),
            ls: Some(claimed.claims().ls.clone()),
            remote: None,
        };
        let now = clock::now();
        let ticket = gateway.custody.authorise(compact, &access, now).await?;
        let stored = gateway
            .custody
            .set(ticket, envelope.trim_ascii_end(), now)
            .await;
        gateway.custody.shutdown().await;
        let stored = match stored {
            Err(SetProblem::InvalidCredential(errors)) => {
                let faults: Vec<_> = errors.iter().map(ToString::to_string).collect();
                let problem = SetProblem::InvalidCredential(errors);
                let sentence = format!("{problem}: {}", faults.join("; "));
                return Err(Failure::new(Cause::Refused, sentence).into());
            }
            other => other?,
        };
        if self.json {
            return output::json(&stored.signed);
        }
        let receipt = &stored.signed.receipt;
        Ok(output::line(format_args!(
            "stored version {} of {} in {}: {}, {}",
            receipt.version, receipt.ls, receipt.df, receipt.kind, receipt.target
        ))?)
    }
}

impl TicketSource {
    fn read(&self) -> anyhow::Result<Zeroizing<String>> {
        // Room for the link that it may be in.
        let limit = 2 * MAX_TICKET_BYTES;
        let bytes = match &self.ticket_file {
            Some(path) => file(path, limit)?,
            None => bounded(std::io::stdin().lock(), "the ticket", limit)?,
        };
        let text = str::from_utf8(&bytes).context("that is no ticket: it is not text")?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

/// All of a file.
fn file(path: &Path, limit: usize) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let shown = path.display().to_string();
    let file = std::fs::File::open(path).with_context(|| format!("{shown} cannot be read"))?;
    bounded(file, &shown, limit)
}

/// All that there is to read, `limit` bytes at most.
fn bounded(source: impl Read, shown: &str, limit: usize) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    source
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{shown} cannot be read"))?;
    ensure!(bytes.len() <= limit, "{shown} is longer than {limit} bytes");
    Ok(bytes)
}
