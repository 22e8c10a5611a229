//! The modules beside the page: programs that read what people paste, each in a memory of its own, loaded when something is pasted. What
//! is asked goes from one memory into the other, and is wiped there as soon as the answer is read.

use js_sys::WebAssembly;
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};
use zeroize::Zeroizing;

use crate::browser::{element, window};

/// The module did not arrive, is not what was published, or does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

impl From<JsValue> for Unavailable {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// The element of index.html that has the address and hash of what is said about what was pasted.
const WORDS_ID: &str = "reader-words";

/// Asks for the file whose address and hash an element has; the browser refuses another one than the page was published with.
fn fetch(id: &str) -> Result<Promise, Unavailable> {
    let address = element(id).ok_or(Unavailable)?;
    let stamped = |name| address.get_attribute(name).ok_or(Unavailable);
    let request = RequestInit::new();
    request.set_integrity(&stamped("data-integrity")?);
    let window = window().ok_or(Unavailable)?;
    Ok(window.fetch_with_str_and_init(&stamped("data-url")?, &request))
}

/// Fetches the words that are not in the document, once.
///
/// # Errors
/// [`Unavailable`].
pub async fn learn_words() -> Result<(), Unavailable> {
    // A page that speaks English by itself has them already.
    if !language::has_learnt()
        && let Ok(words) = fetch(WORDS_ID)
    {
        let words: Response = JsFuture::from(words).await?.unchecked_into();
        let words = JsFuture::from(words.text()?).await?;
        language::learn(words.as_string().unwrap_or_default().leak());
    }
    Ok(())
}

/// A module, ready to be asked.
pub struct ReaderModule {
    exports: JsValue,
    memory: JsValue,
}

impl ReaderModule {
    /// Fetches the module whose address and hash the element with this id has, and the words for what it says.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn load(id: &str) -> Result<Self, Unavailable> {
        // Before the module: a promise that fails while nobody waits for it would stop the page.
        learn_words().await?;
        let module = fetch(id)?;
        let made = WebAssembly::instantiate_streaming(&module, &Object::new());
        let made = JsFuture::from(made).await?;
        let instance = Reflect::get(&made, &"instance".into())?;
        let exports = Reflect::get(&instance, &"exports".into())?;
        let memory = Reflect::get(&exports, &"memory".into())?;
        Ok(Self { exports, memory })
    }

    /// The answer to these parts, one behind the other.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub fn ask(&self, parts: &[&[u8]]) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
        let answer = self.answer(parts);
        // Whatever came of it.
        self.call("reader_wipe", None)?;
        answer
    }

    fn answer(&self, parts: &[&[u8]]) -> Result<Zeroizing<Vec<u8>>, Unavailable> {
        let room = parts.iter().map(|part| part.len()).sum();
        let mut place = self.call("reader_room", Some(room))?;
        for part in parts {
            self.bytes(place, part.len())?.copy_from(part);
            place += part.len();
        }
        let answer = self.call("reader_read", None)?;
        let length = self.call("reader_answer_length", None)?;
        let mut taken = Zeroizing::new(vec![0; length]);
        self.bytes(answer, length)?.copy_to(&mut taken);
        Ok(taken)
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
