//! No memory is given back with a secret in it. The allocator of this test program looks into each block that is freed.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use envelope::{Credential, Envelope, Secret, SecretChange, Ticket, open};
use getrandom::SysRng;

use crate::forgery::{decode, encode};
use crate::sample::{KEY, binding, credential, public};

/// What the secrets of these tests contain, 32 bytes that occur nowhere else.
const CANARY: &str = "Kv9-canary-7Qx2-f0und-iN-meMory_";

thread_local! {
    /// Freed blocks of this thread that contained the canary, while it is watched.
    static FOUND: Cell<Option<usize>> = const { Cell::new(None) };
}

struct Watching;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

#[allow(
    unsafe_code,
    reason = "an allocator cannot be written without; every call is passed on as it came"
)]
// SAFETY: all four functions hand their arguments to the system's allocator unchanged, so its guarantees are theirs.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the one that is needed.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the one that is needed.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's until the last line, and has the layout's length.
        unsafe {
            look_into(block, layout.size());
            System.dealloc(block, layout);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: as above; the old block may be given back by growing.
        unsafe {
            look_into(block, layout.size());
            System.realloc(block, layout, new_size)
        }
    }
}

/// Counts the block if it contains the canary. Bytes that were never written are read as they are, which is what a thief
/// would do.
#[allow(unsafe_code, reason = "looks into a block of memory")]
unsafe fn look_into(block: *const u8, length: usize) {
    let Ok(Some(found)) = FOUND.try_with(Cell::get) else {
        return;
    };
    let first = CANARY.as_bytes()[0];
    for at in 0..(length + 1).saturating_sub(CANARY.len()) {
        // SAFETY: `at` and the 32 bytes after it lie within the block. Volatile, because they may not be initialised.
        let same =
            |offset: usize, byte: u8| unsafe { block.add(at + offset).read_volatile() == byte };
        if same(0, first)
            && CANARY
                .bytes()
                .enumerate()
                .all(|(offset, byte)| same(offset, byte))
        {
            FOUND.set(Some(found + 1));
            return;
        }
    }
}

/// How many blocks with the canary in them `work` gives back.
fn freed_with_canary(work: impl FnOnce()) -> usize {
    FOUND.set(Some(0));
    work();
    FOUND.take().unwrap()
}

#[test]
fn the_canary_is_found_where_nothing_is_wiped() {
    let text = CANARY.to_owned();
    assert_eq!(freed_with_canary(|| drop(text)), 1);
    let mut growing = CANARY.to_owned();
    let grow = || (0..5).for_each(|_| growing.push_str(&" ".repeat(100)));
    assert!(freed_with_canary(grow) >= 1);
    assert_eq!(freed_with_canary(|| drop("another text".repeat(9))), 0);
}

#[test]
fn a_secret_is_wiped() {
    let mut roomy = String::with_capacity(1000);
    roomy.push_str(CANARY);
    assert_eq!(freed_with_canary(|| drop(Secret::new(roomy))), 0);
    let mut not_utf8 = CANARY.as_bytes().to_vec();
    not_utf8.push(0xff);
    assert_eq!(
        freed_with_canary(|| assert!(Secret::from_utf8(not_utf8).is_err())),
        0
    );
}

#[test]
fn sealing_leaves_nothing() {
    let key = public(&KEY);
    for secret in [
        CANARY.to_owned(),
        format!("\"{CANARY}\n").repeat(100),
        CANARY.repeat(300),
    ] {
        let credential = credential(&secret);
        let seal = || drop(credential.seal(&key, &binding(), &mut SysRng));
        assert_eq!(
            freed_with_canary(seal),
            0,
            "a secret of {} bytes",
            secret.len()
        );
    }
    // A credential that is refused is wiped as well.
    let mut refused = credential(CANARY);
    refused.secrets.insert(String::new(), SecretChange::Keep);
    assert_eq!(
        freed_with_canary(|| assert!(refused.seal(&key, &binding(), &mut SysRng).is_err())),
        0
    );
}

#[test]
fn opening_leaves_nothing() {
    for secret in [CANARY.to_owned(), format!("\"{CANARY}\n").repeat(100)] {
        let sealed = credential(&secret)
            .seal(&public(&KEY), &binding(), &mut SysRng)
            .unwrap();
        let received = Envelope::parse(sealed.as_str().as_bytes()).unwrap();
        let open_and_drop = || assert!(open(&received, &KEY, &binding()).is_ok());
        assert_eq!(
            freed_with_canary(open_and_drop),
            0,
            "a secret of {} bytes",
            secret.len()
        );
        let opened = open(&received, &KEY, &binding()).unwrap();
        let Credential { secrets, .. } = opened.credential;
        assert_eq!(freed_with_canary(|| drop(secrets)), 0);
    }
}

#[test]
fn a_ticket_is_wiped() {
    let claims = format!(
        r#"{{"iss":"p","aud":"g","sub":"a","jti":"j","iat":1,"nbf":1,"exp":2,"op":"set","df":"d","ls":"l","thp":"{}"}}"#,
        KEY.kid()
    );
    // A signature whose text begins with the canary, which is base64url.
    let mut signature = decode(CANARY);
    signature.resize(64, 0);
    let header = encode(br#"{"alg":"EdDSA","typ":"credential-ticket+jwt"}"#);
    let compact = format!(
        "{header}.{}.{}",
        encode(claims.as_bytes()),
        encode(&signature)
    );
    assert!(compact.contains(CANARY));
    let read = Ticket::parse(&compact).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(freed_with_canary(|| drop(read)), 0);
}
