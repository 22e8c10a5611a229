//! Secret fields: what they stand for, what they never show, when they are empty.

use credential_setter::capture::SecretFields;
use credential_setter::secret_field::{SecretField, SecretFieldProps};
use js_sys::{Array, Function, Reflect};
use language::words;
use linked_service::{Field, Holds, Input, KeyFile};
use serde_json::json;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;
use web_sys::{Event, File};
use yew::Callback;

use crate::gateway::{Answer, Gateway};
use crate::stage::{SECRET, Stage, ticket, window_event};

const ONE_LINE: Field = Field {
    name: "password",
    label: words("label-password"),
    ..Field::SECRET
};

const LINES: Field = Field {
    name: "privateKeyContent",
    label: words("label-private-key"),
    input: Input::KeyFile(KeyFile {
        holds: Holds::PrivateKey,
        passphrase: "passPhrase",
    }),
    ..Field::SECRET
};

/// One secret field by itself, and the registry that the form would read it from.
async fn field(field: &'static Field) -> (Stage<SecretField>, SecretFields) {
    let fields = SecretFields::default();
    let props = SecretFieldProps {
        field,
        fields: fields.clone(),
        fault: None,
        other: None,
        on_edit: Callback::noop(),
    };
    (Stage::mount(props).await, fields)
}

/// Whether the field stands for exactly this text. Compared here, so that no failure prints a secret.
fn stands_for(fields: &SecretFields, name: &str, text: &str) -> bool {
    fields
        .read(name)
        .is_ok_and(|secret| secret.expose() == text)
}

/// What a screen reader is told of the field.
fn note(stage: &Stage<SecretField>) -> String {
    stage
        .find("[role='status']")
        .and_then(|note| note.text_content())
        .unwrap_or_default()
}

async fn edit(stage: &Stage<SecretField>, input_type: &str, data: Option<&str>) {
    let members = json!({ "inputType": input_type, "data": data });
    let left = stage.input_event("password", "beforeinput", &members).await;
    assert!(!left, "{input_type} is left to the browser");
}

/// A captured field with this text, the caret at its end.
async fn typed(text: &str) -> (Stage<SecretField>, SecretFields) {
    let (stage, fields) = field(&ONE_LINE).await;
    edit(&stage, "insertText", Some(text)).await;
    (stage, fields)
}

#[test]
async fn a_captured_field_shows_a_bullet_for_each_character() {
    let (stage, fields) = typed("p\u{e4}\u{1f511}").await;
    assert_eq!(stage.shown("password"), "•••");
    assert!(stands_for(&fields, "password", "p\u{e4}\u{1f511}"));
}

#[test]
async fn every_edit_is_made_where_the_selection_is() {
    for (input_type, data, selection, expected) in [
        ("insertText", Some("X"), (1, 1), "aX\u{1f511}b cd"),
        ("insertText", Some("X"), (1, 3), "aX cd"),
        ("deleteContentBackward", None, (2, 2), "ab cd"),
        ("deleteContentForward", None, (1, 1), "ab cd"),
        ("deleteContentForward", None, (0, 3), " cd"),
        ("deleteWordBackward", None, (6, 6), "a\u{1f511}b "),
        ("deleteWordForward", None, (3, 3), "a\u{1f511}b"),
        ("deleteSoftLineBackward", None, (2, 2), "b cd"),
        ("deleteHardLineForward", None, (2, 2), "a\u{1f511}"),
        ("insertLineBreak", None, (1, 1), "a\n\u{1f511}b cd"),
        ("historyUndo", None, (3, 3), ""),
        ("historyRedo", None, (3, 3), "a\u{1f511}b cd"),
        ("deleteByCut", None, (0, 3), "a\u{1f511}b cd"),
    ] {
        let (stage, fields) = typed("a\u{1f511}b cd").await;
        stage.select("password", selection.0, selection.1);
        edit(&stage, input_type, data).await;
        assert!(
            stands_for(&fields, "password", expected),
            "{input_type} at {selection:?}"
        );
        assert_eq!(
            stage.shown("password").chars().count(),
            expected.chars().count()
        );
    }
}

#[test]
async fn a_paste_keeps_every_byte_and_lands_in_the_selection() {
    for text in [
        "p\u{e4}ss \u{1f511} \"'{};%",
        "a\nb",
        "a\r\nb\r\n",
        "a\rb",
        "a\0b",
        "\r\n",
        "mixed\r\nends\nof\rlines\0",
    ] {
        let (stage, fields) = typed("start|end").await;
        stage.select("password", 5, 6);
        assert!(
            !stage.paste("password", &text.into()).await,
            "left to the browser: {text:?}"
        );
        let expected = ["start", text, "end"].concat();
        assert!(
            stands_for(&fields, "password", &expected),
            "altered: {text:?}"
        );
    }
}

#[test]
async fn what_does_not_fit_is_refused_as_a_whole_and_said() {
    let (stage, fields) = typed("typed").await;
    stage.paste("password", &"x".repeat(8188).into()).await;
    assert!(stands_for(&fields, "password", "typed"));
    assert!(stage.find(".field__error").is_some(), "nothing is said");
    stage.paste("password", &"x".repeat(8187).into()).await;
    assert!(stage.find(".field__error").is_none());
}

#[test]
async fn a_secret_cannot_be_cut_copied_or_dragged_out() {
    for event in ["cut", "copy", "dragstart"] {
        let (stage, fields) = typed("typed").await;
        let left = stage.input_event("password", event, &json!({})).await;
        assert!(!left, "{event} is left to the browser");
        assert!(stands_for(&fields, "password", "typed"));
        assert!(
            note(&stage).contains("cannot be"),
            "nothing is said of {event}"
        );
    }
}

#[test]
async fn the_number_of_characters_is_announced_once_nothing_is_typed_for_a_moment() {
    let (stage, fields) = typed("abc").await;
    let tick = async || {
        fields.count();
        stage.flush().await;
        note(&stage)
    };
    assert!(note(&stage).starts_with("Hidden"), "the mode is not told");
    assert!(
        tick().await.starts_with("Hidden"),
        "in the middle of typing"
    );
    assert_eq!(tick().await, "3 characters");
    edit(&stage, "deleteWordBackward", None).await;
    edit(&stage, "insertText", Some("x")).await;
    assert_eq!(tick().await, "3 characters");
    assert_eq!(tick().await, "1 character");
    to_other_mode(&stage).await;
    assert!(
        note(&stage).contains("password field"),
        "the other mode is not told"
    );
    tick().await;
    assert_eq!(tick().await, "1 character");
}

#[test]
async fn an_input_method_is_let_through_and_taken_over_at_its_end() {
    let (stage, fields) = typed("ab").await;
    stage.select("password", 1, 1);
    let event = async |name, data: &str| {
        let members = json!({ "data": data, "inputType": "insertCompositionText" });
        stage.input_event("password", name, &members).await
    };
    event("compositionstart", "").await;
    assert!(note(&stage).contains("input method"), "nothing is said");
    assert!(
        event("beforeinput", "に").await,
        "the input method is disturbed"
    );
    Reflect::set(&stage.control("password"), &"value".into(), &"•に•".into()).unwrap();
    event("input", "に").await;
    event("compositionend", "日").await;
    assert!(stands_for(&fields, "password", "a日b"));
    assert_eq!(stage.shown("password"), "•••");
    event("compositionstart", "").await;
    event("compositionend", "").await;
    assert!(stands_for(&fields, "password", "a日b"), "given up");
}

#[test]
async fn what_another_program_writes_into_a_captured_field_is_not_taken_and_that_is_said() {
    let (stage, fields) = typed("typed").await;
    stage.set("password", &"from an extension".into()).await;
    assert_eq!(stage.shown("password"), "•••••");
    assert!(stands_for(&fields, "password", "typed"));
    assert!(note(&stage).contains("Plain field"));
}

async fn to_other_mode(stage: &Stage<SecretField>) -> String {
    stage.click(".link-button").await;
    stage.control("password").tag_name()
}

#[test]
async fn the_plain_field_is_the_browser_s_own_and_takes_the_text_along() {
    let (stage, fields) = typed("one \u{1f511} line").await;
    assert_eq!(to_other_mode(&stage).await, "INPUT");
    let control = stage.control("password");
    assert_eq!(control.get_attribute("type").as_deref(), Some("password"));
    assert!(stands_for(&fields, "password", "one \u{1f511} line"));
    assert_eq!(crate::stage::focused_id(), "field-password");
    stage.type_into("password", "another").await;
    assert!(stands_for(&fields, "password", "another"));
    let ordinary = "p\u{e4}ss \u{1f511} \"'{};%";
    assert!(stage.paste("password", &ordinary.into()).await);
    assert_eq!(to_other_mode(&stage).await, "TEXTAREA");
    assert!(stands_for(&fields, "password", "another"));
    assert_eq!(stage.shown("password"), "•••••••");
}

#[test]
async fn a_plain_field_is_not_had_at_the_price_of_a_line_break() {
    let (stage, fields) = typed("a\r\nb").await;
    assert_eq!(to_other_mode(&stage).await, "TEXTAREA");
    assert!(stands_for(&fields, "password", "a\r\nb"));
    assert!(note(&stage).contains("Not changed"), "nothing is said");
}

#[test]
async fn a_paste_that_a_plain_field_would_alter_makes_it_captured() {
    for text in ["a\nb", "\r\n", "a\0b"] {
        let (stage, fields) = field(&ONE_LINE).await;
        to_other_mode(&stage).await;
        stage.type_into("password", "\u{1f511}start|end").await;
        stage.select("password", 7, 8);
        assert!(!stage.paste("password", &text.into()).await);
        assert_eq!(stage.control("password").tag_name(), "TEXTAREA");
        let expected = ["\u{1f511}start", text, "end"].concat();
        assert!(
            stands_for(&fields, "password", &expected),
            "altered: {text:?}"
        );
        edit(&stage, "insertText", Some("!")).await;
        let expected = ["\u{1f511}start", text, "!end"].concat();
        assert!(
            stands_for(&fields, "password", &expected),
            "the caret is elsewhere"
        );
    }
}

#[test]
async fn show_makes_it_readable_and_changes_nothing_else() {
    for plain in [false, true] {
        let (stage, fields) = typed(SECRET).await;
        if plain {
            to_other_mode(&stage).await;
        }
        stage.click(".secret__reveal").await;
        assert!(stage.shown("password") == SECRET);
        assert!(stage.find(".secret__reveal[aria-pressed='true']").is_some());
        assert!(stands_for(&fields, "password", SECRET));
        stage.click(".secret__reveal").await;
        is_hidden(&stage, plain);
    }
}

fn is_hidden(stage: &Stage<SecretField>, plain: bool) {
    assert!(
        stage
            .find(".secret__reveal[aria-pressed='false']")
            .is_some()
    );
    if plain {
        assert!(stage.find("[type='password']").is_some());
    } else {
        assert!(stage.shown("password").chars().all(|each| each == '•'));
        assert!(stage.control("password").has_attribute("data-masked"));
    }
}

#[test]
async fn a_readable_field_can_be_edited_and_is_hidden_again_when_it_is_left() {
    for plain in [false, true] {
        let (stage, fields) = typed("a\u{1f511}b").await;
        if plain {
            to_other_mode(&stage).await;
        }
        stage.click(".secret__reveal").await;
        if !plain {
            stage.select("password", 3, 4);
            edit(&stage, "insertText", Some("\0")).await;
            assert_eq!(stage.shown("password"), "a\u{1f511}␀");
            assert!(stands_for(&fields, "password", "a\u{1f511}\0"));
        }
        stage.input_event("password", "focusout", &json!({})).await;
        is_hidden(&stage, plain);
        stage.click(".secret__reveal").await;
        fields.hide();
        stage.flush().await;
        is_hidden(&stage, plain);
    }
}

#[test]
async fn save_and_a_page_that_cannot_be_seen_hide_what_was_shown() {
    let gateway = Gateway::new();
    // Nothing moves the focus meanwhile, which would hide it as well.
    gateway.keys(Answer::Later);
    for act in ["visibilitychange", "save"] {
        let stage = Stage::filled().await;
        stage.click(".secret__reveal").await;
        assert!(stage.shown("password") == SECRET);
        if act == "save" {
            stage.save().await;
        } else {
            window_event(act);
        }
        stage.flush().await;
        let hidden = stage.shown("password").chars().all(|each| each == '•');
        assert!(hidden, "readable after {act}");
    }
}

#[test]
async fn half_a_character_is_refused_instead_of_replaced() {
    let half = js_sys::JsString::from_char_code1(0xd800);
    let (stage, fields) = typed("typed").await;
    assert!(!stage.paste("password", &half).await);
    assert!(stands_for(&fields, "password", "typed"));
    assert!(stage.find(".field__error").is_some(), "nothing is said");
    to_other_mode(&stage).await;
    assert!(!stage.paste("password", &half).await);
    stage.set("password", &half).await;
    assert!(fields.read("password").is_err());
}

#[test]
async fn a_file_arrives_byte_for_byte_or_is_refused_with_a_reason() {
    let (stage, fields) = field(&LINES).await;
    choose_file(
        &stage,
        b"-----BEGIN KEY-----\r\nabc\r\n-----END KEY-----\r\n",
    )
    .await;
    stage
        .until("the file's text", || {
            let key = "-----BEGIN KEY-----\r\nabc\r\n-----END KEY-----\r\n";
            stands_for(&fields, LINES.name, key).then_some(())
        })
        .await;
    for refused in [&[0xff, 0xfe, 0x00][..], &[b'x'; 8193], &[0; 65537]] {
        choose_file(&stage, refused).await;
        stage
            .until("a reason", || stage.find(".field__error"))
            .await;
        assert!(
            !stands_for(&fields, LINES.name, ""),
            "the field was emptied"
        );
        stage.type_into(LINES.name, "typed").await;
        assert!(stage.find(".field__error").is_none());
    }
}

/// Chooses a file as the file dialogue does.
async fn choose_file(stage: &Stage<SecretField>, bytes: &[u8]) {
    let parts = Array::of1(&js_sys::Uint8Array::from(bytes));
    let file = File::new_with_u8_array_sequence(&parts, "id_rsa").unwrap();
    let list = Function::new_with_args(
        "file",
        "const transfer = new DataTransfer(); transfer.items.add(file); return transfer.files;",
    );
    let files = list.call1(&JsValue::NULL, &file).unwrap();
    let input = stage.find("input[type='file']").unwrap();
    Reflect::set(&input, &"files".into(), &files).unwrap();
    let event = Event::new_with_event_init_dict("change", crate::stage::bubbling().unchecked_ref());
    stage.dispatch(&input, &event.unwrap());
    stage.flush().await;
}

#[test]
async fn a_field_that_is_left_is_empty() {
    let (stage, fields) = field(&ONE_LINE).await;
    stage.paste("password", &"a\r\nb".into()).await;
    let control = stage.control("password");
    drop(stage);
    yew::scheduler::flush().await;
    assert!(stands_for(&fields, "password", ""));
    let left = Reflect::get(&control, &"value".into()).unwrap();
    assert!(
        left.as_string().is_some_and(|left| left.is_empty()),
        "the element keeps the secret"
    );
}

#[test]
async fn leaving_the_page_empties_the_secrets_and_nothing_else() {
    let _gateway = Gateway::new();
    let stage = Stage::filled().await;
    window_event("pagehide");
    stage.flush().await;
    assert!(
        stage.shown("password").is_empty(),
        "the secret waits for the back button"
    );
    assert_eq!(stage.shown("server"), "db01.corp.example");
}

#[test]
async fn no_attribute_and_no_text_of_the_document_ever_holds_a_secret() {
    let gateway = Gateway::new();
    let stage = Stage::filled().await;
    assert!(
        stage.html().contains("db01.corp.example") || stage.shown("server") == "db01.corp.example"
    );
    assert!(!stage.html().contains(SECRET), "after typing");
    stage.click(".secret__reveal").await;
    assert!(!stage.html().contains(SECRET), "after Show");
    let control = stage.control("password");
    stage.save().await;
    stage.receipt().await;
    assert!(!stage.html().contains(SECRET), "after Save");
    assert!(!stage.words().contains(SECRET), "on the receipt");
    let left = Reflect::get(&control, &"value".into()).unwrap();
    assert!(
        left.as_string().is_some_and(|left| left.is_empty()),
        "the element keeps the secret"
    );
    assert!(!gateway.bodies()[0].contains(SECRET), "in the request");
}

#[test]
async fn the_browser_is_asked_not_to_remember_or_correct_a_secret() {
    let _gateway = Gateway::new();
    let stage = Stage::open(&ticket(&json!({ "kind": "Sftp" }))).await;
    stage.choose("#field-auth", "SshPublicKey").await;
    stage.type_into("privateKeyContent", "typed").await;
    for name in ["privateKeyContent", "passPhrase"] {
        let control = stage.control(name);
        // As the browser has it, whether it says so itself or its form does.
        let spelling = Reflect::get(&control, &"spellcheck".into()).unwrap();
        assert_eq!(spelling.as_bool(), Some(false), "{name}");
        let remembers = control
            .closest("[autocomplete]")
            .unwrap()
            .and_then(|element| element.get_attribute("autocomplete"));
        let expected = if control.tag_name() == "INPUT" {
            "new-password"
        } else {
            "off"
        };
        assert_eq!(remembers.as_deref(), Some(expected), "{name}");
        assert!(control.get_attribute("value").is_none(), "{name}");
    }
}
