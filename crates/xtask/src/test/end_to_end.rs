//! The whole product: built as it is shipped, driven as a person drives it.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use super::counts::Counts;
use super::suites;
use crate::workspace::Workspace;
use crate::{package, page, process, programs, setup};

/// The engine of the tests that are not run in each anyway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Engine {
    #[default]
    Chromium,
    Firefox,
    Webkit,
}

/// Tests, by the beginnings of their names, that ask Chromium's developer tools for what WebDriver has no command for.
const WITH_DEVELOPER_TOOLS: [&str; 0] = [];

pub(super) fn run(workspace: &Workspace, engine: Engine, counts: &mut Counts) -> Result<()> {
    let mut command = command(workspace)?;
    command.arg("--no-fail-fast");
    if let (true, Some(name)) = (engine != Engine::default(), engine.to_possible_value()) {
        command.env("E2E_ENGINE", name.get_name()).arg("--");
        for test in WITH_DEVELOPER_TOOLS {
            command.args(["--skip", test]);
        }
    }
    suites::run(&mut command, counts)
}

/// Takes the pictures anew that the pages are compared with.
///
/// # Errors
/// When something is missing, does not build, or one of the pages does not come to what is to be taken.
pub fn take_screenshots(workspace: &Workspace) -> Result<()> {
    process::run(
        command(workspace)?
            .args(["--", "both_pages_look_as_they_should"])
            .env("SCREENSHOTS_ANEW", "1"),
    )
}

/// The tests, and where all that they drive is.
fn command(workspace: &Workspace) -> Result<Command> {
    let browser = setup::browser::ensure()?;
    let engines = setup::engines::ensure(workspace)?;
    let axe = setup::axe::ensure(workspace)?;
    setup::gdb::ensure()?;
    let page = page::build(workspace)?;
    let examples = package::examples(workspace)?;
    let programs = programs::build(workspace)?;
    let mut command = process::cargo("cargo");
    command
        .current_dir(workspace.root())
        .env("CREDENTIAL_GATEWAY_BIN", programs.gateway)
        .env("DEMO_PORTAL_BIN", programs.portal)
        .env("PAGE_DIR", page.folder)
        .env("EXAMPLES_DIR", examples)
        .env("AXE_JS", axe.script)
        .env("CHROMIUM", browser.chromium)
        .env("CHROMEDRIVER", browser.driver)
        .env("GECKODRIVER", engines.geckodriver)
        .env("MINI_BROWSER", engines.mini_browser)
        .args(["test", "--workspace", "--test", "e2e"]);
    Ok(command)
}
