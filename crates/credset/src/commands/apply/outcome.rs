//! What became of each file, and of all of them.

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use crate::failure::{Cause, Failure};

/// What became of one file.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Stored, and the reference written.
    Set {
        reference: String,
        version: u64,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    /// Nothing stands against it.
    WouldSet {
        kind: &'static str,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    /// There is nothing to be set in it; why.
    Skipped {
        reason: &'static str,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    /// It is as it was.
    #[serde(serialize_with = "failure")]
    Failed(Failure),
}

fn failure<S: serde::Serializer>(why: &Failure, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Error<'a> {
        error: &'a Failure,
    }
    Error { error: why }.serialize(serializer)
}

impl Outcome {
    /// For a line of the progress.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Set { version, .. } => format!("set, version {version}"),
            Self::WouldSet { kind, .. } => format!("would be set ({kind})"),
            Self::Skipped { reason, .. } => format!("left alone: {reason}"),
            Self::Failed(failure) => format!("FAILED: {failure}"),
        }
    }

    /// What a person should know of it.
    pub(super) fn notes(&self) -> &[String] {
        match self {
            Self::Set { notes, .. }
            | Self::WouldSet { notes, .. }
            | Self::Skipped { notes, .. } => notes,
            Self::Failed(_) => &[],
        }
    }
}

#[derive(Debug, Serialize)]
struct FileOutcome {
    /// As text, which not every name is.
    file: String,
    #[serde(flatten)]
    outcome: Outcome,
}

/// What became of all.
#[derive(Debug, Default, Serialize)]
pub(super) struct Outcomes {
    files: Vec<FileOutcome>,
    set: usize,
    would_set: usize,
    skipped: usize,
    failed: usize,
    /// Not looked at, because the run was stopped.
    left: usize,
}

impl Outcomes {
    pub(super) fn push(&mut self, file: &Path, outcome: Outcome) {
        *match &outcome {
            Outcome::Set { .. } => &mut self.set,
            Outcome::WouldSet { .. } => &mut self.would_set,
            Outcome::Skipped { .. } => &mut self.skipped,
            Outcome::Failed(_) => &mut self.failed,
        } += 1;
        self.files.push(FileOutcome {
            file: file.to_string_lossy().into_owned(),
            outcome,
        });
    }

    pub(super) fn left(&mut self, count: usize) {
        self.left = count;
    }

    /// Whether there is a credential at the gateway that was not there before.
    pub(super) fn are_stored(&self) -> bool {
        self.set > 0
    }

    /// `3 files: 1 set, 1 left alone, 1 failed`
    pub(super) fn summary(&self) -> String {
        let mut parts = Vec::new();
        for (count, word) in [
            (self.set, "set"),
            (self.would_set, "would be set"),
            (self.skipped, "left alone"),
            (self.failed, "failed"),
            (self.left, "not reached"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        let files = self.files.len() + self.left;
        let noun = if files == 1 { "file" } else { "files" };
        format!("{files} {noun}: {}", parts.join(", "))
    }

    /// The cause that all failures share if nothing else happened; else that it was done in part.
    pub(super) fn exit(&self) -> ExitCode {
        let mut causes = self.files.iter().filter_map(|file| match &file.outcome {
            Outcome::Failed(failure) => Some(failure.cause),
            _ => None,
        });
        let Some(first) = causes.next() else {
            return ExitCode::SUCCESS;
        };
        let is_whole = self.failed == self.files.len() && causes.all(|cause| cause == first);
        let cause = if is_whole { first } else { Cause::Partial };
        ExitCode::from(cause.code())
    }
}
