//! What a child says is hostile: lines of a report, in their order, or it is not heard.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

use crate::report::{Cause, Line, Outcome, Stage};

/// As long as a line may be, in bytes: a certificate's names in it, each character escaped.
const MAX_LINE: usize = 16 * 1024;

/// Why nothing more is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deafness {
    /// It has ended.
    Silent,
    /// It said something else.
    Garbled,
}

/// Reads the report, and keeps what is needed to see whether it makes sense.
pub(super) struct Hearing<R> {
    source: R,
    line: Vec<u8>,
    stages: usize,
    failed: Option<Cause>,
}

impl<R: AsyncBufRead + Unpin> Hearing<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            line: Vec::new(),
            stages: 0,
            failed: None,
        }
    }

    /// The next line. When it is given up and called again, nothing is lost.
    pub(super) async fn line(&mut self) -> Result<Line, Deafness> {
        loop {
            let Ok(bytes) = self.source.fill_buf().await else {
                return Err(Deafness::Silent);
            };
            if bytes.is_empty() {
                return Err(Deafness::Silent);
            }
            let end = bytes.iter().position(|&byte| byte == b'\n');
            let taken = end.map_or(bytes.len(), |end| end + 1);
            if self.line.len() + taken > MAX_LINE {
                return Err(Deafness::Garbled);
            }
            self.line.extend_from_slice(&bytes[..taken]);
            self.source.consume(taken);
            if end.is_some() {
                let line = std::mem::take(&mut self.line);
                let line = serde_json::from_slice(&line).map_err(|_| Deafness::Garbled)?;
                return self.make_sense(line);
            }
        }
    }

    fn make_sense(&mut self, line: Line) -> Result<Line, Deafness> {
        let makes_sense = match &line {
            Line::Stage(report) => {
                let is_next = Stage::ALL.get(self.stages) == Some(&report.stage);
                self.stages += 1;
                let goes_on = self.failed.is_none() || report.result == Outcome::Skipped;
                let has_cause = report.result != Outcome::Failed || report.cause.is_some();
                if report.result == Outcome::Failed {
                    self.failed = report.cause;
                }
                is_next && goes_on && has_cause
            }
            Line::Ending(ending) => {
                let outcome = match self.failed {
                    None => Outcome::Passed,
                    Some(_) => Outcome::Failed,
                };
                self.stages == Stage::ALL.len()
                    && ending.cause == self.failed
                    && ending.outcome == outcome
            }
        };
        if makes_sense {
            Ok(line)
        } else {
            Err(Deafness::Garbled)
        }
    }
}
