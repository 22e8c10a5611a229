//! What stands in for the module that reads key files: it answers from what a text says of itself.

use js_sys::{Object, Promise, Reflect};
use language::{Part, Sentence, message};
use reader_exchange::key_file::{Outcome, pack, read_question};
use reader_exchange::memory;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::Element;
use zeroize::Zeroizing;

const INSTANTIATE: &str = "instantiateStreaming";

/// The stand-in; what it stands in for is back when it goes.
pub(crate) struct KeyReader {
    address: Element,
    original: JsValue,
    _exports: Vec<JsValue>,
    _instantiate: Closure<dyn FnMut() -> Promise>,
    release: js_sys::Function,
}

impl KeyReader {
    /// A module that is there.
    pub(crate) fn new() -> Self {
        let reader = Self::late();
        reader.release();
        reader
    }

    /// A module that arrives when it is released.
    pub(crate) fn late() -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let address = document.create_element("div").unwrap();
        for (name, value) in [
            ("id", "key-reader"),
            ("data-url", "/static/key_reader.wasm"),
            ("data-integrity", "sha256-"),
        ] {
            address.set_attribute(name, value).unwrap();
        }
        document.body().unwrap().append_child(&address).unwrap();

        let room =
            Closure::<dyn FnMut(u32) -> u32>::new(|length| memory::room(length as usize) as u32);
        let read = Closure::<dyn FnMut() -> u32>::new(|| memory::read(answer) as u32);
        let length = Closure::<dyn FnMut() -> u32>::new(|| memory::answer_length() as u32);
        let wipe = Closure::<dyn FnMut()>::new(memory::wipe);
        let exports = Object::new();
        let kept = vec![
            room.into_js_value(),
            read.into_js_value(),
            length.into_js_value(),
            wipe.into_js_value(),
        ];
        let names = [
            "reader_room",
            "reader_read",
            "reader_answer_length",
            "reader_wipe",
        ];
        for (name, export) in names.iter().zip(&kept) {
            Reflect::set(&exports, &(*name).into(), export).unwrap();
        }
        Reflect::set(&exports, &"memory".into(), &wasm_bindgen::memory()).unwrap();
        let (instance, made) = (Object::new(), Object::new());
        Reflect::set(&instance, &"exports".into(), &exports).unwrap();
        Reflect::set(&made, &"instance".into(), &instance).unwrap();

        let mut release = None;
        let arrived = Promise::new(&mut |resolve, _| release = Some(resolve));
        let release = release.unwrap().bind1(&JsValue::UNDEFINED, &made);
        let instantiate = Closure::<dyn FnMut() -> Promise>::new(move || arrived.clone());
        let original = Reflect::get(&web_assembly(), &INSTANTIATE.into()).unwrap();
        Reflect::set(&web_assembly(), &INSTANTIATE.into(), instantiate.as_ref()).unwrap();
        Self {
            address,
            original,
            _exports: kept,
            _instantiate: instantiate,
            release: release.unchecked_into(),
        }
    }

    /// Lets the module arrive.
    pub(crate) fn release(&self) {
        self.release.call0(&JsValue::UNDEFINED).unwrap();
    }
}

impl Drop for KeyReader {
    fn drop(&mut self) {
        Reflect::set(&web_assembly(), &INSTANTIATE.into(), &self.original).unwrap();
        self.address.remove();
    }
}

fn web_assembly() -> JsValue {
    Reflect::get(&js_sys::global(), &"WebAssembly".into()).unwrap()
}

fn answer(asked: &[u8]) -> Zeroizing<Vec<u8>> {
    let Some((_, file, passphrase)) = read_question(asked) else {
        return Zeroizing::default();
    };
    let is = |begin: &[u8]| file.starts_with(begin);
    match passphrase {
        b"right" => pack(Outcome::Opened, &said("inside"), "sealed, in normal form"),
        b"heavy" => pack(
            Outcome::Untried,
            &said("too much work."),
            "sealed, in normal form",
        ),
        b"" if is(b"sealed") => pack(
            Outcome::Sealed,
            &said("a sealed key"),
            "sealed, in normal form",
        ),
        // Bytes that are no text.
        b"" if is(b"\xff\x00") => pack(Outcome::Sealed, &said("a binary key"), "sealed, in base64"),
        b"" if is(b"open") => pack(Outcome::Open, &said("an open key"), "open, in normal form"),
        b"" => pack(Outcome::Refused, &said("This is a public key."), ""),
        _ => pack(Outcome::WrongPassphrase, &said("does not open it"), ""),
    }
}

/// Any words at all, as the module says them.
fn said(words: &str) -> Sentence {
    Sentence::new(message("list-quoted"), [Part::Same(words.to_owned())])
}
