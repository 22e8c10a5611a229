//! The program that recognises key files and tries passphrases (`crates/key-reader`), asked about each key file.

use linked_service::Holds;
use reader_exchange::key_file::{Answer, Wanted, question_head, unpack};

use crate::reader_module::{ReaderModule, Unavailable};

/// The element of index.html that has the module's address and hash.
const ADDRESS_ID: &str = "key-reader";

/// What a key file is, or whether its passphrase opens it, if there is one.
///
/// # Errors
/// [`Unavailable`].
pub async fn read(file: &[u8], passphrase: &[u8], holds: Holds) -> Result<Answer, Unavailable> {
    let wanted = match holds {
        Holds::PrivateKey => Wanted::PrivateKey,
        Holds::Certificate => Wanted::Certificate,
    };
    let module = ReaderModule::load(ADDRESS_ID).await?;
    let head = question_head(wanted, file.len());
    let answer = module.ask(&[&head, file, passphrase])?;
    unpack(&answer).ok_or(Unavailable)
}
