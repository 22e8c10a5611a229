//! How a portal's pages may show this gateway's page.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// One way to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// In a window of its own. Works without anybody's permission: a window is not inside of the portal's page.
    Popup,
    /// In a frame inside of the portal's page. Browsers allow it to the origins that the gateway names, and to no other.
    Frame,
}

impl Mode {
    /// What a portal may do of which nothing was said.
    pub(super) fn unless_told() -> Vec<Self> {
        vec![Self::Popup]
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Popup => "popup",
            Self::Frame => "frame",
        })
    }
}
