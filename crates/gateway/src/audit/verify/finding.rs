//! What is not as it was written, and where.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

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
    /// What is wrong.
    pub kind: Kind,
    /// What is expected there.
    pub expected: String,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
