//! The test keys.

use key_file::{KeyFile, Unrecognised};

/// The passphrase of the files that have one.
pub(crate) const PASSPHRASE: &[u8] = b"correct horse";

/// A file's bytes.
pub(crate) fn read(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/files");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

/// A text's first word from position `index`.
pub(crate) fn word(name: &str, index: usize) -> String {
    let text = String::from_utf8(read(name)).unwrap();
    text.split_whitespace().nth(index).unwrap().to_owned()
}

/// A key file that must be recognised. A failure shows which, not what is in it.
pub(crate) fn recognised(name: &str) -> KeyFile {
    match key_file::recognise(&read(name)) {
        Ok(file) => file,
        Err(error) => panic!("{name}: {error}"),
    }
}

/// Why bytes are not taken.
pub(crate) fn refusal(bytes: &[u8]) -> Unrecognised {
    match key_file::recognise(bytes) {
        Ok(file) => panic!("taken for {}", file.description()),
        Err(error) => error,
    }
}
