//! Repetition, as a broken random number generator makes it.

/// Sixteen bytes that are in a good modulus twice do not occur: fewer than one in 2^110 has any.
const PATTERN_BYTES: usize = 16;

/// Whether some 16 neighbouring bytes of `n` are there a second time, at whatever place.
pub(super) fn repeats(n: &[u8]) -> bool {
    let mut patterns = n.windows(PATTERN_BYTES);
    while let Some(pattern) = patterns.next() {
        // The first byte alone tells most of them apart.
        if patterns
            .clone()
            .any(|other| other[0] == pattern[0] && other == pattern)
        {
            return true;
        }
    }
    false
}
