//! Key files among the secrets: recognised and put into their usual form, as the page does.

use key_file::{Container, Key, PassphraseError, recognise};
use linked_service::{Holds, KeyFile};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The file's usual form, if it is what the field takes and `passphrase` opens it.
///
/// # Errors
/// What is wrong with it; never what is in it.
pub(crate) fn in_usual_form(
    field: &str,
    wanted: KeyFile,
    bytes: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<String>, Failure> {
    let refused = |why: String| Failure::usage(format!("{field}: {why}"));
    let file = recognise(bytes).map_err(|why| refused(why.to_string()))?;
    let fits = |container: Container, key: &Key| {
        let is_pfx = container == Container::Pfx;
        match (is_pfx == (wanted.holds == Holds::Certificate), key) {
            (false, _) => Err(refused(format!(
                "this is a {container} file, and what is needed is {}",
                match wanted.holds {
                    Holds::PrivateKey => "a private key",
                    Holds::Certificate => "a certificate with its private key (PKCS#12)",
                }
            ))),
            (true, Key::Absent) => Err(refused("there is no private key in it".to_owned())),
            (true, _) => Ok(()),
        }
    };
    let known = file.description();
    fits(known.container, &known.key)?;
    if let Some(passphrase) = passphrase.filter(|_| file.needs_passphrase()) {
        match file.check_passphrase(passphrase) {
            Ok(inside) => fits(inside.container, &inside.key)?,
            // Whether the gateway can is its own business.
            Err(PassphraseError::Unsupported(_) | PassphraseError::TooMuchWork) => {}
            Err(why) => return Err(refused(why.to_string())),
        }
    }
    Ok(file.content())
}
