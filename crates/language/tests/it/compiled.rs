//! What is refused when a language is made, so that no page is served with a hole in it.

use language::{CompileError, LOCALES, Locale, Message, compile};

#[test]
fn every_language_has_a_line_for_every_message() {
    for locale in &LOCALES {
        let served = compile(locale).unwrap();
        assert_eq!(served.lines().count(), Message::COUNT, "{}", locale.tag);
        assert!(served.lines().all(|line| !line.trim().is_empty()));
    }
}

/// German with something changed in its first file.
fn changed(from: &str, to: &str) -> Result<String, CompileError> {
    let german = &LOCALES[1];
    assert!(german.files[0].contains(from), "{from}");
    let mut files = german.files;
    files[0] = german.files[0].replacen(from, to, 1).leak();
    compile(&Locale { files, ..*german })
}

#[test]
fn a_missing_an_unknown_and_a_double_message_are_named() {
    for (from, to, expected) in [
        ("\nsave = ", "\nsafe = ", "de: save is missing"),
        ("\nsave = ", "\nnew = x\nsave = ", "de: new is unknown"),
        (
            "\nsave = ",
            "\nsave = x\nsave = ",
            "de: save is given twice",
        ),
    ] {
        assert_eq!(changed(from, to).unwrap_err().to_string(), expected);
    }
}

#[test]
fn other_variables_than_in_english_are_named() {
    let error = changed("{ $version }", "{ $edition }").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("stored-version is without the variables"),
        "{error}"
    );
}

#[test]
fn what_a_line_cannot_hold_is_named() {
    for (to, expected) in [
        ("\nsave = {\"{\"}", "brace"),
        ("\nsave = { NUMBER(1) }", "only variables"),
        ("\nsave = { -nothing }", "no term -nothing"),
        ("\nsave = { cancel }", "only variables"),
    ] {
        let error = changed("\nsave = Speichern", to).unwrap_err().to_string();
        assert!(
            error.starts_with("de: save: ") && error.contains(expected),
            "{error}"
        );
    }
    let error = changed("\nsave = Speichern", "\nsave = {").unwrap_err();
    assert!(
        matches!(error, CompileError::Syntax { tag: "de", .. }),
        "{error}"
    );
}
