//! The whole product: built as it is shipped, driven as a person drives it.

use anyhow::Result;

use super::counts::Counts;
use super::suites;
use crate::workspace::Workspace;
use crate::{page, process, programs, setup};

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let browser = setup::browser::ensure()?;
    let axe = setup::axe::ensure(workspace)?;
    setup::gdb::ensure()?;
    let page = page::build(workspace)?;
    let programs = programs::build(workspace)?;
    suites::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .env("CREDENTIAL_GATEWAY_BIN", programs.gateway)
            .env("DEMO_PORTAL_BIN", programs.portal)
            .env("PAGE_DIR", page.folder)
            .env("AXE_JS", axe.script)
            .env("CHROMIUM", browser.chromium)
            .env("CHROMEDRIVER", browser.driver)
            .args(["test", "--workspace", "--no-fail-fast", "--test", "e2e"]),
        counts,
    )
}
