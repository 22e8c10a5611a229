//! The program that recognises connection strings (`crates/paste-reader`), asked about each text that is pasted.

use envelope::Secret;
use linked_service::Kind;
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
        wanted: Option<&Kind>,
    ) -> Result<Result<Unpacked, String>, Unavailable> {
        let wanted = wanted.map_or("", |kind| kind.id).as_bytes();
        // EXPOSE: to be taken apart, in a memory that is wiped then.
        let parcel = self.0.ask(&[wanted, b"\n", text.expose().as_bytes()])?;
        unpack(&parcel).ok_or(Unavailable)
    }
}
