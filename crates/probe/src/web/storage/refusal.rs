//! How object stores say no: a document with a code and a sentence.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use crate::web::answer::Answer;

/// As long as a store's code may be, in characters.
const MAX_CODE: usize = 64;

/// Code and words; of an answer that is no refusal, its status.
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) message: Option<String>,
}

impl Refusal {
    pub(super) fn of(answer: &Answer) -> Self {
        let body = answer.body();
        let code = answer.header("x-ms-error-code").map(str::to_owned);
        let code = code.or_else(|| text_of(body, "Code"));
        Self {
            code: code
                .filter(|code| is_code(code))
                .unwrap_or_else(|| answer.status.as_str().to_owned()),
            message: text_of(body, "Message").filter(|message| !message.is_empty()),
        }
    }
}

/// Letters alone: nothing else gets into a report as a code.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_CODE
        && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What stands in the first element of this name, below the root. A body that ends too early has no more than came until then.
pub(in crate::web) fn text_of(body: &[u8], name: &str) -> Option<String> {
    let body = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&body);
    let mut text: Option<String> = None;
    loop {
        let event = reader.read_event().ok()?;
        match (event, &mut text) {
            (Event::Start(start), None) if start.local_name().as_ref() == name => {
                text = Some(String::new());
            }
            (Event::Text(part), Some(text)) => text.push_str(&part),
            (Event::GeneralRef(reference), Some(text)) => {
                match reference.resolve_char_ref().ok()? {
                    Some(character) => text.push(character),
                    None => text.push_str(resolve_predefined_entity(&reference)?),
                }
            }
            (Event::End(_), Some(_)) => return text,
            (Event::Eof, _) => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_and_anything_else_is_none() {
        let body = br#"<?xml version="1.0"?><Error xmlns="x">
            <Code>AccessDenied</Code><Message>no &lt;b&gt; &#65;</Message></Error>"#;
        assert_eq!(text_of(body, "Code").as_deref(), Some("AccessDenied"));
        assert_eq!(text_of(body, "Message").as_deref(), Some("no <b> A"));
        for other in [
            &b"<Error><Code>Acc"[..],
            b"<Error><Code>&unknown;</Code></Error>",
            b"<Error/>",
            b"{}",
            b"",
        ] {
            assert_eq!(text_of(other, "Code"), None, "{other:?}");
        }
    }

    #[test]
    fn a_code_is_letters() {
        assert!(is_code("InvalidAccessKeyId"));
        for other in ["", "sig=x", "<b>", "A B", &"A".repeat(65)] {
            assert!(!is_code(other), "{other}");
        }
    }
}
