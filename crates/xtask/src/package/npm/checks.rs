//! What whoever installs the package finds: looked at from a project that has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use super::{HEAVIEST, Package};
use crate::page::element::SOURCES;
use crate::process;
use crate::workspace::Workspace;

/// What the project of the checks is made of.
const CONSUMER: &str = "tests/package";

/// Where the bundled examples are, in that project.
const BUNDLES: &str = "bundles";

/// A server's look at the modules: importing the element makes nothing global, its class can be named, and React writes it into a page.
const ON_A_SERVER: &str = r#"
const before = Object.getOwnPropertyNames(globalThis).length;
const { CredentialSetterElement } = await import("credential-setter");
if (typeof CredentialSetterElement !== "function") throw new Error("no class");
if (Object.getOwnPropertyNames(globalThis).length !== before) throw new Error("a new global");
const { createElement } = await import("react");
const { renderToString } = await import("react-dom/server");
const { CredentialSetter } = await import("credential-setter/react");
const props = { gateway: "https://gateway.example", linkedService: "Sales", getTicket: async () => "ticket", onSaved: () => {} };
const html = renderToString(createElement(CredentialSetter, props, "Set"));
const expected = '<credential-setter gateway="https://gateway.example" linked-service="Sales">Set</credential-setter>';
if (html !== expected) throw new Error(html);
"#;

/// What a check is given.
struct Project<'a> {
    package: &'a Package,
    /// Has the package in its `node_modules`.
    folder: PathBuf,
    sources: PathBuf,
}

type Check = fn(&Project<'_>) -> Result<()>;

const ALL: [(&str, Check); 8] = [
    ("the element is light", weight),
    ("publint has nothing to say", publint),
    ("arethetypeswrong has nothing to say", are_the_types_wrong),
    (
        "a server imports the element, and React writes it there",
        on_a_server,
    ),
    (
        "custom-elements.json, types and README.md say what is",
        manifest,
    ),
    ("the types allow and refuse what they must", types),
    (
        "the examples in plain JavaScript and React are bundled",
        examples,
    ),
    ("the example in Vue is compiled and bundled", vue),
];

/// Calls `each` with the outcome of each check.
///
/// # Errors
/// When the project that the checks are made in cannot be set up.
pub fn all(
    workspace: &Workspace,
    package: &Package,
    mut each: impl FnMut(&'static str, Result<()>),
) -> Result<()> {
    let project = Project::new(workspace, package)?;
    for (name, check) in ALL {
        each(name, check(&project));
    }
    Ok(())
}

/// Bundles all examples and nothing else.
///
/// # Errors
/// When the project cannot be set up, or one of them cannot be bundled.
pub(super) fn bundled_examples(workspace: &Workspace, package: &Package) -> Result<PathBuf> {
    let project = Project::new(workspace, package)?;
    examples(&project)?;
    vue(&project)?;
    Ok(project.folder.join(BUNDLES))
}

impl<'a> Project<'a> {
    fn new(workspace: &Workspace, package: &'a Package) -> Result<Self> {
        Ok(Self {
            package,
            folder: install(workspace, package)?,
            sources: workspace.path(SOURCES),
        })
    }
}

/// A new project in `target/package/checks` with the tarball's content installed.
fn install(workspace: &Workspace, package: &Package) -> Result<PathBuf> {
    let folder = package.tools.folder().join("checks");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let installed = folder.join("node_modules/credential-setter");
    fs::create_dir_all(&installed)?;
    process::run(
        Command::new("tar")
            .args(["--strip-components=1", "-xzf"])
            .arg(&package.tarball)
            .arg("-C")
            .arg(&installed),
    )?;
    copy_files(&workspace.path(CONSUMER), &folder)?;
    let examples = workspace.path(SOURCES).join("examples");
    copy_files(&examples, &folder.join("examples"))?;
    Ok(folder)
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn weight(project: &Project<'_>) -> Result<()> {
    let (_, brotli) = project.package.weight;
    ensure!(
        brotli <= HEAVIEST,
        "the element has {brotli} bytes with brotli, {HEAVIEST} are allowed"
    );
    Ok(())
}

fn publint(project: &Project<'_>) -> Result<()> {
    let mut publint = project.package.tools.command("publint");
    quietly(publint.arg("--strict").arg(&project.package.folder))
}

/// The package has no CommonJS: that is what the profile passes over.
fn are_the_types_wrong(project: &Project<'_>) -> Result<()> {
    let mut attw = project.package.tools.command("attw");
    quietly(
        attw.args(["--profile", "esm-only", "--no-color"])
            .arg(&project.package.tarball),
    )
}

fn on_a_server(project: &Project<'_>) -> Result<()> {
    quietly(node(project).args(["--input-type=module", "--eval", ON_A_SERVER]))
}

fn manifest(project: &Project<'_>) -> Result<()> {
    quietly(
        node(project)
            .args(["manifest.mjs", "node_modules/credential-setter"])
            .arg(&project.sources),
    )
}

fn types(project: &Project<'_>) -> Result<()> {
    let mut tsc = project.package.tools.command("tsc");
    quietly(tsc.args(["--project", "."]).current_dir(&project.folder))
}

fn examples(project: &Project<'_>) -> Result<()> {
    bundle(project, "examples/plain.js")?;
    bundle(project, "examples/react.tsx")
}

fn vue(project: &Project<'_>) -> Result<()> {
    quietly(node(project).args(["vue.mjs", "examples/SetCredential.vue"]))?;
    bundle(project, "examples/vue.js")
}

/// As a page would load it.
fn bundle(project: &Project<'_>, example: &str) -> Result<()> {
    let mut esbuild = project.package.bundler.command();
    quietly(
        esbuild
            .current_dir(&project.folder)
            .args(["--bundle", "--format=esm", "--jsx=automatic"])
            .args([
                "--define:process.env.NODE_ENV=\"production\"",
                "--loader:.vue=js",
            ])
            .arg(format!("--outdir={BUNDLES}"))
            .args(["--log-level=warning", example]),
    )
}

fn node(project: &Project<'_>) -> Command {
    let mut node = Command::new("node");
    node.current_dir(&project.folder);
    node
}

/// Runs it; what it says is the error's text.
fn quietly(command: &mut Command) -> Result<()> {
    let (succeeded, said) = process::transcript(command)?;
    if !succeeded {
        bail!("{}", said.trim());
    }
    Ok(())
}
