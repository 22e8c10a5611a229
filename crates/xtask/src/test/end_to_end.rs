//! The whole product, driven as a person drives it: the page as it is shipped, the programs as the other tests have compiled them.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use super::counts::Counts;
use super::suites;
use crate::workspace::Workspace;
use crate::{package, page, process, programs, setup};

/// What the end-to-end tests drive, as a person may choose.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Driven {
    /// Run all end-to-end tests that do not need Chromium's developer tools in this engine
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Which build of the gateway and the demo portal the end-to-end tests drive
    #[arg(long, value_enum, default_value_t)]
    programs: Build,
}

/// How the programs are compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Build {
    /// With checks of overflow and debug assertions; a fresh machine has compiled nearly all of it by now
    #[default]
    Debug,
    /// As they are shipped
    Release,
}

/// The engine of the tests that are not run in each anyway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Engine {
    #[default]
    Chromium,
    Firefox,
    Webkit,
}

/// Tests, by the beginnings of their names, that need more of a browser than WebDriver's commands: Chromium's developer tools, a
/// look into its memory, its own permissions, a certificate that is not accepted, or a clock that a test may set.
const ONLY_IN_CHROMIUM: [&str; 36] = [
    "accessibility::",
    "captured_secrets::",
    "console::",
    "editing::a_stored_credential_is_edited_without_its_secret",
    "element::a_blocked_window_is_offered_again_by_a_button",
    "element::diagnosis::the_",
    "examples::",
    "failures::offline_is_told_and_loses_nothing_typed",
    "framing::a_frame_takes_one_ticket",
    "framing::a_page_of_an_origin_that_is_not_registered",
    "framing::a_portal_may_take_its_time_to_answer",
    "framing::messages_that_are_no_connection_change_nothing",
    "framing::plain_sight::",
    "framing::the_",
    "head_start::",
    "hostile_secrets::hostile_secrets_arrive_byte_for_byte",
    "identity::a_key_document_from_before_a_rotation_is_refused",
    "identity::another_identity_key_blocks_the_page",
    "key_files::a_file_that_is_dropped_is_stored_as_base64",
    "keyboard::",
    "languages::the_portal_s_language_comes_first",
    "leaks::",
    "lifetime::a_countdown_that_was_stopped_closes_nothing",
    "lifetime::a_page_that_comes_back_from_the_back_button_has_no_secret",
    "lifetime::five_minutes_without_input_wipe_secrets",
    "residue::",
    "screenshots::",
    "substituted_keys::",
    "ticket_in_url::",
    "trials::a_credential_is_tested_and_then_stored",
    "without_webassembly::",
    "wizard::a_blocked_window_is_told_in_words",
    // These are run in each engine in every run.
    "::chromium::",
    "::firefox::",
    "::webkit::",
    // Hundreds of saves: what they show is the gateway's part.
    "many_saves::",
];

/// Tests of a page that hears from the window which it has opened: WebKit cuts a window off that has begun blank, under the demo
/// portal's opener policy. The others are those that its driver cannot do: what is in a frame, and texts with their line breaks.
const NOT_IN_WEBKIT: [&str; 15] = [
    "copy_wizard::a_forged_receipt",
    "copy_wizard::two_linked_services",
    "element::a_receipt_for_another_ticket_is_not_believed",
    "element::a_window_that_is_replaced_is_told_to_be_over",
    "element::close_tells_of_it",
    "element::frame::",
    "element::it_can_be_defined_twice",
    "element::nothing_but_known_members",
    "element::outcome::what_was_stored_as_the_window_went_is_told",
    "element::two_elements_work_at_once",
    "element::what_the_gateway_refuses",
    "hostile_secrets::",
    "lifetime::after_a_save_the_window_counts_down",
    "trials::a_gateway_may_want_every_credential_tested_that_it_can",
    "wizard::",
];

pub(super) fn run(
    workspace: &Workspace,
    &Driven { engine, programs }: &Driven,
    counts: &mut Counts,
) -> Result<()> {
    let mut command = command(workspace, programs)?;
    command.arg("--no-fail-fast");
    if let (true, Some(name)) = (engine != Engine::default(), engine.to_possible_value()) {
        command.env("E2E_ENGINE", name.get_name()).arg("--");
        let others: &[&str] = match engine {
            Engine::Webkit => &NOT_IN_WEBKIT,
            Engine::Chromium | Engine::Firefox => &[],
        };
        for test in ONLY_IN_CHROMIUM.iter().chain(others) {
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
        command(workspace, Build::default())?
            .args(["--", "screenshots::"])
            .env("SCREENSHOTS_ANEW", "1"),
    )
}

/// The tests, and where all that they drive is.
fn command(workspace: &Workspace, programs: Build) -> Result<Command> {
    let browser = setup::browser::ensure()?;
    let engines = setup::engines::ensure(workspace)?;
    let axe = setup::axe::ensure(workspace)?;
    setup::gdb::ensure()?;
    setup::postgresql::ensure()?;
    let page = page::build(workspace)?;
    let examples = package::npm::examples(workspace)?;
    let programs = match programs {
        Build::Debug => programs::build_for_tests(workspace)?,
        Build::Release => programs::build(workspace)?,
    };
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
