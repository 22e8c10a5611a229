//! The portal's element: one module of those in `static/element`.

use anyhow::Result;

use super::minification;
use crate::setup::esbuild::Esbuild;
use crate::workspace::Workspace;

/// Its sources, and what is published beside it.
pub const SOURCES: &str = "static/element";
/// The module that imports all others.
const ENTRY: &str = "static/element/credential-setter.js";
/// Its types, as they are.
pub const TYPES: &str = "static/element/credential-setter.d.ts";

/// The element as the gateway serves it and the package ships it.
///
/// # Errors
/// When esbuild does not understand a module, or one imports what is not there.
pub fn bundled(workspace: &Workspace, esbuild: &Esbuild) -> Result<String> {
    minification::bundled(esbuild, &workspace.path(ENTRY))
}
