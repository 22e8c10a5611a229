//! Paths of Windows file shares.

use super::host::is_host;

/// `\\server`, `\\server\share`, the same with folders behind it, or `Local` for the gateway's own machine.
pub(super) fn is_share(value: &str) -> bool {
    if value == "Local" {
        return true;
    }
    let Some(path) = value.strip_prefix("\\\\") else {
        return false;
    };
    let mut parts = path.split('\\');
    parts
        .next()
        .is_some_and(|server| !server.contains(':') && is_host(server))
        && parts.all(is_folder)
}

/// A name that Windows allows, and that stays below what stands before it.
fn is_folder(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && !name.contains(['/', ':', '*', '?', '"', '<', '>', '|'])
        && !name.ends_with([' ', '.'])
}

#[cfg(test)]
mod tests {
    use super::is_share;

    #[test]
    fn shares() {
        for share in [
            "Local",
            "\\\\files01",
            "\\\\files01\\exports",
            "\\\\files01.corp.example\\exports$\\2026\\sales and stock",
            "\\\\10.0.0.1\\Größe",
        ] {
            assert!(is_share(share), "{share}");
        }
        for share in [
            "",
            "local",
            "localhost",
            "files01\\exports",
            "\\files01\\exports",
            "\\\\",
            "\\\\\\exports",
            "\\\\files01\\",
            "\\\\files01\\exports\\",
            "\\\\files01\\\\exports",
            "\\\\files01\\..\\x",
            "\\\\files01\\exports\\.",
            "\\\\files01\\exports\\.. ",
            "\\\\files 01\\exports",
            "\\\\files01\\a/b",
            "\\\\files01\\a:b",
            "\\\\files01\\*",
            "\\\\?\\C:\\",
            "\\\\.\\pipe\\x",
            "\\\\::1\\x",
            "//files01/exports",
            "D:\\",
            "smb://files01/exports",
        ] {
            assert!(!is_share(share), "{share}");
        }
    }
}
