//! What the page asks of a text field and of its events. Texts are `JsString`s: the bindings' own `String` would replace what is
//! not text without a word.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What `<input>` and `<textarea>` have in common.
    pub(super) type TextControl;

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn value(this: &TextControl) -> JsString;

    #[wasm_bindgen(method, setter, structural)]
    pub(super) fn set_value(this: &TextControl, value: &str);

    #[wasm_bindgen(method, getter, structural, js_name = selectionStart)]
    pub(super) fn selection_start(this: &TextControl) -> Option<u32>;

    #[wasm_bindgen(method, getter, structural, js_name = selectionEnd)]
    pub(super) fn selection_end(this: &TextControl) -> Option<u32>;

    #[wasm_bindgen(method, structural, js_name = setSelectionRange)]
    pub(super) fn set_selection_range(this: &TextControl, start: u32, end: u32);

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn form(this: &TextControl) -> Option<Form>;

    /// A field's form.
    pub(super) type Form;

    #[wasm_bindgen(method, structural, js_name = requestSubmit)]
    pub(super) fn request_submit(this: &Form);

    /// What `InputEvent`, `CompositionEvent`, `ClipboardEvent`, `DragEvent` and `FocusEvent` bring along; each has some of it.
    pub(super) type TextEvent;

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn data(this: &TextEvent) -> Option<JsString>;

    #[wasm_bindgen(method, getter, structural, js_name = inputType)]
    pub(super) fn input_type(this: &TextEvent) -> Option<String>;

    #[wasm_bindgen(method, getter, structural, js_name = relatedTarget)]
    pub(super) fn related_target(this: &TextEvent) -> Option<web_sys::Node>;

    #[wasm_bindgen(method, getter, structural, js_name = clipboardData)]
    pub(super) fn clipboard(this: &TextEvent) -> Option<Transfer>;

    #[wasm_bindgen(method, getter, structural, js_name = dataTransfer)]
    pub(super) fn dragged(this: &TextEvent) -> Option<Transfer>;

    /// A clipboard, or what is dragged.
    pub(super) type Transfer;

    #[wasm_bindgen(method, structural, js_name = getData)]
    pub(super) fn get_data(this: &Transfer, format: &str) -> JsString;

    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn files(this: &Transfer) -> Option<web_sys::FileList>;
}
