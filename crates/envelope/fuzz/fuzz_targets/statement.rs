//! A statement comes apart into what it is made of.
#![no_main]

use envelope::KeyStatement;
use envelope::statement::{Seen, SignedStatement};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(seen) = Seen::from_text(text) {
        assert!(Seen::from_text(&seen.to_text()) == Some(seen));
    }
    let Some(signed) = SignedStatement::parse(text) else {
        return;
    };
    assert!(text.starts_with(signed.signing_input));
    if let Ok(statement) = serde_json::from_slice::<KeyStatement>(&signed.payload) {
        let written = serde_json::to_vec(&statement).expect("is written");
        let again: KeyStatement = serde_json::from_slice(&written).expect("is read");
        assert!(again == statement);
    }
});
