//! A plaintext has one spelling: what is read, written again, is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(written) = envelope::fuzzing::rewritten_plaintext(bytes) {
        assert!(written == bytes);
    }
});
