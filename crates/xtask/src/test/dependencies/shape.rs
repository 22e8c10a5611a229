//! Dependencies point downward only, and what must stay out of a program is out of it.

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::setup::wasm_std::TARGET;
use crate::terminal;
use crate::test::metadata::{self, Package};
use crate::workspace::Workspace;

/// The floor of each package. A package may depend on lower floors; nothing depends on its own.
const FLOORS: [(&str, u8); 18] = [
    ("credential-client", 0),
    ("language", 0),
    ("kek", 1),
    ("key-file", 1),
    ("linked-service", 1),
    ("reader-exchange", 1),
    ("envelope", 1),
    ("load", 2),
    ("probe", 2),
    ("key-reader", 3),
    ("paste-reader", 3),
    ("credential-setter", 3),
    ("gateway", 3),
    ("demo-portal", 3),
    ("credset", 4),
    ("bench", 4),
    ("torture", 4),
    ("xtask", 4),
];

/// Checks both.
///
/// # Errors
/// When something depends on what it must not.
pub(in crate::test) fn check(workspace: &Workspace) -> Result<()> {
    let mut complaints = upward(&metadata::packages(workspace)?);

    let page = tree(
        workspace,
        &["--package", "credential-setter", "--target", TARGET],
    )?;
    complaints.extend(present(
        &page,
        "the page",
        &[
            "aws-lc-rs",
            "aws-lc-sys",
            "fluent-syntax",
            "key-file",
            "ring",
            "tokio",
            "utoipa",
        ],
    ));
    if feature_is_on(&page, "envelope", "open") {
        complaints.push(
            "the page has envelope's feature `open`: it must not be able to open what it seals"
                .to_owned(),
        );
    }

    // RUSTSEC-2023-0071: the crate's private-key operation can be timed.
    let gateway = tree(workspace, &["--package", "gateway"])?;
    complaints.extend(present(&gateway, "the gateway", &["rsa", "ring"]));

    let probe = tree(workspace, &["--package", "probe"])?;
    complaints.extend(present(
        &probe,
        "what tries credentials",
        &["kek", "ring", "rsa", "sqlx"],
    ));

    let credset = tree(workspace, &["--package", "credset"])?;
    complaints.extend(present(
        &credset,
        "the command line",
        &["gateway", "ring", "sqlx", "utoipa"],
    ));
    if feature_is_on(&credset, "envelope", "open") {
        complaints.push(
            "the command line has envelope's feature `open`: it must not be able to open what it seals"
                .to_owned(),
        );
    }

    complaints.iter().for_each(terminal::say);
    if !complaints.is_empty() {
        bail!("dependencies are not what ARCHITECTURE.md says");
    }
    Ok(())
}

/// A crate that is compiled in, with its features.
#[derive(Debug, PartialEq, Eq)]
struct Compiled<'a> {
    name: &'a str,
    features: Vec<&'a str>,
}

/// What cargo would compile: without what only tests need.
fn tree(workspace: &Workspace, arguments: &[&str]) -> Result<String> {
    process::capture(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args([
                "tree",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--format",
                "{p}|{f}",
            ])
            .args(arguments),
    )
    .context("the dependencies cannot be listed")
}

/// Lines such as `envelope v0.1.0 (/path)|open,seal`, some with ` (*)` behind.
fn compiled(tree: &str) -> impl Iterator<Item = Compiled<'_>> {
    tree.lines().filter_map(|line| {
        let (package, features) = line.split_once('|')?;
        let name = package.split_whitespace().next()?;
        let features = features
            .trim_end_matches("(*)")
            .split(',')
            .map(str::trim)
            .collect();
        Some(Compiled { name, features })
    })
}

fn present(tree: &str, program: &str, forbidden: &[&str]) -> Vec<String> {
    let is_there = |name: &&&str| compiled(tree).any(|compiled| compiled.name == **name);
    forbidden
        .iter()
        .filter(is_there)
        .map(|name| format!("{program} is compiled with {name}"))
        .collect()
}

fn feature_is_on(tree: &str, name: &str, feature: &str) -> bool {
    compiled(tree).any(|compiled| compiled.name == name && compiled.features.contains(&feature))
}

fn upward(packages: &[Package]) -> Vec<String> {
    let floor = |name: &str| {
        FLOORS
            .iter()
            .find(|(found, _)| *found == name)
            .map(|(_, floor)| *floor)
    };
    let mut complaints = Vec::new();
    for package in packages {
        let Some(from) = floor(&package.name) else {
            complaints.push(format!(
                "{} has no floor: give it one in crates/xtask/src/test/dependencies/shape.rs",
                package.name
            ));
            continue;
        };
        let ours = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some());
        for dependency in ours.filter(|dependency| dependency.kind.as_deref() != Some("dev")) {
            if floor(&dependency.name).is_some_and(|to| to >= from) {
                complaints.push(format!(
                    "{} depends on {}, which is not below it",
                    package.name, dependency.name
                ));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::metadata::Dependency;

    const TREE: &str = "credential-setter v0.1.0 (/w)|\n\
        envelope v0.1.0 (/w/crates/envelope)|seal\n\
        rsa v0.10.0|alloc,std\n\
        envelope v0.1.0 (/w/crates/envelope)|seal (*)\n";

    #[test]
    fn what_must_be_absent_is_found_by_its_whole_name() {
        assert_eq!(
            present(TREE, "the page", &["aws-lc-rs", "rs", "envelop"]),
            [""; 0]
        );
        assert_eq!(
            present(TREE, "the page", &["rsa"]),
            ["the page is compiled with rsa"]
        );
    }

    #[test]
    fn features_are_found() {
        assert!(feature_is_on(TREE, "envelope", "seal") && feature_is_on(TREE, "rsa", "std"));
        assert!(!feature_is_on(TREE, "envelope", "open"));
        assert!(feature_is_on(
            "envelope v0.1.0 (/w)|open,seal (*)",
            "envelope",
            "open"
        ));
    }

    fn package(name: &str, dependency: &str, kind: Option<&str>) -> Package {
        let dependency = Dependency {
            name: dependency.to_owned(),
            kind: kind.map(str::to_owned),
            path: Some("/w".to_owned()),
        };
        Package {
            name: name.to_owned(),
            dependencies: vec![dependency],
            targets: Vec::new(),
        }
    }

    #[test]
    fn dependencies_that_point_up_or_sideways_are_found() {
        assert!(upward(&[package("gateway", "envelope", None)]).is_empty());
        assert!(upward(&[package("envelope", "gateway", Some("dev"))]).is_empty());
        assert_eq!(upward(&[package("envelope", "gateway", None)]).len(), 1);
        assert_eq!(
            upward(&[package("gateway", "credential-setter", None)]).len(),
            1
        );
        assert_eq!(upward(&[package("newcomer", "envelope", None)]).len(), 1);
    }
}
