//! Key files in the form: taken when they are pasted, dropped or chosen; looked at again, and tried with their passphrase, before anything
//! is sealed. What reads them is [`crate::key_reader`].

use std::rc::Rc;

use envelope::Secret;
use linked_service::{Field, Holds, Input, KeyFile};
use reader_exchange::key_file::{Answer, Outcome};
use zeroize::Zeroizing;

use crate::capture::{self, Given, Known, Refused, SecretFields, Slot};
use crate::key_reader;
use crate::state::{Fault, Form, Step};
use crate::text::key_files as text;
use crate::text::secrets;

/// The longest file that is looked at, in bytes: as much as the module does.
const LONGEST: usize = 64 * 1024;

/// What is known of the need for a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passphrase {
    /// The key file may have one, or the field is no passphrase of a key file.
    Asked,
    /// The key file is not there yet.
    NotYet,
    /// The key file has none.
    Needless,
}

/// Whether the secret of this name is to be asked for.
pub fn passphrase(form: &Form, fields: &SecretFields, name: &str) -> Passphrase {
    let its_key = |field: &&Field| key_file(field).is_some_and(|key| key.passphrase == name);
    let Some(key) = form.fields().find(its_key) else {
        return Passphrase::Asked;
    };
    let slot = fields.find(key.name);
    if slot.is_some_and(|slot| slot.known() == Known::Open) {
        return Passphrase::Needless;
    }
    let is_awaited = |name| form.step(name) == Step::Type && !fields.has(name);
    if is_awaited(key.name) && is_awaited(name) {
        return Passphrase::NotYet;
    }
    Passphrase::Asked
}

/// What a field takes, if that is a key file.
pub fn key_file(field: &Field) -> Option<KeyFile> {
    match field.input {
        Input::KeyFile(key) => Some(key),
        _ => None,
    }
}

/// Puts what was given into its field, in its normal form. Where it cannot be looked at, a text is taken as it is.
///
/// # Errors
/// What to tell; the field is as it was.
pub async fn take(slot: &Slot, given: Given, holds: Holds) -> Result<(), String> {
    let turn = slot.begin();
    let refused = |refused| secrets::refused(refused).text().to_owned();
    let bytes = match given {
        Given::Text(text) => {
            let text = text.map_err(|_| refused(Refused::HalfCharacter))?;
            // EXPOSE: copied into wiping memory, to be looked at like a file.
            Zeroizing::new(text.expose().as_bytes().to_vec())
        }
        Given::File(file) => capture::read_bytes(&file, LONGEST).await.map_err(refused)?,
    };
    match look(slot, turn, &bytes, &[], holds).await {
        (Outcome::Refused, words) => Err(words),
        (Outcome::Untried, words) => {
            let exact = Secret::from_utf8(bytes.to_vec()).map_err(|_| words.clone())?;
            slot.fill(&exact).map_err(refused)?;
            slot.learn(Known::Unchecked, words);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What the module says; `Untried` if it cannot be had. What it has recognised is put into the field, unless that was edited or wiped
/// meanwhile: then there is nothing to say.
async fn look(
    slot: &Slot,
    turn: u32,
    file: &[u8],
    passphrase: &[u8],
    holds: Holds,
) -> (Outcome, String) {
    let answer = key_reader::read(file, passphrase, holds).await;
    if !slot.is_at(turn) {
        return (Outcome::Open, String::new());
    }
    let Ok(answer) = answer else {
        return (Outcome::Untried, text::UNAVAILABLE.text().to_owned());
    };
    let Answer {
        outcome,
        sentence,
        content,
    } = answer;
    let words = sentence.say();
    if !content.is_empty() {
        if let Err(refused) = slot.fill(&Secret::from(content)) {
            return (
                Outcome::Refused,
                secrets::refused(refused).text().to_owned(),
            );
        }
        let known = match outcome {
            Outcome::Open => Known::Open,
            _ => Known::Sealed,
        };
        slot.learn(known, words.clone());
    }
    (outcome, words)
}

/// A key file that is to be saved, and of which it is not known that this can be done.
pub struct Unsettled {
    slot: Rc<Slot>,
    name: &'static str,
    key: KeyFile,
}

/// The form's key file, if it has to be looked at.
pub fn unsettled(form: &Form, fields: &SecretFields) -> Option<Unsettled> {
    form.fields().find_map(|field| {
        let (key, slot) = (key_file(field)?, fields.find(field.name)?);
        let settled = slot.is_empty() || slot.known() == Known::Open;
        let name = field.name;
        (!settled).then_some(Unsettled { slot, name, key })
    })
}

impl Unsettled {
    /// Looks at it, and tries its passphrase; what is wrong. What cannot be tried here is told once: saved again, the gateway gets it
    /// as it is.
    pub async fn check(&self, fields: &SecretFields) -> Option<Fault> {
        let Unsettled { slot, name, key } = self;
        let told = slot.known() == Known::Unchecked;
        let turn = slot.begin();
        // A stored one has no field, and cannot be tried here.
        let is_kept = fields.find(key.passphrase).is_none();
        // What is not text is a fault of its own, which the form is checked for.
        let (file, passphrase) = (slot.read().ok()?, fields.read(key.passphrase).ok()?);
        // EXPOSE: recognised, and one tried on the other, in a memory that is wiped then.
        let (file, passphrase) = (file.expose().as_bytes(), passphrase.expose().as_bytes());
        let (outcome, mut words) = look(slot, turn, file, passphrase, key.holds).await;
        let field = match outcome {
            Outcome::Open | Outcome::Opened => return None,
            Outcome::Sealed if is_kept => return None,
            Outcome::Sealed => {
                words = text::NEEDED.text().to_owned();
                key.passphrase
            }
            Outcome::WrongPassphrase => key.passphrase,
            Outcome::Refused => name,
            Outcome::Untried => {
                slot.learn(Known::Unchecked, slot.words());
                if told {
                    return None;
                }
                name
            }
        };
        let field = field.to_owned();
        Some(Fault { field, words })
    }
}
