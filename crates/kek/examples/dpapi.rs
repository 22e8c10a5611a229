//! DPAPI, called: a round trip, and what is refused. Prints a line for each, and fails at the first that is not so.
//!
//! For Windows; elsewhere it does nothing. `cargo xtask test` builds it for Windows and runs it under Wine, which shows that the
//! calls are right, not that the protection is.

#[cfg(windows)]
fn main() -> Result<(), String> {
    use kek::dpapi::DpapiKek;
    use kek::{KEY_BYTES, Kek, KekError, KekId, Key};

    let kek = Kek::from(DpapiKek::new(KekId::from_bytes(b"named when it was made")));
    let key = Key::new([7; KEY_BYTES]);
    let wrapped = kek
        .wrap_key(&key, b"term 1")
        .map_err(|error| error.to_string())?;
    let opened = kek.unwrap_key(&wrapped, b"term 1");
    shown("round trip", opened.is_ok_and(|opened| opened == key))?;
    shown(
        "the key is not in what is stored",
        !wrapped
            .windows(KEY_BYTES)
            .any(|window| window == key.as_slice()),
    )?;
    let refused = |wrapped: &[u8], context: &[u8]| {
        matches!(kek.unwrap_key(wrapped, context), Err(KekError::DoesNotOpen))
    };
    shown("another context is refused", refused(&wrapped, b"term 2"))?;
    shown("nothing is refused", refused(b"", b"term 1"))?;
    let mut changed = wrapped.clone();
    if let Some(last) = changed.last_mut() {
        *last ^= 1;
    }
    shown("a changed byte is refused", refused(&changed, b"term 1"))?;
    let half = wrapped.get(..wrapped.len() / 2).unwrap_or_default();
    shown("a cut one is refused", refused(half, b"term 1"))
}

#[cfg(windows)]
fn shown(what: &str, is_so: bool) -> Result<(), String> {
    use std::io::Write;
    if !is_so {
        return Err(format!("not so: {what}"));
    }
    writeln!(std::io::stdout(), "ok: {what}").map_err(|error| error.to_string())
}

#[cfg(not(windows))]
fn main() {}
