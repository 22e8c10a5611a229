//! The program that recognises connection strings (`crates/paste-reader`), asked about each text that is pasted.

use envelope::Secret;
use language::Sentence;
use linked_service::connection_string::{Unpacked, unpack};

use crate::reader_module::{ReaderModule, Unavailable};

/// The element of index.html that has the module's address and hash.
const ADDRESS_ID: &str = "paste-reader";

/// The module, ready to be asked.
pub struct PasteReader(ReaderModule);

impl PasteReader {
    /// Fetches it.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn load() -> Result<Self, Unavailable> {
        ReaderModule::load(ADDRESS_ID).await.map(Self)
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
        let wanted = wanted.unwrap_or("").as_bytes();
        // EXPOSE: to be taken apart, in a memory that is wiped then.
        let parcel = self.0.ask(&[wanted, b"\n", text.expose().as_bytes()])?;
        unpack(&parcel).ok_or(Unavailable)
    }
}
