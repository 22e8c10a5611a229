//! Which page it was: one hash of all that the page loads and runs, in the page, in the receipt and in a release's notes.

use sha2::{Digest, Sha256};

/// What belongs to it: every script and program, the style, and what is read later. The documents are not in it: they show it, and
/// name each of these files with a hash of its own.
pub const HASHED_FOLDER: &str = "static/";

/// The hash of a page's files, by their paths below its folder (`static/boot-….js`), whatever their order; none if no file belongs to it.
///
/// It is SHA-256, in lower-case hexadecimal, of what `sha256sum` prints for them in the order of their names' bytes. In a page's folder:
///
/// ```text
/// find static -type f ! -name '*.br' ! -name '*.gz' | LC_ALL=C sort | xargs sha256sum | sha256sum
/// ```
pub fn page_hash<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Option<String> {
    let files = files.into_iter();
    let mut hashed: Vec<_> = files
        .filter(|(path, _)| path.starts_with(HASHED_FOLDER))
        .collect();
    hashed.sort_unstable_by_key(|(path, _)| *path);
    let mut all = Sha256::new();
    for (path, content) in &hashed {
        let line = [&hex(&Sha256::digest(content)), "  ", path, "\n"].concat();
        all.update(line);
    }
    (!hashed.is_empty()).then(|| hex(&all.finalize()))
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::page_hash;

    #[test]
    fn it_is_what_sha256sum_says_of_what_sha256sum_says() {
        // printf a > static/a; printf b > static/b.js; the command above.
        let expected = "b6eb496989da629b04d555fcbd5069a01f471b51a34c7b3d01cf78e43bf23a3f";
        let files = [
            ("static/b.js", &b"b"[..]),
            ("index.html", b"not in it"),
            ("static/a", b"a"),
        ];
        assert_eq!(page_hash(files).as_deref(), Some(expected));
        assert_eq!(
            page_hash(files.into_iter().rev()).as_deref(),
            Some(expected)
        );
        assert_eq!(page_hash([("index.html", &b"x"[..])]), None);
    }
}
