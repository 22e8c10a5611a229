//! What a release consists of: the npm package of the portal's element, the Debian package of the gateway.
//!
//! ```text
//! target/package/credential-setter-<version>.tgz             what `npm publish` takes
//! target/package/credential-gateway_<version>-1_<arch>.deb   what `apt install` takes
//! target/package/RELEASE-NOTES.md                            the hashes of both, of the page and of all its files
//! target/package/npm/, debian/                               what is packed
//! target/package/checks/                                     a project that has installed the npm package
//! ```

pub mod debian;
pub mod npm;

pub mod release_notes;

use anyhow::{Result, ensure};

use crate::workspace::Workspace;
use crate::{page, programs, terminal};
use debian::{Contents, Packing};

/// What a person may choose.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// Only this one; both when none is named
    #[arg(value_enum)]
    kind: Option<Kind>,
}

/// Whose package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// The portal's element
    Npm,
    /// The gateway
    Debian,
}

/// Makes the packages and checks them.
///
/// # Errors
/// When one cannot be made, or a check finds something.
pub fn run(workspace: &Workspace, options: Options) -> Result<()> {
    let is_wanted = |kind| options.kind.is_none_or(|only| only == kind);
    let mut packed = Vec::new();
    if is_wanted(Kind::Npm) {
        let package = npm::build(workspace)?;
        let (plain, brotli) = package.weight;
        let (shown, heaviest) = (workspace.shown(&package.tarball), npm::HEAVIEST);
        terminal::say(format!(
            "{shown}: the element has {plain} bytes, {brotli} with brotli (at most {heaviest})",
        ));
        passing(|each| npm::checks::all(workspace, &package, each))?;
        packed.push(package.tarball);
    }
    let page = page::build(workspace)?;
    if is_wanted(Kind::Debian) {
        let contents = Contents {
            gateway: programs::shipped_gateway(workspace)?,
            page: page.folder,
        };
        let package = debian::build(workspace, &contents, Packing::Smallest)?;
        terminal::say(workspace.shown(&package.file));
        // Nothing is installed on the machine of whoever makes a release: the tests do that.
        passing(|each| {
            debian::checks::of_files(workspace, &package, each);
            Ok(())
        })?;
        packed.push(package.file);
    }
    let notes = release_notes::write(workspace, &packed)?;
    terminal::say(format!("written: {}", workspace.shown(&notes)));
    Ok(())
}

/// Runs checks and says how each went.
fn passing(
    checks: impl FnOnce(&mut dyn FnMut(&'static str, Result<()>)) -> Result<()>,
) -> Result<()> {
    let mut found = 0;
    checks(&mut |name, result| match result {
        Ok(()) => terminal::say(format!("✓ {name}")),
        Err(error) => {
            found += 1;
            terminal::error(&error.context(name));
        }
    })?;
    ensure!(found == 0, "{found} checks of the package have failed");
    Ok(())
}
