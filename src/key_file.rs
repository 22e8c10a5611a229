//! Key files in the form: taken when they are pasted, dropped or chosen, looked at again when they are to be saved, and tried with their
//! passphrase before anything is sealed. What reads them is [`crate::key_reader`].

use envelope::Secret;
use linked_service::{Field, Holds, Input, KeyFile};
use reader_exchange::key_file::{Answer, Outcome};
use zeroize::Zeroizing;

use crate::capture::{self, Given, Known, Refused, SecretFields, Slot};
use crate::key_reader;
use crate::reader_module::Unavailable;
use crate::state::{Fault, Form, Step};
use crate::text::key_files as words;
use crate::text::secrets;

/// The longest file that is looked at, in bytes: as much as the module does.
const LONGEST: usize = 64 * 1024;

/// Why something was not taken.
enum Refusal {
    /// It is wrong.
    Words(String),
    /// Whether it is wrong cannot be found out here.
    Unchecked(String),
}

impl From<Unavailable> for Refusal {
    fn from(_: Unavailable) -> Self {
        Self::Unchecked(words::SAVE_UNCHECKED.to_owned())
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Words(secrets::refused(refused).to_owned())
    }
}

/// What a passphrase is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passphrase {
    /// A key file that may have one, or the field is no passphrase of a key file.
    Asked,
    /// A key file that is not there yet.
    NotYet,
    /// A key file that needs none.
    Needless,
}

/// What the secret of this name is for.
pub fn passphrase(form: &Form, fields: &SecretFields, name: &str) -> Passphrase {
    let is_its_key = |field: &&Field| key_file(field).is_some_and(|key| key.passphrase == name);
    let key = form.fields().find(is_its_key);
    let Some(key) = key.filter(|key| is_typed(form.step(key.name))) else {
        return Passphrase::Asked;
    };
    match fields.find(key.name) {
        Some(slot) if slot.known() == Known::Open => Passphrase::Needless,
        Some(slot) if !slot.is_empty() => Passphrase::Asked,
        _ if form.step(name) == Step::Type && !fields.has(name) => Passphrase::NotYet,
        _ => Passphrase::Asked,
    }
}

/// What an input takes, if that is a key file.
pub fn key_file(field: &Field) -> Option<KeyFile> {
    match field.input {
        Input::KeyFile(key) => Some(key),
        _ => None,
    }
}

fn is_typed(step: Step) -> bool {
    matches!(step, Step::Type | Step::Replace | Step::TypeAgain)
}

/// Puts what was given into its field, in its normal form. Where it cannot be looked at, a text is taken as it is.
///
/// # Errors
/// What to tell; the field is as it was.
pub async fn take(slot: &Slot, given: Given, holds: Holds) -> Result<(), String> {
    let turn = slot.begin();
    let refused = |refused| secrets::refused(refused).to_owned();
    let bytes = match given {
        Given::Text(text) => {
            let text = text.map_err(|_| refused(Refused::HalfCharacter))?;
            // EXPOSE: copied into wiping memory, to be looked at like a file.
            Zeroizing::new(text.expose().as_bytes().to_vec())
        }
        Given::File(file) => capture::read_bytes(&file, LONGEST).await.map_err(refused)?,
    };
    match recognise(slot, turn, &bytes, holds).await {
        Err(Refusal::Unchecked(_)) => {
            let text = Secret::from_utf8(bytes.to_vec());
            let text = text.map_err(|_| words::FILE_UNAVAILABLE.to_owned())?;
            slot.fill(&text).map_err(refused)?;
            slot.learn(Known::Unchecked, words::UNAVAILABLE.to_owned());
            Ok(())
        }
        Err(Refusal::Words(words)) => Err(words),
        Ok(()) => Ok(()),
    }
}

/// Whoever has edited or wiped the field meanwhile does not get it.
async fn recognise(slot: &Slot, turn: u32, bytes: &[u8], holds: Holds) -> Result<(), Refusal> {
    let answer = key_reader::read(bytes, &[], holds).await;
    if !slot.is_at(turn) {
        return Ok(());
    }
    let answer = answer?;
    let known = match answer.outcome {
        Outcome::Refused => return Err(Refusal::Words(answer.words)),
        Outcome::Open => Known::Open,
        _ => Known::Sealed,
    };
    slot.fill(&Secret::from(answer.content))?;
    slot.learn(known, answer.words);
    Ok(())
}

/// The key files that are typed in a form.
pub fn typed(form: &Form, fields: &SecretFields) -> Vec<TypedKey> {
    let mut typed = Vec::new();
    for field in form.fields() {
        let filled = || is_typed(form.step(field.name)) && fields.has(field.name);
        if let Some(key) = key_file(field).filter(|_| filled()) {
            let is_passphrase_typed = is_typed(form.step(key.passphrase));
            typed.push(TypedKey {
                name: field.name,
                key,
                is_passphrase_typed,
            });
        }
    }
    typed
}

/// A key file that is to be saved.
pub struct TypedKey {
    name: &'static str,
    key: KeyFile,
    /// A stored one cannot be tried here.
    is_passphrase_typed: bool,
}

impl TypedKey {
    /// Looks at it if that was not done before, and tries its passphrase. What cannot be tried here is told once; saved again, the
    /// gateway gets it as it is.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn check(&self, fields: &SecretFields) -> Result<(), Fault> {
        let Some(slot) = fields.find(self.name) else {
            return Ok(());
        };
        let told = slot.known() == Known::Unchecked;
        match self.try_it(fields, &slot).await {
            Ok(()) => Ok(()),
            Err((field, Refusal::Words(words))) => Err(fault(field, words)),
            Err((field, Refusal::Unchecked(words))) => {
                slot.learn(Known::Unchecked, slot.words());
                if told {
                    Ok(())
                } else {
                    Err(fault(field, words))
                }
            }
        }
    }

    async fn try_it(
        &self,
        fields: &SecretFields,
        slot: &Slot,
    ) -> Result<(), (&'static str, Refusal)> {
        let TypedKey { name, key, .. } = *self;
        let half = || Refusal::Words(secrets::NOT_TEXT.to_owned());
        let file = || slot.read().map_err(|_| (name, half()));
        if matches!(slot.known(), Known::Unread | Known::Unchecked) {
            let (turn, file) = (slot.begin(), file()?);
            // EXPOSE: to be recognised, in a memory that is wiped then.
            let read = recognise(slot, turn, file.expose().as_bytes(), key.holds).await;
            read.map_err(|refusal| (name, refusal))?;
        }
        if slot.known() != Known::Sealed || !self.is_passphrase_typed {
            return Ok(());
        }
        let passphrase = fields.read(key.passphrase);
        let passphrase = passphrase.map_err(|_| (key.passphrase, half()))?;
        if passphrase.is_empty() {
            let words = words::NEEDS_PASSPHRASE.to_owned();
            return Err((key.passphrase, Refusal::Words(words)));
        }
        let file = file()?;
        // EXPOSE: tried on the key file, in a memory that is wiped then.
        let (file, passphrase) = (file.expose().as_bytes(), passphrase.expose().as_bytes());
        let answer = key_reader::read(file, passphrase, key.holds).await;
        let Answer { outcome, words, .. } = answer.map_err(|why| (name, why.into()))?;
        match outcome {
            Outcome::Refused => Err((name, Refusal::Words(words))),
            Outcome::WrongPassphrase => Err((key.passphrase, Refusal::Words(words))),
            Outcome::Untried => {
                let words = [&words, words::SAVE_UNTRIED].concat();
                Err((key.passphrase, Refusal::Unchecked(words)))
            }
            Outcome::Open | Outcome::Sealed | Outcome::Opened => {
                slot.learn(Known::Sealed, words);
                Ok(())
            }
        }
    }
}

fn fault(field: &str, words: String) -> Fault {
    Fault {
        field: field.to_owned(),
        words,
    }
}
