//! What the deserializer expected, in an administrator's words.

/// The library's words, and ours.
const WORDS: [(&str, &str); 8] = [
    ("a string", "a text in quotes"),
    ("path string", "a path in quotes"),
    ("socket address", ADDRESS),
    ("a sequence", "a list in brackets"),
    ("a boolean", "true or false"),
    ("a map", "a section"),
    ("variant identifier", "a text in quotes"),
    ("u64", "a whole number, 0 or more"),
];
const ADDRESS: &str = "an address and a port in quotes, such as \"127.0.0.1:8050\"";

/// What the value of a key must be; `key` is named where it must be a section.
pub(super) fn plain(expected: &str, key: &str) -> String {
    if let Some((_, words)) = WORDS.iter().find(|(theirs, _)| *theirs == expected) {
        return (*words).to_owned();
    }
    let (least, number) = match expected.strip_prefix("a nonzero ") {
        Some(number) => (1, number),
        None => (0, expected),
    };
    let most = match number {
        "u8" => Some(u64::from(u8::MAX)),
        "u16" => Some(u64::from(u16::MAX)),
        "u32" => Some(u64::from(u32::MAX)),
        "usize" => return plain("u64", key),
        _ => None,
    };
    if let Some(most) = most {
        return format!("a whole number from {least} to {most}");
    }
    // The name of a type.
    let is_section = ["struct ", "enum "].iter().any(|it| expected.contains(it))
        || (expected.starts_with(char::is_uppercase) && !expected.contains(' '));
    match is_section {
        true => format!("a section of its own, [{key}]"),
        false => expected.to_owned(),
    }
}

/// What a value of the right form was refused for.
pub(super) fn refusal(message: &str) -> String {
    match message {
        "invalid socket address syntax" => format!("must be {ADDRESS}"),
        _ => format!("is refused: {message}"),
    }
}
