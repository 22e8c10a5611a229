//! Oracle's numbers.

use crate::report::{Cause, Halt, Stage};

/// As many digits as a number has.
const MAX_DIGITS: usize = 5;

/// As people know it.
pub(super) fn code(number: usize) -> String {
    format!("ORA-{number:05}")
}

/// What a listener says when it refuses: `(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=12514)…)`. Of its words, only the number is told.
pub(super) fn of_listener(words: &[u8]) -> Halt {
    let words = String::from_utf8_lossy(words);
    let digits = words.split_once("(ERR=").map(|(_, rest)| {
        let digits = rest.split(')').next().unwrap_or("");
        digits.get(..MAX_DIGITS).unwrap_or(digits)
    });
    match digits.and_then(|digits| digits.parse().ok()) {
        None | Some(0) => Cause::StoreRefused.into(),
        Some(number) => Halt {
            code: Some(code(number).into()),
            ..Halt::from(cause_of(number).1)
        },
    }
}

/// What a number means, and which stage it ends.
pub(super) fn cause_of(number: usize) -> (Stage, Cause) {
    let cause = match number {
        1017 => Cause::WrongPassword,
        1005 => Cause::PasswordMissing,
        28000 => Cause::AccountLocked,
        28001 => Cause::PasswordExpired,
        // No CREATE SESSION.
        1045 => return (Stage::Authorise, Cause::NoPermission),
        // The listener knows no such service, SID or instance.
        12505 | 12514 | 12521 => Cause::NoSuchDatabase,
        // Restricted, mounted, or open to administrators alone.
        1035 | 1109 | 12526 | 12527 => Cause::DatabaseClosed,
        1033 | 1034 | 1089 | 1090 | 1092 | 12528 => Cause::NotReady,
        18 | 20 | 2391 | 12516 | 12518..=12520 => Cause::TooManyConnections,
        12529 | 12548 => Cause::NotAdmitted,
        3134 | 28040 | 28041 | 12660 => Cause::MethodUnknown,
        _ => Cause::StoreRefused,
    };
    (Stage::Authenticate, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_refuses_with_a_number_among_words() {
        for (words, code, cause) in [
            (
                "(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=12514)(ERROR_STACK=",
                "ORA-12514",
                Cause::NoSuchDatabase,
            ),
            ("(ERR=12505)", "ORA-12505", Cause::NoSuchDatabase),
            ("(ERR=1", "ORA-00001", Cause::StoreRefused),
            (
                "(ERR=99999999999999999999)",
                "ORA-99999",
                Cause::StoreRefused,
            ),
        ] {
            let halt = of_listener(words.as_bytes());
            let told = halt.code.as_ref().map(|code| code.as_str().to_owned());
            assert_eq!(
                (told.as_deref(), halt.cause),
                (Some(code), cause),
                "{words}"
            );
        }
        for words in [
            "",
            "(ERR=)",
            "(ERR=x)",
            "(ERR=0)",
            "\u{1f600}",
            "(ERR=12\u{1f600}4)",
        ] {
            assert!(of_listener(words.as_bytes()).code.is_none(), "{words}");
        }
    }
}
