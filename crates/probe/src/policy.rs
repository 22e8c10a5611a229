//! Where a test may go. Private networks and the Internet are allowed; what only somebody inside of the gateway's machine or its
//! cloud should reach is refused; both can be changed by rules.

mod class;
mod rule;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::report::Cause;

pub use class::Class;
pub use rule::{BadRule, Ports, Rule};

/// What becomes of a destination that no rule names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// Private networks and the Internet are allowed, special addresses are refused.
    #[default]
    Usual,
    /// Everything is refused.
    Refuse,
}

/// The egress policy, as it stands in `gateway.toml` under `[test]`.
///
/// ```toml
/// otherwise = "usual"
/// allow = [{ network = "127.0.0.0/8", ports = [5432] }]
/// deny = [{ name = "*.internal.example" }, { network = "10.1.0.0/16" }, { network = "0.0.0.0/0", ports = ["1-1023"] }]
/// ```
///
/// `deny` comes before `allow`. Loopback, link-local, metadata and other special addresses are allowed only by a rule with their
/// network: whoever writes a name's DNS entry cannot choose them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What is allowed, special addresses included.
    pub allow: Vec<Rule>,
    /// What is refused, whatever else is said.
    pub deny: Vec<Rule>,
    /// What becomes of everything else.
    pub otherwise: Otherwise,
}

impl Policy {
    /// Before anything is looked up: is the destination's name denied?
    ///
    /// # Errors
    /// [`Cause::PolicyDenied`].
    pub fn check_name(&self, name: &str, port: u16) -> Result<(), Cause> {
        if self.deny.iter().any(|rule| rule.names(name, port)) {
            return Err(Cause::PolicyDenied);
        }
        Ok(())
    }

    /// May a test for this name go to this address? To be asked for each address that the name has.
    ///
    /// # Errors
    /// The cause that begins with `Policy`.
    pub fn check_address(&self, name: &str, address: IpAddr, port: u16) -> Result<(), Cause> {
        self.check_name(name, port)?;
        let address = address.to_canonical();
        // An address of IPv4 in the clothes of IPv6 is refused as what it leads to.
        let inner = class::embedded(address);
        let forms = || inner.into_iter().chain([address]);
        let denied = |rule: &Rule| forms().any(|form| rule.contains(form, port));
        if self.deny.iter().any(denied) {
            return Err(Cause::PolicyDenied);
        }
        if self.allow.iter().any(|rule| rule.contains(address, port)) {
            return Ok(());
        }
        if let Some(cause) = forms().find_map(|form| Class::of(form).refusal()) {
            return Err(cause);
        }
        let by_name = self.allow.iter().any(|rule| rule.names(name, port));
        match self.otherwise {
            Otherwise::Usual => Ok(()),
            Otherwise::Refuse if by_name => Ok(()),
            Otherwise::Refuse => Err(Cause::PolicyNotAllowed),
        }
    }
}

#[cfg(test)]
mod tests;
