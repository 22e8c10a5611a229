//! The stages, in the order in which they run: the quick ones first.

use std::fmt;

use anyhow::Result;
use clap::ValueEnum;

use super::counts::Counts;
use super::{dependencies, end_to_end, fuzzing, in_browser, lints, native, packaging, windows};
use crate::tidy;
use crate::workspace::Workspace;

/// One stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Stage {
    /// rustfmt
    Format,
    /// clippy, for this machine and for the browser
    Lints,
    /// Licences, sources and duplicates of what we depend on
    Deny,
    /// The rules that no compiler knows
    Tidy,
    /// Which crate may depend on which
    Dependencies,
    /// Unit, property, vector and interoperation tests, on this machine
    Unit,
    /// What is for Windows only, built for it and run under Wine
    Windows,
    /// Every parser, fed with what no test thought of, for some seconds
    Fuzz,
    /// The npm package and the Debian package: whether they are what those who install them look for
    Package,
    /// The page's components in headless Chromium
    Browser,
    /// Browsers, demo portal and gateway together
    E2e,
}

impl Stage {
    /// The stages named, or all, in order.
    pub(super) fn chosen(named: &[Self]) -> impl Iterator<Item = Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(move |stage| named.is_empty() || named.contains(stage))
    }

    /// What it shows.
    pub(super) fn purpose(self) -> &'static str {
        match self {
            Self::Format => "the sources look as rustfmt writes them",
            Self::Lints => "clippy has nothing to say, for this machine and for the browser",
            Self::Deny => "licences, sources and duplicates of what we depend on",
            Self::Tidy => "the rules that no compiler knows",
            Self::Dependencies => "nothing depends on what it must not",
            Self::Unit => "unit, property, vector and interoperation tests",
            Self::Windows => "what is for Windows only, under Wine",
            Self::Fuzz => "every parser, fed with what no test thought of",
            Self::Package => "the packages, as whoever installs them meets them",
            Self::Browser => "the page's components in headless Chromium",
            Self::E2e => "Chromium, Firefox and WebKit with demo portal and gateway",
        }
    }

    pub(super) fn run(
        self,
        workspace: &Workspace,
        options: &end_to_end::Driven,
        counts: &mut Counts,
    ) -> Result<()> {
        match self {
            Self::Format => lints::format(workspace),
            Self::Lints => lints::clippy(workspace),
            Self::Deny => dependencies::deny(workspace),
            Self::Tidy => tidy::run(workspace),
            Self::Dependencies => dependencies::shape(workspace),
            Self::Unit => native::run(workspace, counts),
            Self::Windows => windows::run(workspace, counts),
            Self::Fuzz => fuzzing::run(workspace, counts),
            Self::Package => packaging::run(workspace, counts),
            Self::Browser => in_browser::run(workspace, counts),
            Self::E2e => end_to_end::run(workspace, options, counts),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_possible_value()
            .map_or(Ok(()), |value| formatter.write_str(value.get_name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_run_in_their_own_order() {
        let chosen: Vec<Stage> = Stage::chosen(&[Stage::E2e, Stage::Unit]).collect();
        assert_eq!(chosen, [Stage::Unit, Stage::E2e]);
        assert_eq!(Stage::chosen(&[]).count(), Stage::value_variants().len());
    }
}
