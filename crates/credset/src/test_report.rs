//! The report of a test: what the gateway tells of it, a line for each stage. Words in it may be a hostile data store's.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::{Cause, Failure};
use crate::terminal::one_line;
use crate::trouble;

/// A line as it came, for programs, and what of it people are told.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Line {
    document: Value,
    #[serde(skip)]
    told: Told,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    stage: Option<String>,
    result: String,
    outcome: Option<Outcome>,
    ms: u64,
    cause: Option<String>,
    sentence: String,
    advice: String,
    code: Option<String>,
    said: Option<String>,
    certificate: Option<Certificate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Passed,
    Failed,
}

#[derive(Clone, Debug, Deserialize)]
struct Certificate {
    subject: String,
    issuer: String,
    sha256: String,
}

/// A whole report.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    stages: Vec<Line>,
    ending: Line,
}

impl Line {
    /// Reads one.
    ///
    /// # Errors
    /// When it is no line of a report.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let document: Value = serde_json::from_slice(bytes).map_err(|_| not_understood())?;
        let told = Told::deserialize(&document).map_err(|_| not_understood())?;
        if told.stage.is_some() == told.outcome.is_some() {
            return Err(not_understood());
        }
        Ok(Self { document, told })
    }

    /// For people.
    pub(crate) fn lines(&self) -> String {
        let Told { ms, .. } = self.told;
        let (result, name) = match (&self.told.stage, self.told.outcome) {
            (Some(stage), _) => (self.told.result.as_str(), stage.as_str()),
            (None, Some(Outcome::Passed)) => ("passed", "the test"),
            (None, _) => ("failed", "the test"),
        };
        let mut lines = vec![format!(
            "{:<8} {:<12} {ms:>6} ms",
            one_line(result),
            one_line(name)
        )];
        // What the end says was said at its stage.
        if self.told.stage.is_some() {
            let mut tell = |what: &str, text: &str| {
                if !text.is_empty() {
                    lines.push(format!("         {what}{}", one_line(text)));
                }
            };
            tell("", &self.told.sentence);
            tell("", &self.told.advice);
            tell("code ", self.told.code.as_deref().unwrap_or_default());
            tell(
                "the data store says: ",
                self.told.said.as_deref().unwrap_or_default(),
            );
            if let (Some(_), Some(shown)) = (&self.told.cause, &self.told.certificate) {
                tell("certificate of ", &shown.subject);
                tell("issued by ", &shown.issuer);
                tell("SHA-256 ", &shown.sha256);
            }
        }
        lines.join("\n")
    }
}

impl Report {
    /// Of these lines.
    ///
    /// # Errors
    /// When the last one is not the end.
    pub(crate) fn of(mut lines: Vec<Line>) -> Result<Self, Failure> {
        let is_end = |line: &Line| line.told.outcome.is_some();
        match lines.pop() {
            Some(ending) if is_end(&ending) && !lines.iter().any(is_end) => Ok(Self {
                stages: lines,
                ending,
            }),
            _ => Err(not_understood()),
        }
    }

    /// Why it failed, if no stage has said so.
    pub(crate) fn unsaid(&self) -> Option<Failure> {
        let cause = |line: &Line| line.told.cause.clone();
        let is_said = self
            .stages
            .iter()
            .any(|stage| cause(stage) == cause(&self.ending));
        self.passed().err().filter(|_| !is_said)
    }

    /// That the credential works.
    ///
    /// # Errors
    /// Why it does not.
    pub(crate) fn passed(&self) -> Result<(), Failure> {
        let told = &self.ending.told;
        if told.outcome == Some(Outcome::Passed) {
            return Ok(());
        }
        let code = told.cause.as_deref().unwrap_or("test_failed");
        let title = format!("The connection test failed: {}", one_line(&told.sentence));
        Err(Failure::new(Cause::DataStore, &one_line(code), title).advise(one_line(&told.advice)))
    }
}

fn not_understood() -> Failure {
    trouble::unexpected_answer(200)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Result<Report, Failure> {
        let read = texts.iter().map(|text| Line::read(text.as_bytes()));
        Report::of(read.collect::<Result<_, _>>()?)
    }

    const STAGE: &str = r#"{"v":1,"stage":"authenticate","result":"failed","ms":3,"cause":"wrong_password","said":"\u001b[2Jpwned\nreally"}"#;
    const END: &str = r#"{"v":1,"outcome":"failed","ms":9,"cause":"wrong_password","sentence":"No.","advice":"Look."}"#;

    #[test]
    fn a_report_ends_with_its_ending() {
        assert!(lines(&[STAGE, END]).is_ok());
        for bad in [
            &[][..],
            &[STAGE],
            &[END, STAGE],
            &[END, END],
            &["{}", END],
            &["1", END],
        ] {
            assert!(lines(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn words_of_others_stay_in_their_line() {
        let line = Line::read(STAGE.as_bytes()).unwrap().lines();
        assert_eq!(line.lines().count(), 2, "{line:?}");
        assert!(!line.contains('\u{1b}'));
    }

    #[test]
    fn a_failure_has_the_cause_for_its_code() {
        let failure = lines(&[STAGE, END]).unwrap().passed().unwrap_err();
        assert_eq!(
            (failure.cause, failure.code.as_str()),
            (Cause::DataStore, "wrong_password")
        );
        let passed = r#"{"v":1,"outcome":"passed","ms":9}"#;
        assert_eq!(lines(&[passed]).unwrap().passed(), Ok(()));
        assert_eq!(lines(&[STAGE, END]).unwrap().unsaid(), None);
        assert!(lines(&[END]).unwrap().unsaid().is_some());
    }
}
