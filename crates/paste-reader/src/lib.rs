//! Recognises what is pasted into the page, in a WebAssembly module of its own: it weighs as much as a fifth of the page, and most
//! people never need it. It has no imports, so it can reach nothing but its own memory, and no glue.
//!
//! How the page calls it is in [`reader_exchange`]. It is asked with the kind that is wanted (its id, or nothing), a line feed, and the text; it answers
//! with a [parcel](linked_service::connection_string::pack).
#![cfg_attr(
    target_arch = "wasm32",
    expect(
        unsafe_code,
        reason = "a function that is called by name from another program has to be exported by that name"
    )
)]

use linked_service::connection_string::{pack, recognise};
use linked_service::kind;
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

/// Recognises what was asked, and gives the address of the answer.
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

/// An empty answer is no parcel: the page has written something that is not text.
fn answer(asked: &[u8]) -> Zeroizing<Vec<u8>> {
    let asked = str::from_utf8(asked).unwrap_or_default();
    match asked.split_once('\n') {
        Some((wanted, text)) => pack(&recognise(text, kind(wanted))),
        None => Zeroizing::default(),
    }
}

#[cfg(test)]
mod tests {
    use linked_service::connection_string::unpack;

    use super::*;

    fn asked(asked: &[u8]) -> Option<(String, String)> {
        let answer = answer(asked);
        match unpack(&answer)? {
            Ok(recognised) => {
                let first = recognised.properties.first();
                Some((recognised.kind.id.to_owned(), first?.1.clone()))
            }
            Err(sentence) => Some((String::new(), sentence.say())),
        }
    }

    #[test]
    fn the_kind_that_is_wanted_comes_first() {
        let text = "Server=db01;Database=Sales;Uid=u;Pwd=p";
        for wanted in ["OnPremisesSqlServer", "OnPremisesMySql"] {
            let (kind, server) = asked(format!("{wanted}\n{text}").as_bytes()).unwrap();
            assert_eq!((kind.as_str(), server.as_str()), (wanted, "db01"));
        }
        let (kind, server) = asked(b"\npostgres://u:p@pg01/sales").unwrap();
        assert_eq!(
            (kind.as_str(), server.as_str()),
            ("OnPremisesPostgreSql", "pg01")
        );
    }

    #[test]
    fn what_is_refused_is_told_in_a_sentence() {
        let (kind, sentence) = asked(b"OnPremisesSqlServer\nmysql://u:p@h/d").unwrap();
        assert!(
            kind.is_empty() && sentence.contains("MySQL") && sentence.contains("SQL Server"),
            "{sentence}"
        );
    }

    #[test]
    fn what_is_not_text_has_no_answer() {
        assert!(asked(b"\n\xff").is_none());
        assert!(asked(b"no line feed").is_none());
    }
}
