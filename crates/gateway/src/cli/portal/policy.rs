//! What a portal's page must be allowed to do for this gateway, in the words of its Content-Security-Policy.

use std::fmt;

use crate::issuers::{Issuer, Mode};

/// Where this gateway is, when nobody knows its port yet.
const ANY_PORT: &str = "https://GATEWAY:PORT";

/// The directives that a portal's policy needs.
pub(super) struct Policy {
    gateway: String,
    is_framed: bool,
}

/// The policy for a portal's modes. `gateway` is this gateway's origin, if its port is known.
pub(super) fn of(issuer: &Issuer, gateway: Option<&str>) -> Policy {
    Policy {
        gateway: gateway.unwrap_or(ANY_PORT).to_owned(),
        is_framed: issuer.modes().contains(&Mode::Frame),
    }
}

impl Policy {
    /// The same for programs.
    pub(super) fn directives(&self) -> Vec<String> {
        let gateway = &self.gateway;
        let mut directives = vec![format!("connect-src 'self' {gateway}")];
        if self.is_framed {
            directives.push(format!("frame-src {gateway}"));
        }
        directives
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("In the Content-Security-Policy of the portal's page, beside what it has:")?;
        for directive in self.directives() {
            write!(f, "\n  {directive};")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(is_framed: bool, gateway: Option<&str>) -> String {
        Policy {
            gateway: gateway.unwrap_or(ANY_PORT).to_owned(),
            is_framed,
        }
        .to_string()
    }

    #[test]
    fn a_popup_needs_no_more_than_its_ticket_s_outcome() {
        let words = policy(false, Some("https://gateway.corp:8050"));
        assert!(words.ends_with("\n  connect-src 'self' https://gateway.corp:8050;"));
    }

    #[test]
    fn a_frame_is_named_as_well() {
        let words = policy(true, None);
        assert!(words.ends_with(
            "\n  connect-src 'self' https://GATEWAY:PORT;\n  frame-src https://GATEWAY:PORT;"
        ));
    }
}
