//! How hard a server makes it to guess a password from what it is sent: it says itself how often a hash is to be repeated, so that one
//! that means harm says once.

use crate::report::Cause;

/// Of a database that is left as it is.
const LEAST: u32 = 4096;
/// More takes longer than a test may.
const MOST: u32 = 1_000_000;

/// A message that has names and values; one that ends an answer.
const PARAMETERS: u8 = 8;
const ENDS: [u8; 2] = [4, 9];
/// What has the number of rounds, and what has the verifier that they belong to.
const ROUNDS: &[u8] = b"AUTH_PBKDF2_VGEN_COUNT";
/// From this first byte on, a text is written in pieces: no server needs that here.
const IN_PIECES: u8 = 0xfd;

/// Looks at all of an answer to a name that wants to log in. It has to be written in the one way in which nobody, the driver included, can
/// read anything else into it.
///
/// # Errors
/// Why nothing is to be proven to this server.
pub(super) fn check(answer: &[u8]) -> Result<(), Cause> {
    let (pairs, rest) = pairs(answer).ok_or(Cause::WrongProtocol)?;
    if !rest.first().is_some_and(|first| ENDS.contains(first)) {
        return Err(Cause::WrongProtocol);
    }
    let mut rounds = pairs.iter().filter(|(name, _)| *name == ROUNDS);
    let value = match (rounds.next(), rounds.next()) {
        (Some((_, value)), None) => std::str::from_utf8(value).ok(),
        // An account that has only what versions before 12.1 can verify.
        (None, _) => return Err(Cause::MethodUnknown),
        (Some(_), Some(_)) => return Err(Cause::WrongProtocol),
    };
    match value.and_then(|value| value.parse::<u32>().ok()) {
        None => Err(Cause::WrongProtocol),
        Some(rounds) if rounds < LEAST => Err(Cause::ServerNotProven),
        Some(rounds) if rounds > MOST => Err(Cause::TooMuch),
        Some(_) => Ok(()),
    }
}

type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

/// Names and values, and what follows.
fn pairs(answer: &[u8]) -> Option<(Pairs<'_>, &[u8])> {
    let mut rest = answer.strip_prefix(&[PARAMETERS])?;
    let count = number(&mut rest)?;
    let mut pairs = Vec::new();
    for _ in 0..count {
        let pair = (text(&mut rest)?, text(&mut rest)?);
        // Flags.
        number(&mut rest)?;
        pairs.push(pair);
    }
    Some((pairs, rest))
}

/// Its length in bytes, then these.
fn number(from: &mut &[u8]) -> Option<u32> {
    let (&length, rest) = from.split_first()?;
    let (bytes, rest) = rest.split_at_checked(usize::from(length))?;
    *from = rest;
    (bytes.len() <= 4).then(|| {
        bytes
            .iter()
            .fold(0, |all, &byte| all << 8 | u32::from(byte))
    })
}

/// Its length as a number, once more as a byte, and the text; of an empty one, the number alone.
fn text<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(from)?;
    if length == 0 {
        return Some(&[]);
    }
    let (&again, rest) = from.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(again))?;
    *from = rest;
    (again < IN_PIECES && u32::from(again) == length).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "AUTH_PBKDF2_VGEN_COUNT";

    fn put(to: &mut Vec<u8>, text: &str) {
        let length = u8::try_from(text.len()).unwrap();
        to.extend([1, length, length]);
        to.extend(text.as_bytes());
    }

    /// These, and then what ends an answer.
    fn answer(pairs: &[(&str, &str)]) -> Vec<u8> {
        let mut answer = vec![PARAMETERS, 1, u8::try_from(pairs.len()).unwrap()];
        for (name, value) in pairs {
            put(&mut answer, name);
            put(&mut answer, value);
            answer.push(0);
        }
        answer.extend([9, 0, 0]);
        answer
    }

    #[test]
    fn rounds_are_counted() {
        for (value, expected) in [
            ("4096", Ok(())),
            ("1000000", Ok(())),
            ("4095", Err(Cause::ServerNotProven)),
            ("0", Err(Cause::ServerNotProven)),
            ("1000001", Err(Cause::TooMuch)),
            ("99999999999", Err(Cause::WrongProtocol)),
            ("many", Err(Cause::WrongProtocol)),
        ] {
            let answer = answer(&[("AUTH_SESSKEY", "00"), (NAME, value)]);
            assert_eq!(check(&answer), expected, "{value}");
        }
        assert_eq!(check(&answer(&[("a", "b")])), Err(Cause::MethodUnknown));
    }

    #[test]
    fn nobody_can_read_anything_else_into_it() {
        let right = answer(&[(NAME, "4096")]);
        let again = answer(&[(NAME, "1")]);
        let end = right.len() - 3;
        let with =
            |from: usize, to: usize, bytes: &[u8]| [&right[..from], bytes, &right[to..]].concat();
        for (wrong, what) in [
            (answer(&[(NAME, "4096"), (NAME, "1")]), "twice"),
            (with(end, end, &again), "a second message"),
            (with(0, 0, &[15, 0, 0, 0]), "another before it"),
            (with(3, 6, &[1, 22, 0xfe, 1, 22]), "in pieces"),
            (with(3, 5, &[1, 21]), "another length"),
            (right[..end].to_vec(), "without an end"),
            (right[..9].to_vec(), "cut off"),
            (with(1, 3, &[5, 0, 0, 0, 0, 1]), "a longer number"),
            (Vec::new(), "nothing"),
        ] {
            assert_eq!(check(&wrong), Err(Cause::WrongProtocol), "{what}");
        }
    }
}
