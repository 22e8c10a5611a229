//! The first message, in which smb2 announces its ciphers but not that it has some: servers that ask for encryption look at both (MS-SMB2,
//! section 3.3.5.4).

use std::sync::{Arc, Mutex, PoisonError};

use smb2::client::connection::Connection;
use smb2::crypto::kdf::PreauthHasher;

/// `NEGOTIATE`, where a header has its command.
const COMMAND: (std::ops::Range<usize>, [u8; 2]) = (12..14, [0, 0]);
/// Where the request has its capabilities, and `SMB2_GLOBAL_CAP_ENCRYPTION`.
const CAPABILITIES: usize = 64 + 8;
const ENCRYPTION: u8 = 0x40;

/// What was really said, which later signatures vouch for.
#[derive(Clone, Default)]
pub(super) struct Negotiation(Arc<Mutex<Spoken>>);

#[derive(Default)]
struct Spoken {
    hasher: PreauthHasher,
    is_answered: bool,
}

impl Negotiation {
    /// The request as it goes out.
    pub(super) fn announce(&self, message: &mut [u8]) {
        if message.get(COMMAND.0) != Some(&COMMAND.1) {
            return;
        }
        if let Some(capabilities) = message.get_mut(CAPABILITIES) {
            *capabilities |= ENCRYPTION;
        }
        let mut spoken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spoken.hasher.update(message);
    }

    /// The answer as it came; others do not count.
    pub(super) fn hear(&self, message: &[u8]) {
        let mut spoken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !spoken.is_answered {
            spoken.is_answered = true;
            spoken.hasher.update(message);
        }
    }

    /// The client signs for what was said, too. A hash of anything else would not pass at the server.
    pub(super) fn vouch(&self, connection: &Connection) {
        let spoken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connection.with_preauth_hasher_mut(|hasher| *hasher = spoken.hasher.clone());
    }
}
