//! The gateway's answers (problem, description, receipt, metadata): what is read comes back from what is written of it.
#![no_main]

use envelope::SignedReceipt;
use envelope::protocol::{GatewayDescription, Problem, StoredCredential};
use libfuzzer_sys::fuzz_target;

macro_rules! round_trip {
    ($type:ty, $bytes:expr) => {
        if let Ok(document) = serde_json::from_slice::<$type>($bytes) {
            let written = serde_json::to_vec(&document).expect("is written");
            let again: $type = serde_json::from_slice(&written).expect("is read");
            assert!(again == document);
        }
    };
}

fuzz_target!(|bytes: &[u8]| {
    round_trip!(Problem, bytes);
    round_trip!(GatewayDescription, bytes);
    round_trip!(SignedReceipt, bytes);
    round_trip!(StoredCredential, bytes);
});
