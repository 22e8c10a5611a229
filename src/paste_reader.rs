//! The program that recognises connection strings: a WebAssembly module of its own (`crates/paste-reader`), loaded for
//! each text that is pasted. What is pasted goes from one memory into the other, and is wiped there as soon as the answer is read.

use envelope::Secret;
use js_sys::WebAssembly;
use js_sys::{Function, Object, Reflect, Uint8Array};
use language::Sentence;
use linked_service::connection_string::{Unpacked, unpack};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestInit;
use zeroize::Zeroizing;

use crate::browser::{element, window};

/// The element of index.html that has the module's address and hash.
const ADDRESS_ID: &str = "paste-reader";

/// The module did not arrive, is not what was published, or does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

impl From<JsValue> for Unavailable {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// The module, ready to be asked.
pub struct PasteReader {
    exports: JsValue,
    memory: JsValue,
}

impl PasteReader {
    /// Fetches it; the browser refuses another file than the one that this page was published with.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn load() -> Result<Self, Unavailable> {
        let address = element(ADDRESS_ID).ok_or(Unavailable)?;
        let stamped = |name| address.get_attribute(name).ok_or(Unavailable);
        let request = RequestInit::new();
        request.set_integrity(&stamped("data-integrity")?);
        let response = window()
            .ok_or(Unavailable)?
            .fetch_with_str_and_init(&stamped("data-url")?, &request);
        let made = WebAssembly::instantiate_streaming(&response, &Object::new());
        let made = JsFuture::from(made).await?;
        let instance = Reflect::get(&made, &"instance".into())?;
        let exports = Reflect::get(&instance, &"exports".into())?;
        let memory = Reflect::get(&exports, &"memory".into())?;
        Ok(Self { exports, memory })
    }

    /// What a text is: for a certain kind of data store, or for whichever it fits. The sentence, where it is nothing that can be read.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub fn read(
        &self,
        text: &Secret,
        wanted: Option<&str>,
    ) -> Result<Result<Unpacked, Sentence>, Unavailable> {
        let read = self.ask(text, wanted);
        // Whatever came of it.
        self.call("paste_wipe", None)?;
        unpack(&read?).ok_or(Unavailable)
    }

    fn ask(&self, text: &Secret, wanted: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
        let wanted = [wanted.unwrap_or(""), "\n"].concat();
        let room = wanted.len() + text.len();
        let asked = self.call("paste_room", Some(room))?;
        self.bytes(asked, wanted.len())?
            .copy_from(wanted.as_bytes());
        let place = self.bytes(asked + wanted.len(), text.len())?;
        // EXPOSE: to be taken apart, in a memory that is wiped then.
        place.copy_from(text.expose().as_bytes());
        let answer = self.call("paste_read", None)?;
        let length = self.call("paste_answer_length", None)?;
        let mut parcel = Zeroizing::new(vec![0; length]);
        self.bytes(answer, length)?.copy_to(&mut parcel);
        Ok(parcel)
    }

    /// A part of the module's memory, which may have grown and is another buffer then.
    fn bytes(&self, from: usize, length: usize) -> Result<Uint8Array, Unavailable> {
        let memory = Reflect::get(&self.memory, &"buffer".into())?;
        let (from, length) = (from as u32, length as u32);
        Ok(Uint8Array::new_with_byte_offset_and_length(
            &memory, from, length,
        ))
    }

    /// Addresses and lengths are 32 bits wide in there.
    fn call(&self, name: &str, argument: Option<usize>) -> Result<usize, Unavailable> {
        let function: Function = Reflect::get(&self.exports, &name.into())?.unchecked_into();
        let argument = argument.map_or(JsValue::UNDEFINED, |argument| (argument as u32).into());
        let result = function.call1(&JsValue::UNDEFINED, &argument)?;
        Ok(result.as_f64().unwrap_or_default() as usize)
    }
}
