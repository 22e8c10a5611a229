use proptest::prelude::*;

use super::*;
use crate::context::MAX_UNIX_SECONDS;

fn written(text: &str) -> String {
    let mut out = Vec::new();
    write_string(&mut out, text);
    String::from_utf8(out).unwrap()
}

fn read(text: &str) -> Result<String, Mismatch> {
    let mut reader = Reader::new(text);
    let string = reader.string()?;
    assert_eq!(reader.rest(), "", "the whole text is read");
    Ok(string.to_string())
}

#[test]
fn writes_every_ascii_character_as_serde_json_does() {
    for char in (0..=0x7f_u8).map(char::from) {
        let text = format!("a{char}b");
        assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
        assert_eq!(read(&written(&text)).unwrap(), text);
    }
}

#[test]
fn refuses_second_spellings_of_a_string() {
    for text in [
        r#""\/""#,
        r#""\u0041""#,
        r#""\u000a""#,
        r#""\u0008""#,
        r#""\u001F""#,
        r#""\u00e4""#,
        r#""\u2028""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\x""#,
        r#""\"#,
        r#""\u00""#,
        r#""\u001"#,
        r#""abc"#,
        "",
        "'a'",
        "\"a\nb\"",
        "\"a\0b\"",
        "\"\\\n\"",
    ] {
        assert!(Reader::new(text).string().is_err(), "{text:?}");
    }
    assert_eq!(read(r#""\u0000\u001f""#).unwrap(), "\0\u{1f}");
    assert_eq!(read("\"\u{7f}/\u{2028}\"").unwrap(), "\u{7f}/\u{2028}");
}

#[test]
fn says_where_an_escape_is_wrong() {
    let error = Reader::new(r#""ab\n\/c""#).string().unwrap_err();
    assert_eq!(error.at, 5);
}

#[test]
fn refuses_second_spellings_of_a_number() {
    for text in [
        "",
        "-1",
        "+1",
        "01",
        "00",
        "9007199254740992",
        "99999999999999999999",
        "a",
        " 1",
    ] {
        assert!(Reader::new(text).number().is_err(), "{text:?}");
    }
    for (text, number) in [("0", 0), ("10", 10), ("9007199254740991", MAX_UNIX_SECONDS)] {
        assert_eq!(Reader::new(text).number().unwrap(), number);
    }
    // What follows a number is for the next literal to refuse.
    let mut reader = Reader::new("1.0");
    assert_eq!(reader.number().unwrap(), 1);
    assert_eq!(reader.rest(), ".0");
}

#[test]
fn object_members_ascend() {
    let read = |text| {
        let mut names = Vec::new();
        Reader::new(text)
            .object(|name, reader| {
                names.push(name);
                reader.literal("1")
            })
            .map(|()| names)
    };
    assert_eq!(read("{}").unwrap(), Vec::<String>::new());
    assert_eq!(read(r#"{"a":1,"b":1}"#).unwrap(), ["a", "b"]);
    for text in [
        r#"{"b":1,"a":1}"#,
        r#"{"a":1,"a":1}"#,
        r#"{"":1}"#,
        r#"{"ä":1}"#,
        r#"{"a\\b":1}"#,
        r#"{"a":1,}"#,
        r#"{"a":1"#,
        r#"{"a" :1}"#,
        r#"{ "a":1}"#,
        r#"{"a":2}"#,
        "{",
        "[]",
        "",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_string_comes_back(text in any::<String>()) {
        prop_assert_eq!(&written(&text), &serde_json::to_string(&text).unwrap());
        prop_assert_eq!(read(&written(&text)).unwrap(), text);
    }

    #[test]
    fn what_is_read_is_the_spelling_that_is_written(text in r#""([ -~]|\\[u"bfnrt/0-9a-f]|[a-f0-9]){0,12}""#) {
        let mut reader = Reader::new(&text);
        if let Ok(string) = reader.string() {
            prop_assert_eq!(written(&string), &text[..reader.position()]);
        }
    }
}
