//! Everything that needs no browser.

use std::collections::BTreeSet;
use std::thread;

use anyhow::Result;

use super::counts::Counts;
use super::metadata::{self, Package};
use super::suites;
use crate::workspace::Workspace;
use crate::{process, programs, setup};

/// Test programs of the page that have stages of their own.
const ELSEWHERE: [&str; 2] = ["browser", "e2e"];

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let interop = setup::interop::ensure(workspace)?;
    let schemathesis = setup::schemathesis::ensure(workspace)?;
    setup::kek_providers::ensure()?;
    setup::age::ensure()?;
    setup::postgresql::ensure()?;
    setup::mariadb::ensure()?;
    let mock = setup::mssql_mock_tds::ensure(workspace)?;
    let stores = setup::object_stores::ensure(workspace)?;
    let secantusdb = setup::secantusdb::ensure(workspace)?;
    setup::odbc::ensure()?;
    setup::file_servers::ensure()?;
    setup::torture::ensure()?;
    let programs = test_programs(metadata::packages(workspace)?);
    let mut cargo = process::cargo("cargo");
    cargo
        .current_dir(workspace.root())
        .env("ENVELOPE_INTEROP_DIR", interop.folder())
        .env("RUST_TEST_THREADS", at_once().to_string())
        .env("SCHEMATHESIS", schemathesis.program())
        .env("MSSQL_MOCK_TDS", mock)
        .env("MOTO_PYTHON", stores.moto_python())
        .env("AZURITE", stores.azurite())
        .env("SECANTUSDB_PYTHON", secantusdb)
        // Cargo has built it by the time a test runs.
        .env(
            "CREDENTIAL_GATEWAY_BIN",
            programs::Programs::in_profile(workspace, "debug").gateway,
        )
        .args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins"])
        .args(programs.iter().flat_map(|name| ["--test", name]));
    let tests = suites::run(&mut cargo, counts);

    let mut cargo = process::cargo("cargo");
    cargo
        .current_dir(workspace.root())
        .args(["test", "--workspace", "--no-fail-fast", "--doc"]);
    let examples = suites::run(&mut cargo, counts);
    tests.and(examples)
}

/// How many tests run at the same time: one more than there are processors, because many wait for the disk.
fn at_once() -> usize {
    thread::available_parallelism().map_or(1, usize::from) + 1
}

/// Names of the integration tests. One selection for the whole workspace has every crate compiled once, with one set of
/// features, and the end-to-end tests are left out by not being named.
fn test_programs(packages: Vec<Package>) -> BTreeSet<String> {
    let targets = packages.into_iter().flat_map(|package| package.targets);
    let tests = targets.filter(|target| target.kind.iter().any(|kind| kind == "test"));
    tests
        .map(|target| target.name)
        .filter(|name| !ELSEWHERE.contains(&name.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::metadata::Target;

    #[test]
    fn tests_with_a_stage_of_their_own_are_left_out() {
        let target = |name: &str, kind: &str| Target {
            name: name.to_owned(),
            kind: vec![kind.to_owned()],
        };
        let targets = vec![
            target("it", "test"),
            target("e2e", "test"),
            target("browser", "test"),
            target("gateway", "bin"),
        ];
        let package = Package {
            name: "one".to_owned(),
            dependencies: Vec::new(),
            targets,
        };
        assert_eq!(
            test_programs(vec![package]),
            BTreeSet::from(["it".to_owned()])
        );
    }
}
