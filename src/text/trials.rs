//! What is said of a test. Most of the words arrive with the first one.

use language::Argument::{Number, Text};
use language::{Message, message};

use crate::state::{Line, Outcome};

/// Has the gateway try what is in the form.
pub const TEST: Message = message("test");
/// Stores without that.
pub const SAVE_UNTESTED: Message = message("save-untested");
/// The gateway tries it.
pub const TESTING: Message = message("step-testing");
/// Label: whether what is stored was tested.
pub const TESTED: Message = message("tested");
/// The form was edited since.
pub const OUTDATED: Message = message("test-outdated");
/// Label: the data store's own code.
pub const STORE_CODE: Message = message("store-code");
/// Label: the data store's own words.
pub const STORE_SAID: Message = message("store-said");
/// Label: whom a certificate names.
pub const SUBJECT: Message = message("certificate-subject");
/// Label: who signed it.
pub const ISSUER: Message = message("certificate-issuer");
/// Label: when it ends.
pub const UNTIL: Message = message("certificate-until");
/// Trusts it from now on.
pub const TRUST: Message = message("trust-certificate");
/// When to do that.
pub const TRUST_HINT: Message = message("trust-certificate-hint");

const STAGE: Message = message("test-stage");
const MILLISECONDS: Message = message("test-milliseconds");

/// Heads the report.
pub fn title(ending: Option<&Line>) -> Message {
    match ending.map(|ending| ending.outcome) {
        // There before the other words.
        None => TESTED,
        Some(Outcome::Passed) => const { message("test-passed") },
        Some(_) => const { message("trouble-test-failed") },
    }
}

/// What came of a test before the credential was stored.
pub fn tested(word: &str) -> Message {
    match word {
        "passed" => const { message("tested-passed") },
        "failed" => const { message("tested-failed") },
        _ => const { message("tested-none") },
    }
}

/// A stage and how it ended. One that this page does not know has its name for programs.
pub fn stage(line: &Line) -> String {
    let stage = match line.stage.as_str() {
        "policy" => const { message("stage-policy") }.text(),
        "resolve" => const { message("stage-resolve") }.text(),
        "connect" => const { message("stage-connect") }.text(),
        "tls" => const { message("stage-tls") }.text(),
        "authenticate" => const { message("stage-authenticate") }.text(),
        "authorise" => const { message("stage-authorise") }.text(),
        "query" => const { message("stage-query") }.text(),
        other => other,
    };
    let result = match line.outcome {
        Outcome::Passed => const { message("result-passed") },
        Outcome::Failed => const { message("result-failed") },
        Outcome::Skipped => const { message("result-skipped") },
    };
    STAGE.with(&[Text(result.text()), Text(stage)])
}

/// How long it took.
pub fn milliseconds(line: &Line) -> String {
    MILLISECONDS.with(&[Number(line.ms)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_this_page_does_not_know_has_its_own_name() {
        let line = |stage: &str| Line {
            stage: stage.to_owned(),
            outcome: Outcome::Skipped,
            ms: 12,
            cause: None,
            code: String::new(),
            said: String::new(),
            certificate: None,
        };
        assert_eq!(stage(&line("tls")), "Encryption: skipped");
        assert_eq!(stage(&line("handshake")), "handshake: skipped");
        assert_eq!(milliseconds(&line("tls")), "12 ms");
    }
}
