//! Media type and caching of a page file, by its name.

/// The media type; `nosniff` makes browsers believe it, so an unknown ending is bytes.
pub(super) fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "txt" | "ts" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A name that carries the hash of its content never changes; every other file is asked for again, cheaply by its ETag.
pub(super) fn cache_control(name: &str) -> &'static str {
    if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// `boot-0123456789abcdef.js`, `setter.0123abcd.css`, `setter-0123456789abcdef_bg.wasm`: a run of at least eight hexadecimal
/// digits, one of them a digit, set off by `-`, `.` or `_` and before the ending.
fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let mut parts = file.split(['-', '.', '_']).rev();
    parts.next();
    parts.any(|part| {
        part.len() >= 8
            && part
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_good() {
        for name in [
            "boot-0123456789abcdef.js",
            "setter.0a1b2c3d.css",
            "a/credential_setter-9f8e7d6c5b4a_bg.wasm",
        ] {
            assert!(cache_control(name).contains("immutable"), "{name}");
        }
        for name in [
            "index.html",
            "boot.js",
            "credential_setter_bg.wasm",
            "embed/credential-setter.js",
            "deadbeef.js",
            "12345678",
        ] {
            assert_eq!(cache_control(name), "no-cache", "{name}");
        }
    }
}
