//! The page's own tests, compiled to WebAssembly and run by wasm-bindgen in headless Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use serde::Deserialize;
use serde_json::json;

use super::counts::Counts;
use super::metadata::Target;
use super::suites;
use crate::setup::wasm_std::{self, TARGET};
use crate::setup::{browser, wasm_bindgen};
use crate::workspace::Workspace;
use crate::{process, terminal};

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let browser = browser::ensure()?;
    let bindgen = wasm_bindgen::ensure(workspace)?;
    let programs = compile(workspace)?;
    let folder = workspace.target().join("browser");
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("webdriver.json"),
        capabilities(&browser.chromium),
    )?;
    for program in programs {
        terminal::say(format!("running {}", program.display()));
        suites::run(
            Command::new(&bindgen.test_runner)
                .arg(program)
                // The runner reads webdriver.json where it is started.
                .current_dir(&folder)
                .env("CHROMEDRIVER", &browser.driver)
                .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
                .env_remove("NO_HEADLESS"),
            counts,
        )?;
    }
    Ok(())
}

/// Compiles the tests and returns where they are.
fn compile(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let wasm_std = wasm_std::ensure(workspace)?;
    let messages = process::read_output(
        wasm_std
            .cargo(workspace)
            .current_dir(workspace.root())
            .args([
                "test",
                "--no-run",
                "--package",
                "credential-setter",
                "--test",
                "browser",
            ])
            .args([
                "--target",
                TARGET,
                "--message-format",
                "json-render-diagnostics",
            ]),
    )?;
    let programs: Vec<PathBuf> = messages.lines().filter_map(test_program).collect();
    if programs.is_empty() {
        bail!("cargo compiled no test for the browser");
    }
    Ok(programs)
}

/// The test program that a message of cargo tells of, if it does: the page's own program is compiled beside the tests.
fn test_program(message: &str) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Artifact {
        executable: Option<PathBuf>,
        target: Target,
    }
    let artifact: Artifact = serde_json::from_str(message).ok()?;
    artifact
        .executable
        .filter(|_| artifact.target.kind.iter().any(|kind| kind == "test"))
}

/// What chromedriver is asked for: nothing that phones home or needs a graphics card, no sandbox where we are root (Chromium
/// refuses to start otherwise).
fn capabilities(chromium: &Path) -> String {
    let mut arguments = vec![
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    if rustix::process::geteuid().is_root() {
        arguments.push("--no-sandbox");
    }
    json!({ "goog:chromeOptions": { "binary": chromium, "args": arguments } }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_of_test_programs_count() {
        let artifact = |kind: &str, executable: &str| {
            let target = format!(r#"{{"name":"browser","kind":["{kind}"]}}"#);
            test_program(&format!(
                r#"{{"reason":"compiler-artifact","target":{target},"executable":{executable}}}"#
            ))
        };
        assert_eq!(
            artifact("test", r#""/t/browser.wasm""#),
            Some(PathBuf::from("/t/browser.wasm"))
        );
        assert_eq!(artifact("bin", r#""/t/credential-setter.wasm""#), None);
        assert_eq!(artifact("test", "null"), None);
        assert_eq!(test_program("Compiling"), None);
    }
}
