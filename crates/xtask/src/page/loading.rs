//! How the glue loads its module: as a stream, which is what every page here does. wasm-bindgen's own loader tries five ways and
//! weighs four hundred bytes.

use anyhow::{Result, ensure};

/// Where that loader begins, and what stands at its end.
const BEGIN: &str = "async function __wbg_load(";
const END: &str = "export { initSync, __wbg_init as default };";

/// What takes its place, called like it.
const LOADER: &str = "export default async function ({ module_or_path }) {
    const { instance, module } = await WebAssembly.instantiateStreaming(module_or_path, __wbg_get_imports());
    return __wbg_finalize_init(instance, module);
}
";

/// The glue with a loader of its own.
///
/// # Errors
/// When wasm-bindgen's is not where it is known to be.
pub fn as_a_stream(glue: &str) -> Result<String> {
    let parts: Vec<&str> = glue.split(BEGIN).collect();
    let [before, loader] = parts[..] else {
        anyhow::bail!("the glue has `{BEGIN}` {} times, not once", parts.len() - 1);
    };
    ensure!(
        loader.trim_end().ends_with(END),
        "the glue does not end with `{END}`"
    );
    for function in ["__wbg_get_imports", "__wbg_finalize_init"] {
        ensure!(
            before.contains(&format!("function {function}(")),
            "the glue has no {function}"
        );
    }
    Ok([before, LOADER].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str =
        "function __wbg_get_imports() {}\nfunction __wbg_finalize_init(instance, module) {}\n";

    #[test]
    fn the_loader_is_exchanged_and_nothing_else() {
        let glue = format!("{REST}{BEGIN}module) {{}}\n{END}\n");
        assert_eq!(as_a_stream(&glue).ok(), Some(format!("{REST}{LOADER}")));
    }

    #[test]
    fn other_glue_than_is_known_is_refused() {
        for glue in [
            format!("{REST}{END}"),
            format!("{REST}{BEGIN}{BEGIN}{END}"),
            format!("{REST}{BEGIN}"),
            format!("{BEGIN}{END}"),
        ] {
            assert!(as_a_stream(&glue).is_err(), "{glue}");
        }
    }
}
