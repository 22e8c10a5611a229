//! Writes the stages down as they end, and what follows from one that failed.

use std::sync::mpsc::Sender;
use std::time::Instant;

use super::{Cause, Certificate, Clipped, Line, Outcome, Stage, StageReport};

/// Why a stage failed, with the store's own code and words. It has been through the scrubber.
#[derive(Debug)]
pub(crate) struct Halt {
    pub(crate) cause: Cause,
    pub(crate) code: Option<Clipped>,
    pub(crate) said: Option<Clipped>,
    pub(crate) certificate: Option<Certificate>,
}

impl From<Cause> for Halt {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            code: None,
            said: None,
            certificate: None,
        }
    }
}

/// What else is in a line.
#[derive(Default)]
struct Why {
    cause: Option<Cause>,
    code: Option<Clipped>,
    said: Option<Clipped>,
    certificate: Option<Certificate>,
}

impl From<Halt> for Why {
    fn from(halt: Halt) -> Self {
        Self {
            cause: Some(halt.cause),
            code: halt.code,
            said: halt.said,
            certificate: halt.certificate,
        }
    }
}

/// The child's report while it grows.
pub(crate) struct Reporter {
    lines: Sender<Line>,
    since: Instant,
}

impl Reporter {
    pub(crate) fn new(lines: Sender<Line>) -> Self {
        Self {
            lines,
            since: Instant::now(),
        }
    }

    /// A stage succeeded.
    pub(crate) fn passed(&mut self, stage: Stage) {
        self.line(stage, Outcome::Passed, Why::default());
    }

    /// A stage succeeded, and the server showed a certificate.
    pub(crate) fn passed_showing(&mut self, stage: Stage, certificate: Option<Certificate>) {
        let why = Why {
            certificate,
            ..Why::default()
        };
        self.line(stage, Outcome::Passed, why);
    }

    /// A stage succeeded, and something is worth knowing.
    pub(crate) fn passed_with(&mut self, stage: Stage, note: Cause) {
        self.line(stage, Outcome::Passed, Halt::from(note).into());
    }

    /// A stage succeeded, and something is worth knowing beside what the server showed.
    pub(crate) fn passed_noting(&mut self, stage: Stage, note: Halt) {
        self.line(stage, Outcome::Passed, note.into());
    }

    /// There was nothing to do.
    pub(crate) fn skipped(&mut self, stage: Stage, why: Cause) {
        self.line(stage, Outcome::Skipped, Halt::from(why).into());
    }

    /// A stage failed: whoever gets the cause returns it up to the end of the test.
    pub(crate) fn failed(&mut self, stage: Stage, halt: Halt) -> Cause {
        let cause = halt.cause;
        self.line(stage, Outcome::Failed, halt.into());
        cause
    }

    fn line(&mut self, stage: Stage, result: Outcome, why: Why) {
        let report = StageReport {
            stage,
            result,
            ms: u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX),
            cause: why.cause,
            code: why.code,
            said: why.said,
            certificate: why.certificate,
        };
        self.since = Instant::now();
        // Whoever listened has run out of patience and said so.
        let _ = self.lines.send(Line::Stage(report));
    }
}
