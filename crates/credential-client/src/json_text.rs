//! A JSON string (RFC 8259 §7) as text, written into memory that is wiped and never moves.

use zeroize::Zeroizing;

/// The text of a JSON string, its quotes included. None if it is none.
pub(crate) fn unescaped(json: &str) -> Option<Zeroizing<String>> {
    let mut left = json.strip_prefix('"')?.strip_suffix('"')?;
    // An escape is longer than what it stands for.
    let mut text = Zeroizing::new(String::with_capacity(left.len()));
    while let Some(at) = left.find('\\') {
        text.push_str(&left[..at]);
        let mut rest = left[at + 1..].chars();
        let character = match rest.next()? {
            'u' => {
                let (character, behind) = unicode(rest.as_str())?;
                text.push(character);
                left = behind;
                continue;
            }
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            itself @ ('"' | '\\' | '/') => itself,
            _ => return None,
        };
        text.push(character);
        left = rest.as_str();
    }
    text.push_str(left);
    Some(text)
}

/// The character of four hexadecimal digits, or of two such escapes that belong together, and what stands behind.
fn unicode(digits: &str) -> Option<(char, &str)> {
    let (first, behind) = unit(digits)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, behind));
    }
    let (second, behind) = unit(behind.strip_prefix("\\u")?)?;
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    let character = char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)?;
    Some((character, behind))
}

fn unit(digits: &str) -> Option<(u32, &str)> {
    let (four, behind) = digits.split_at_checked(4)?;
    let is_hex = four.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = is_hex.then(|| u32::from_str_radix(four, 16).ok())??;
    Some((unit, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_is_what_serde_reads() {
        for json in [
            r#""""#,
            r#""plain""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u0041\u00e4\u2028\ud83d\ude00x""#,
            r#""\u0000\u001f""#,
            r#""ä😀""#,
        ] {
            let expected: String = serde_json::from_str(json).unwrap();
            assert!(*unescaped(json).unwrap() == expected, "{json}");
        }
        for json in [
            "",
            "\"",
            "plain",
            r#""\x""#,
            r#""\u12""#,
            r#""\u+123""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\u0041""#,
            r#""\ude00""#,
            r#""\u00ä0""#,
        ] {
            assert!(unescaped(json).is_none(), "{json}");
        }
    }
}
