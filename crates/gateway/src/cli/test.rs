//! `test`: a stored credential, tried at its data store, stage by stage.

use clap::Args;
use envelope::{DataFactoryName, LinkedServiceName};
use language::Message;
use probe::parent::{self, Confinement};
use probe::report::{Ending, Line, StageReport, Told};
use probe::request::{Encryption, Fingerprint};
use serde::Serialize;

use super::failure::{AlreadyTold, Cause};
use super::linked_service::StoredLinkedService;
use super::{Opened, operator, output};
use crate::clock;
use crate::custody::trying::Tested;
use crate::tester;

#[derive(Args)]
pub(super) struct Test {
    #[command(flatten)]
    which: StoredLinkedService,
    /// Trust the certificate with this SHA-256 fingerprint, whoever signed it, for this test. May be repeated.
    #[arg(long, value_name = "SHA256")]
    trust: Vec<Fingerprint>,
    /// Connect without TLS: whoever answers, or is between, gets all but the password, and what it can be guessed from.
    #[arg(long)]
    unencrypted: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'r> {
    df: &'r DataFactoryName,
    ls: &'r LinkedServiceName,
    version: u64,
    stages: Vec<Told<'r>>,
    ending: Told<'r>,
}

/// Whether these arguments ask for the child. It is no command of a person's: it reads a request from standard input.
pub(super) fn is_child(arguments: &[std::ffi::OsString]) -> bool {
    matches!(arguments, [_, only] if only == tester::CHILD)
}

/// Tries what standard input says. The parent hears what is said on standard output, and nothing else.
pub(super) fn child() -> std::process::ExitCode {
    match probe::child(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(_) => std::process::ExitCode::FAILURE,
    }
}

impl Test {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let (df, ls) = self.which.find(&gateway.custody).await?;
        let (who, custody) = (operator::name(), &gateway.custody);
        let credential = custody
            .credential_to_test(&df, &ls, &who, clock::now())
            .await?;
        let version = credential.version;
        let encryption = match self.unencrypted {
            true => Encryption::Off,
            false => Encryption::Required,
        };
        let policy = gateway.config.test.policy();
        let request = tester::request(credential.into(), encryption, policy, self.trust);
        let program = tester::this_program();
        let mut test = parent::Test::start(&program, &request, Confinement::default())?;
        drop(request);
        let mut stages = Vec::new();
        let mut told = Ok(());
        let ending = loop {
            match test.next().await {
                Some(Line::Ending(ending)) => break ending,
                Some(Line::Stage(stage)) => {
                    // With its reader gone it is tried to the end all the same: the audit trail is told how that was.
                    if !self.json && told.is_ok() {
                        told = tell(&stage);
                    }
                    stages.push(Line::Stage(stage));
                }
                None => anyhow::bail!("the test has no ending"),
            }
        };
        let tested = Tested {
            df: &df,
            ls: &ls,
            version,
            cause: ending.cause,
        };
        custody.record_test(&tested, &who, clock::now()).await?;
        gateway.custody.shutdown().await;
        told?;
        if self.json {
            output::json(&Report {
                df: &df,
                ls: &ls,
                version,
                stages: stages.iter().map(|line| line.told(Message::text)).collect(),
                ending: Line::Ending(ending).told(Message::text),
            })?;
        } else {
            tell_end(&ending, &stages)?;
        }
        match ending.cause {
            None => Ok(()),
            Some(_) => Err(AlreadyTold::new(
                Cause::DataStore,
                format!("the credential of {:?} did not pass its test", ls.as_str()),
            )
            .into()),
        }
    }
}

/// A stage, as soon as it has ended.
fn tell(stage: &StageReport) -> std::io::Result<()> {
    let (result, name, ms) = (stage.result.as_str(), stage.stage.as_str(), stage.ms);
    output::line(format_args!("{result:<8} {name:<12} {ms:>6} ms"))?;
    if let Some(cause) = stage.cause {
        told("", cause.sentence().text())?;
        told("", cause.advice().text())?;
    }
    for (what, text) in [
        ("code ", &stage.code),
        ("the data store says: ", &stage.said),
    ] {
        if let Some(text) = text {
            told(what, text.as_str())?;
        }
    }
    if let Some(certificate) = stage.certificate.as_ref().filter(|_| stage.cause.is_some()) {
        told("certificate of ", certificate.subject.as_str())?;
        told("issued by ", certificate.issuer.as_str())?;
        told("SHA-256 ", certificate.sha256.as_str())?;
    }
    Ok(())
}

fn told(what: &str, text: &str) -> std::io::Result<()> {
    output::line(format_args!("         {what}{text}"))
}

fn tell_end(ending: &Ending, stages: &[Line]) -> std::io::Result<()> {
    let (outcome, ms) = (ending.outcome.as_str(), ending.ms);
    output::line(format_args!("{outcome:<8} {:<12} {ms:>6} ms", "the test"))?;
    let of_stage = stages.iter().any(|line| match line {
        Line::Stage(stage) => stage.cause == ending.cause,
        Line::Ending(_) => false,
    });
    match ending.cause.filter(|_| !of_stage) {
        Some(cause) => {
            told("", cause.sentence().text())?;
            told("", cause.advice().text())
        }
        None => Ok(()),
    }
}
