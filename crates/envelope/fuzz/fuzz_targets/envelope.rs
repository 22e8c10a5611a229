//! An envelope has one spelling: what is accepted comes back byte for byte.
#![no_main]

use envelope::Envelope;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::parse(bytes) {
        assert!(envelope.as_str().as_bytes() == bytes);
        assert!(bytes.len() <= envelope::protocol::MAX_ENVELOPE_BYTES);
    }
});
