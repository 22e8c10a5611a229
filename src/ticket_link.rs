//! The ticket in the link: taken from the fragment, which the browser sends to nobody, and removed from the address bar at once.

use envelope::Ticket;
use wasm_bindgen::JsValue;

use crate::browser::window;
use crate::config::TICKET_FRAGMENT;
use crate::trouble::Trouble;

/// Takes the ticket out of the address bar, so that it is neither shown, bookmarked nor left in the history.
///
/// # Errors
/// [`Trouble::NoTicket`] or [`Trouble::MalformedTicket`].
pub fn take_from_address_bar() -> Result<Ticket, Trouble> {
    let window = window().ok_or(Trouble::NoTicket)?;
    let location = window.location();
    let fragment = location.hash().unwrap_or_default();
    if fragment.len() > 1 {
        let clean = location.pathname().unwrap_or_default();
        // Refused only for another origin's address or by a flood of calls; the ticket is used either way.
        let _ = window
            .history()
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&clean)));
    }
    read(&fragment)
}

/// Whether the address bar holds a ticket.
pub fn is_in_address_bar() -> bool {
    let fragment = window().and_then(|window| window.location().hash().ok());
    fragment.is_some_and(|fragment| {
        fragment
            .trim_start_matches('#')
            .starts_with(TICKET_FRAGMENT)
    })
}

/// The ticket in a link that a person pasted. White space is passed over: terminals and mail programs break long links.
///
/// # Errors
/// [`Trouble::NoTicket`] or [`Trouble::MalformedTicket`].
pub fn read(link: &str) -> Result<Ticket, Trouble> {
    let link: String = link.split_whitespace().collect();
    let ticket = link
        .split(['#', '&'])
        .find_map(|part| part.strip_prefix(TICKET_FRAGMENT))
        .ok_or(Trouble::NoTicket)?;
    Ticket::parse(ticket).map_err(|error| Trouble::MalformedTicket(error.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_without_a_ticket_is_told_from_a_broken_one() {
        for link in ["", "#", "#other=1", "https://gw.example:8050/", "#ticke"] {
            assert!(matches!(read(link), Err(Trouble::NoTicket)), "{link}");
        }
        for link in [
            "#ticket=",
            "#ticket=a.b.c",
            "https://gw.example:8050/#ticket=%20",
        ] {
            assert!(
                matches!(read(link), Err(Trouble::MalformedTicket(_))),
                "{link}"
            );
        }
    }
}
