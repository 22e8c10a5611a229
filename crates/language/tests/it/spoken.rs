//! A program that was given no language.

use language::Argument::{Number, Text};
use language::{Message, Part, Sentence, message, same, words};

const SAVE: Message = message("save");

#[test]
fn it_speaks_english() {
    assert_eq!(SAVE.text(), "Save");
    assert_eq!(words("label-password").text(), "Password");
    assert_eq!(same("SFTP").text(), "SFTP");
    assert!(same("").is_empty() && !words("save").is_empty());
}

#[test]
fn attributes_are_messages_of_their_own() {
    const ADVICE: Message = message("trouble-offline.advice");
    assert!(ADVICE.text().contains("VPN"));
}

#[test]
fn arguments_stand_in_the_alphabetical_order_of_their_names() {
    const STORED: Message = message("stored-version");
    let said = STORED.with(&[Text("today"), Text("eva"), Number(3)]);
    assert_eq!(said, "version 3, by eva, today");
}

#[test]
fn numbers_choose_the_form() {
    const CLOSES_IN: Message = message("closes-in");
    let said = |seconds| CLOSES_IN.with(&[Number(seconds)]);
    assert!(said(1).contains("1 second.") && said(0).contains("0 seconds."));
}

#[test]
fn braces_in_an_argument_are_text() {
    const QUOTED: Message = message("list-quoted");
    assert_eq!(QUOTED.with(&[Text("{0}|{1}")]), "“{0}|{1}”");
}

#[test]
fn a_missing_argument_leaves_a_gap_and_nothing_else() {
    const QUOTED: Message = message("list-quoted");
    assert_eq!(QUOTED.with(&[]), "“”");
}

#[test]
fn a_sentence_comes_back_as_it_was() {
    let sentence = Sentence::new(
        message("malformed"),
        [
            Part::Message(message("form-jdbc")),
            Part::Number(7),
            Part::Same("what is “so”".to_owned()),
        ],
    );
    let bytes = sentence.to_bytes();
    assert_eq!(Sentence::from_bytes(&bytes), Some(sentence.clone()));
    let said = sentence.say();
    for part in ["JDBC URL", "7", "what is “so”"] {
        assert!(said.contains(part), "{said}");
    }
    // What is cut off is none, except between two parts.
    let whole = (0..bytes.len()).filter(|end| Sentence::from_bytes(&bytes[..*end]).is_some());
    assert_eq!(whole.count(), 3);
    assert_eq!(Sentence::from_bytes(&[0xff; 2]), None, "no such message");
    assert_eq!(Sentence::from_bytes(&[0, 0, 3]), None, "no such part");
    assert_eq!(
        Sentence::from_bytes(&[0, 0, 0, 1, 0, 0, 0, 0xff]),
        None,
        "no text"
    );
}
