//! The ids of all messages, read from the English files when the crate is compiled.

use crate::LOCALES;

/// How many messages and attributes there are.
pub(crate) const COUNT: usize = count(LOCALES[0].files.len());

/// How many of them are in the first files: those that every document has.
pub(crate) const WITH_DOCUMENT: usize = count(3);

/// How many of them are for the page: in all files but the last one.
pub(crate) const OF_PAGE: usize = count(LOCALES[0].files.len() - 1);

/// The hash of each id, in the files' order. Two ids of one hash would be noticed by a test.
const HASHES: [u64; COUNT] = hashes();

/// The place of the message with this id.
pub(crate) const fn place(id: &str) -> u16 {
    let wanted = hash(FNV_OFFSET, id.as_bytes(), 0, id.len());
    let mut place = 0;
    while place < COUNT {
        if HASHES[place] == wanted {
            return place as u16;
        }
        place += 1;
    }
    panic!("the English files have no message of this id")
}

/// How many there are in the first files.
const fn count(files: usize) -> usize {
    let mut lines = Lines::new();
    let mut count = 0;
    while lines.next_id().is_some() && lines.file < files {
        count += 1;
    }
    count
}

const fn hashes() -> [u64; COUNT] {
    let mut hashes = [0; COUNT];
    let mut lines = Lines::new();
    let mut place = 0;
    while let Some(hash) = lines.next_id() {
        hashes[place] = hash;
        place += 1;
    }
    hashes
}

/// Goes through the lines of the English files. Only what a compiler can do while it compiles.
struct Lines {
    file: usize,
    position: usize,
    /// The hash of the message to which attributes belong.
    message: u64,
}

impl Lines {
    const fn new() -> Self {
        Self {
            file: 0,
            position: 0,
            message: FNV_OFFSET,
        }
    }

    /// The hash of the next id.
    const fn next_id(&mut self) -> Option<u64> {
        while self.file < LOCALES[0].files.len() {
            let text = LOCALES[0].files[self.file].as_bytes();
            if self.position >= text.len() {
                self.file += 1;
                self.position = 0;
                continue;
            }
            let start = self.position;
            let mut end = start;
            while end < text.len() && text[end] != b'\n' {
                end += 1;
            }
            self.position = end + 1;
            let mut first = start;
            while first < end && text[first] == b' ' {
                first += 1;
            }
            if first == end {
                continue;
            }
            let mut name_end = first + 1;
            while name_end < end && is_of_id(text[name_end]) {
                name_end += 1;
            }
            if first == start && text[first].is_ascii_alphabetic() {
                self.message = hash(FNV_OFFSET, text, first, name_end);
                return Some(self.message);
            }
            if first > start && text[first] == b'.' && name_end > first + 1 {
                return Some(hash(self.message, text, first, name_end));
            }
        }
        None
    }
}

const fn is_of_id(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_'
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a, going on from `hash`.
const fn hash(mut hash: u64, text: &[u8], from: usize, to: usize) -> u64 {
    let mut position = from;
    while position < to {
        hash = (hash ^ text[position] as u64).wrapping_mul(FNV_PRIME);
        position += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_ids_have_one_hash() {
        let mut hashes = HASHES.to_vec();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), COUNT);
    }
}
