//! What is pasted, dropped or chosen.

use envelope::Secret;
use envelope::protocol::LARGEST_BUCKET;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, File};
use zeroize::Zeroizing;

use super::control::TextEvent;
use super::{HalfCharacter, Refused, text};

/// What was pasted or dropped.
pub enum Given {
    /// A text.
    Text(Result<Secret, HalfCharacter>),
    /// A file.
    File(File),
}

/// What an event of pasting or dropping brings along. It is kept from the browser.
pub fn given(event: &Event) -> Option<Given> {
    let asked: &TextEvent = event.unchecked_ref();
    let source = asked.clipboard().or_else(|| asked.dragged())?;
    event.prevent_default();
    Some(match source.files().and_then(|files| files.get(0)) {
        Some(file) => Given::File(file),
        None => Given::Text(text(&source.get_data("text/plain"))),
    })
}

/// The text of a file, byte for byte.
///
/// # Errors
/// [`Refused`]; the bytes that were read are wiped.
pub async fn read_file(file: &Blob) -> Result<Secret, Refused> {
    let mut bytes = read_bytes(file, LARGEST_BUCKET).await?;
    Secret::from_utf8(std::mem::take(&mut *bytes)).map_err(|_| Refused::NotText)
}

/// The bytes of a file that has no more of them than `most`.
///
/// # Errors
/// [`Refused`].
pub async fn read_bytes(file: &Blob, most: usize) -> Result<Zeroizing<Vec<u8>>, Refused> {
    if file.size() > most as f64 {
        return Err(Refused::TooLong);
    }
    let buffer = JsFuture::from(file.array_buffer())
        .await
        .map_err(|_| Refused::Unreadable)?;
    let bytes = js_sys::Uint8Array::new(&buffer);
    let read = Zeroizing::new(bytes.to_vec());
    bytes.fill(0, 0, bytes.length());
    Ok(read)
}
