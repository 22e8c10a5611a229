//! A ticket is three parts of canonical base64url, and its claims keep the rules for names and times.
#![no_main]

use envelope::Ticket;
use envelope::context::MAX_UNIX_SECONDS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(ticket) = Ticket::parse(text) else {
        return;
    };
    // EXPOSE: compared with what came in; nothing here is anybody's ticket.
    assert!(ticket.expose() == text);
    assert!(text.as_bytes().starts_with(ticket.signing_input()));
    let claims = ticket.claims();
    for time in [claims.iat, claims.nbf, claims.exp] {
        assert!(time.0 <= MAX_UNIX_SECONDS);
    }
    for line in [&claims.iss, &claims.sub] {
        assert!(!line.is_empty() && !line.contains(char::is_control));
    }
    assert!(claims.org.as_ref().is_none_or(|origin| origin.starts_with("http")));
});
