//! What is not as it was written, and where.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::audit::line::LineHash;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// The line in this file, from 1 on.
    pub line: u64,
    /// The line's number in the trail, where one can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// Number of the first line that is missing there, or that is expected in the place of what cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// What is wrong.
    pub kind: Kind,
    /// What is expected there.
    pub expected: String,
    /// Hash of the line as it is.
    #[serde(skip)]
    pub hash: LineHash,
}

/// A finding that a person has accepted, as the trail tells it: this one, and not what may come to its place later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Name of the file as it was then.
    pub file: String,
    /// The line in it.
    pub line: u64,
    /// [`Finding::from`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// [`Finding::seq`]: with `from`, the lines before it are those that are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// What is wrong.
    pub kind: Kind,
    /// [`Finding::hash`].
    pub hash: LineHash,
}

impl Finding {
    /// What is written down when it is accepted.
    #[must_use]
    pub fn accepted(&self) -> Accepted {
        let name = self.file.file_name().unwrap_or_default();
        Accepted {
            file: name.to_string_lossy().into_owned(),
            line: self.line,
            from: self.from,
            seq: self.seq,
            kind: self.kind,
            hash: self.hash,
        }
    }
}

impl Accepted {
    /// Whether this is it. A file gets another name when it is full; its lines stay where they are.
    pub(super) fn is(&self, finding: &Finding) -> bool {
        let Self {
            line,
            from,
            seq,
            kind,
            hash,
            ..
        } = self;
        (*line, *from, *seq, *kind, *hash)
            == (
                finding.line,
                finding.from,
                finding.seq,
                finding.kind,
                finding.hash,
            )
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The line is not the one that was written.
    Changed,
    /// Lines before this one are missing.
    Missing,
    /// The line belongs to an earlier place.
    Reordered,
    /// The line, or another of its number, is there already.
    Repeated,
    /// It is no audit line.
    Unreadable,
    /// The file ends in the middle of a line.
    Unfinished,
    /// The trail begins later than it should.
    BeginningMissing,
    /// The trail ends earlier than it should.
    EndMissing,
    /// It calls itself a checkpoint, and the identity key did not sign it.
    ForgedCheckpoint,
    /// It says that one identity key handed over to another, and the key before did not sign that.
    ForgedHandOver,
    /// The checkpoint was signed for another place.
    MisplacedCheckpoint,
    /// There is no checkpoint where there must have been one.
    NoCheckpoint,
    /// The store has not given this number, nor those after it.
    NotGiven,
    /// What the store remembers of the trail has not the gateway's seal.
    StoreChanged,
    /// It is the trail of another gateway, or of an identity key that did not hand over to the one that is known.
    OtherGateway,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Changed => "this line was changed",
            Self::Missing => "lines before this one are missing",
            Self::Reordered => "this line is out of order",
            Self::Repeated => "this line is there a second time, or was inserted",
            Self::Unreadable => "this is no audit line",
            Self::Unfinished => "the file ends in the middle of a line",
            Self::BeginningMissing => "the trail's beginning is missing",
            Self::EndMissing => "the trail's end is missing",
            Self::ForgedCheckpoint => "this checkpoint is forged",
            Self::ForgedHandOver => "this hand-over of the identity key is forged",
            Self::MisplacedCheckpoint => "this checkpoint was signed for another place",
            Self::NoCheckpoint => "there is no checkpoint",
            Self::NotGiven => "the store knows nothing of this line",
            Self::StoreChanged => "what the store remembers of the trail was changed",
            Self::OtherGateway => "this is the trail of another gateway",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)?;
        if let Some(seq) = self.seq {
            write!(f, " (seq {seq})")?;
        }
        write!(f, ": {}; expected: {}", self.kind.words(), self.expected)
    }
}
