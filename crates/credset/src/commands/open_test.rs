//! `open-test`: shows all that can be read of an envelope, and that the secret is not among it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::post;
use crate::arguments::General;
use crate::credential_form::FormArguments;
use crate::failure::{Cause, Failure};
use crate::spelling::{SHORTEST, Search, decoded_segments};
use crate::terminal::{Mark, Terminal};

#[derive(Args)]
#[command(after_help = "\
Example:
  credset seal --keys keys.json --ticket-file ticket --kind Http -p url=https://files.corp -p userName=etl \\
      --password-file password --out files.jose
  credset open-test files.jose --password-file password

The secret is looked for in the envelope and in each of its five parts, as UTF-8 and UTF-16, as it is, in hex, base64, base64url and percent
encoding, at every place; before that, the search shows that it finds the secret where it is.")]
pub(crate) struct OpenTest {
    /// The envelope.
    #[arg(value_name = "FILE")]
    envelope: PathBuf,
    #[command(flatten)]
    form: FormArguments,
}

#[derive(Serialize)]
struct Readable {
    header: Value,
    parts: Vec<Part>,
    searched: Vec<Searched>,
}

#[derive(Serialize)]
struct Part {
    name: &'static str,
    bytes: usize,
}

#[derive(Serialize)]
struct Searched {
    secret: String,
    forms: usize,
}

const PARTS: [&str; 5] = [
    "header",
    "encrypted key",
    "initialisation vector",
    "ciphertext",
    "authentication tag",
];

impl OpenTest {
    pub(crate) fn run(self, general: &General) -> Result<ExitCode, Failure> {
        self.form.check_sources(None)?;
        // As the gateway reads it, before it has a key.
        let envelope = post::read(&self.envelope)?;
        let segments = decoded_segments(envelope.as_str());
        let secrets = self.form.secrets_alone()?;
        if secrets.is_empty() {
            return Err(Failure::usage(
                "which secret is to be looked for? Give it as it was given for sealing",
            ));
        }
        let mut searched = Vec::new();
        for (name, secret) in &secrets {
            if secret.len() < SHORTEST {
                return Err(Failure::usage(format!(
                    "{name} has fewer than {SHORTEST} bytes: so short a text is found anywhere by chance, and nothing would be shown"
                )));
            }
            let search = Search::new(secret);
            if !search.is_proven(secret) {
                return Err(Failure::new(
                    Cause::Local,
                    "search",
                    format!("the search does not find {name} where it is, so it shows nothing"),
                ));
            }
            let texts = segments.iter().map(Vec::as_slice);
            for text in texts.chain([envelope.as_str().as_bytes()]) {
                if let Some(form) = search.find(text) {
                    return Err(readable(name, form));
                }
            }
            searched.push(Searched {
                secret: name.clone(),
                forms: search.len(),
            });
        }
        let header = segments
            .first()
            .map(|header| serde_json::from_slice(header));
        let readable = Readable {
            header: header.and_then(Result::ok).unwrap_or_default(),
            parts: PARTS
                .into_iter()
                .zip(&segments)
                .map(|(name, segment)| Part {
                    name,
                    bytes: segment.len(),
                })
                .collect(),
            searched,
        };
        general.terminal().result(&readable, &readable.lines())?;
        Ok(ExitCode::SUCCESS)
    }
}

fn readable(name: &str, form: &str) -> Failure {
    Failure::new(
        Cause::Trust,
        "secret_readable",
        format!("{name} can be read in this file: {form}"),
    )
    .advise("Do not send it, and remove it: it was not made by this program.")
}

impl Readable {
    fn lines(&self) -> String {
        let header = serde_json::to_string_pretty(&self.header).unwrap_or_default();
        let mut lines =
            format!("What anybody can read:\n{header}\n\nWhat only the gateway can open:\n");
        for part in self.parts.iter().skip(1) {
            lines += &format!("{:>6} bytes  {}\n", part.bytes, part.name);
        }
        lines.push('\n');
        for Searched { secret, forms } in &self.searched {
            let text = format!(
                "{secret} is nowhere in it, in none of {forms} forms that were shown to be found\n"
            );
            lines += &Terminal::item(Mark::Good, &text);
        }
        lines
    }
}
