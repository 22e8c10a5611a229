//! A test of the credential at its data store: what the gateway has told of it, and which field that is about.

use linked_service::{Field, Input, Kind, Role};

use std::rc::Rc;

use super::Form;

/// What a person wants to become of the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It is tested, where the gateway can, and stored when that went well.
    Save,
    /// It is tested.
    Test,
    /// It is stored.
    SaveUntested,
}

/// A test under way, or the last one.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// What the gateway has told so far.
    pub lines: Vec<Rc<Line>>,
    /// Whether the form was edited since, so that it is about another credential.
    pub outdated: bool,
}

/// A stage that has ended, or the test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which stage; empty for the whole test, whose line is the last.
    pub stage: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// Why it failed; or, of what passed, what is worth knowing.
    pub cause: Option<Cause>,
    /// The data store's own code; empty without one.
    pub code: String,
    /// The data store's own words, likewise.
    pub said: String,
    /// The certificate that it showed.
    pub certificate: Option<Certificate>,
}

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Well.
    Passed,
    /// Badly.
    Failed,
    /// It was not begun, or there was nothing to do.
    Skipped,
}

/// A cause, in the gateway's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its name for programs.
    pub code: String,
    /// What happened.
    pub sentence: String,
    /// What may help.
    pub advice: String,
    /// What sort of field it is about, if it is about one.
    pub field: Option<String>,
}

/// What a person compares before trusting a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Its hash: what is trusted.
    pub sha256: String,
    /// When it ends, in seconds since the Unix epoch.
    pub not_after: u64,
}

impl Outcome {
    /// Its word in the report.
    pub fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// The outcome of this word.
    pub fn of(word: &str) -> Option<Self> {
        let all = [Self::Passed, Self::Failed, Self::Skipped];
        all.into_iter().find(|outcome| outcome.code() == word)
    }
}

impl Cause {
    /// Whether it is none any more once the certificate is trusted. One that is out of time stays refused.
    pub fn is_overcome_by_trust(&self) -> bool {
        let codes = [
            "certificate_untrusted",
            "certificate_wrong_name",
            "certificate_invalid",
        ];
        codes.contains(&self.code.as_str())
    }
}

impl Trial {
    /// The last line, once it is there.
    pub fn ending(&self) -> Option<&Line> {
        let last = self.lines.last()?;
        last.stage.is_empty().then_some(last)
    }
}

impl Form {
    /// The property that says which certificate is trusted, whoever signed it. No field of the form: a button sets it.
    pub fn trusted_certificate(&self) -> Option<&'static Field> {
        self.kind.and_then(Kind::trusted_certificate)
    }

    /// Whether the last test has failed.
    pub fn has_failed(&self) -> bool {
        let ending = self.trial.as_ref().and_then(Trial::ending);
        ending.is_some_and(|ending| ending.outcome == Outcome::Failed)
    }

    /// The field that the last test's cause is about, and the cause; nothing once the form was edited.
    pub fn blamed(&self) -> Option<(&'static Field, &Cause)> {
        let trial = self.trial.as_ref().filter(|trial| !trial.outdated)?;
        let cause = trial.ending()?.cause.as_ref()?;
        let wanted = cause.field.as_deref()?;
        // By what they are for: kinds have names of their own.
        let fits = |field: &&'static Field| match wanted {
            "host" => matches!(field.input, Input::Host | Input::Url),
            "port" => matches!(field.input, Input::Port),
            "database" => field.role == Role::Destination && matches!(field.input, Input::Text),
            "username" => field.role == Role::Account,
            "password" => field.is_secret(),
            _ => false,
        };
        // A port may stand behind its host.
        let instead = |field: &&'static Field| {
            wanted == "port" && matches!(field.input, Input::Host | Input::Url)
        };
        let found = self.fields().find(fits);
        let found = found.or_else(|| self.fields().find(instead));
        found.map(|field| (field, cause))
    }
}

#[cfg(test)]
pub(crate) mod tests;
