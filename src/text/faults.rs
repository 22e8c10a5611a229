//! What is wrong with single fields, in words.

use envelope::protocol::FieldProblem;
use language::Argument::Text;
use language::{Message, message};
use linked_service::Rule;

use crate::state::Fault;

const UNKNOWN_RULE: Message = message("rule-unknown");

/// A rule that the gateway named by its code, in words.
fn rule_in_words(code: &str) -> String {
    match Rule::without_evidence(code) {
        Some(rule) => rule.sentence().say(),
        None => UNKNOWN_RULE.with(&[Text(code)]),
    }
}

/// The gateway's findings about single fields.
pub fn faults_in_words(problems: &[FieldProblem]) -> Vec<Fault> {
    let fault = |problem: &FieldProblem| Fault {
        field: problem.field.clone(),
        words: rule_in_words(&problem.rule),
    };
    problems.iter().map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_the_same_words_from_the_gateway_as_from_the_page() {
        for rule in [Rule::Required, Rule::NotAFileShare, Rule::NotThreeDigits] {
            assert_eq!(rule_in_words(rule.as_str()), rule.to_string());
        }
        assert!(rule_in_words("new_rule").contains("new_rule"));
    }
}
