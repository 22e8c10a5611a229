//! One line of a gateway's configuration, changed without touching its comments.

use anyhow::{Result, bail};

/// The TOML text with the top-level `key` set to a string. The key must be there, or commented out, once.
///
/// # Errors
/// When it is not.
pub(super) fn set(text: &str, key: &str, value: &str) -> Result<String> {
    let is_key = |line: &&str| {
        line.trim_start_matches(['#', ' '])
            .split_once('=')
            .is_some_and(|(found, _)| found.trim() == key)
    };
    if text.lines().filter(is_key).count() != 1 {
        bail!(
            "gateway.toml of the demo does not have `{key}` once: remove .demo to make a new one"
        );
    }
    let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
    let lines = text.lines().map(|line| {
        if is_key(&line) {
            format!("{key} = \"{quoted}\"\n")
        } else {
            format!("{line}\n")
        }
    });
    Ok(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Where to listen.\nlisten = \"127.0.0.1:8050\"\n\n# page = \"/usr/share\"\n[tls]\n# key = \"a\"\n";

    #[test]
    fn one_line_changes() {
        let changed = set(TEXT, "listen", "127.0.0.1:9000").expect("is there");
        assert_eq!(changed, TEXT.replace("8050", "9000"));
        let changed = set(TEXT, "page", "/a \"b\"").expect("is there as a comment");
        assert_eq!(
            changed,
            TEXT.replace("# page = \"/usr/share\"", "page = \"/a \\\"b\\\"\"")
        );
    }

    #[test]
    fn what_is_not_there_once_is_an_error() {
        assert!(set(TEXT, "names", "x").is_err());
        assert!(set(&TEXT.repeat(2), "listen", "x").is_err());
    }
}
