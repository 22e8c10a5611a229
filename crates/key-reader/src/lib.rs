//! Recognises key files and tries their passphrases for the page, in a WebAssembly module of its own: it weighs as much as the page,
//! and most people never need it. It has no imports, so it can reach nothing but its own memory, and no glue.
//!
//! What it is asked and answers is in [`reader_exchange::key_file`], how the page calls it in [`reader_exchange`].
#![cfg_attr(
    target_arch = "wasm32",
    expect(
        unsafe_code,
        reason = "a function that is called by name from another program has to be exported by that name"
    )
)]

mod sentence;

use key_file::{Algorithm, Container, Description, Key, PassphraseError, recognise};
use language::Sentence;
use reader_exchange::key_file::{Outcome, Wanted, pack, read_question};
use reader_exchange::memory;
use zeroize::Zeroizing;

/// Every buffer is wiped when it is freed.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<rlsf::SmallGlobalTlsf> =
    zeroizing_alloc::ZeroAlloc(rlsf::SmallGlobalTlsf::new());

/// Makes room for what is asked, in bytes, and gives its address.
// SAFETY: no other function of this name is linked. Only where it is needed: elsewhere a name could be one of the system's.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn reader_room(length: usize) -> *mut u8 {
    memory::room(length)
}

/// Reads what was asked, and gives the address of the answer.
// SAFETY: as above.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn reader_read() -> *const u8 {
    memory::read(answer)
}

/// How long the answer is, in bytes.
// SAFETY: as above.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn reader_answer_length() -> usize {
    memory::answer_length()
}

/// Forgets what was asked and answered.
// SAFETY: as above.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn reader_wipe() {
    memory::wipe();
}

/// An empty answer is none: the page has written something that is no question.
fn answer(asked: &[u8]) -> Zeroizing<Vec<u8>> {
    match read_question(asked) {
        Some((wanted, file, passphrase)) => about(wanted, file, passphrase),
        None => Zeroizing::default(),
    }
}

fn about(wanted: Wanted, bytes: &[u8], passphrase: &[u8]) -> Zeroizing<Vec<u8>> {
    let refused = |outcome, sentence: Sentence| pack(outcome, &sentence, "");
    let file = match recognise(bytes) {
        Ok(file) => file,
        Err(why) => return refused(Outcome::Refused, sentence::unrecognised(&why, wanted)),
    };
    let taken = |outcome, sentence: Sentence| pack(outcome, &sentence, &file.content());
    let known = file.description();
    if let Some(sentence) = unfit(wanted, known) {
        return refused(Outcome::Refused, sentence);
    }
    if !file.needs_passphrase() {
        return taken(Outcome::Open, sentence::open(known));
    }
    if passphrase.is_empty() {
        return taken(Outcome::Sealed, sentence::sealed(known));
    }
    match file.check_passphrase(passphrase) {
        Ok(inside) => match unfit(wanted, &inside) {
            Some(sentence) => refused(Outcome::Refused, sentence),
            None => taken(Outcome::Opened, sentence::opened(&inside)),
        },
        Err(why) => {
            let sentence = sentence::passphrase(&why);
            match why {
                PassphraseError::Wrong => refused(Outcome::WrongPassphrase, sentence),
                PassphraseError::Damaged => refused(Outcome::Refused, sentence),
                PassphraseError::Unsupported(_) | PassphraseError::TooMuchWork => {
                    taken(Outcome::Untried, sentence)
                }
            }
        }
    }
}

/// Why a key file cannot be used in this place, as far as can be known.
fn unfit(wanted: Wanted, known: &Description) -> Option<Sentence> {
    let is_pfx = known.container == Container::Pfx;
    if is_pfx != (wanted == Wanted::Certificate) {
        return Some(sentence::other_container(known.container, wanted));
    }
    match known.key {
        Key::Absent => Some(sentence::NO_KEY.into()),
        Key::Present(Algorithm::SecurityKey) => Some(sentence::SECURITY_KEY.into()),
        Key::Present(_) | Key::Sealed => None,
    }
}

#[cfg(test)]
mod tests;
