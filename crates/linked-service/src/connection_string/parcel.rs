//! What was recognised, as bytes: the page has the recognising done by a program in another memory.
//!
//! ```text
//! parcel   = 0 sentence                                        refused
//!          | 1 message text text pairs pairs texts messages    recognised: form, kind, authentication type, properties, secrets,
//!                                                              ignored, warnings
//! pairs    = count *(text text)   texts = count *text   messages = count *message
//! message  = count                its place
//! text     = count *octet         UTF-8
//! count    = 4 octets, the little end first
//! ```
//! What is said travels as the messages' places: this side has no language, and the page no more of one than it was served.

use language::{Message, Sentence};
use zeroize::Zeroizing;

use super::{NotRecognised, Recognised};
use crate::{AuthType, Kind, kind};

const REFUSED: u8 = 0;
const RECOGNISED: u8 = 1;

/// What a text was recognised as, on the other side. It can be neither printed nor copied, like [`Recognised`].
pub struct Unpacked {
    /// What people call the form of the text.
    pub form: Message,
    /// The kind of data store.
    pub kind: &'static Kind,
    /// The authentication type.
    pub auth: &'static AuthType,
    /// Field names and values, not checked yet.
    pub properties: Vec<(&'static str, String)>,
    /// Field names and values of what is to be sealed.
    pub secrets: Vec<(&'static str, Zeroizing<String>)>,
    /// Keywords for which there is no field.
    pub ignored: Vec<String>,
    /// What a person should know of it.
    pub warnings: Vec<Message>,
}

/// Packs what became of a text.
pub fn pack(outcome: &Result<Recognised, NotRecognised>) -> Zeroizing<Vec<u8>> {
    match outcome {
        Err(refusal) => {
            let sentence = refusal.sentence().to_bytes();
            let mut parcel = Parcel::new(1 + sentence.len());
            parcel.octet(REFUSED);
            parcel.0.extend_from_slice(&sentence);
            parcel.0
        }
        Ok(recognised) => recognised_parcel(recognised),
    }
}

fn recognised_parcel(recognised: &Recognised) -> Zeroizing<Vec<u8>> {
    let head = [recognised.kind.id, recognised.auth.id];
    let (ignored, warnings) = (&recognised.ignored, &recognised.warnings);
    let pairs = || {
        recognised
            .properties
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
    };
    let secrets = || {
        recognised
            .secrets
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
    };

    let in_pairs: usize = pairs()
        .chain(secrets())
        .map(|(name, value)| 8 + name.len() + value.len())
        .sum();
    let in_texts: usize = head
        .into_iter()
        .chain(ignored.iter().map(String::as_str))
        .map(|text| 4 + text.len())
        .sum();
    let counts = 5 + warnings.len();
    let mut parcel = Parcel::new(1 + in_texts + in_pairs + 4 * counts);
    parcel.octet(RECOGNISED);
    parcel.count(recognised.form.name().place().into());
    head.iter().for_each(|text| parcel.text(text));
    parcel.pairs(recognised.properties.len(), pairs());
    parcel.pairs(recognised.secrets.len(), secrets());
    parcel.count(ignored.len());
    ignored.iter().for_each(|text| parcel.text(text));
    parcel.count(warnings.len());
    for warning in warnings {
        parcel.count(warning.message().place().into());
    }
    parcel.0
}

/// Unpacks it again: the sentence, where it was refused. `None` for what is no parcel of this version.
pub fn unpack(parcel: &[u8]) -> Option<Result<Unpacked, Sentence>> {
    let mut rest = Rest(parcel);
    match rest.octet()? {
        REFUSED => Some(Err(Sentence::from_bytes(rest.0)?)),
        RECOGNISED => {
            let recognised = rest.recognised()?;
            rest.0.is_empty().then_some(Ok(recognised))
        }
        _ => None,
    }
}

/// What is written. Its room is taken once, so that no copy is left behind by growing.
struct Parcel(Zeroizing<Vec<u8>>);

impl Parcel {
    fn new(room: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(room)))
    }

    fn octet(&mut self, octet: u8) {
        self.0.push(octet);
    }

    fn count(&mut self, count: usize) {
        // What is pasted is shorter than 4 GiB.
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&count.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn pairs<'v>(&mut self, count: usize, pairs: impl Iterator<Item = (&'v str, &'v str)>) {
        self.count(count);
        for (name, value) in pairs {
            self.text(name);
            self.text(value);
        }
    }
}

/// What is still to be read.
struct Rest<'p>(&'p [u8]);

impl<'p> Rest<'p> {
    fn recognised(&mut self) -> Option<Unpacked> {
        let form = self.message()?;
        let kind = kind(self.text()?)?;
        let auth = kind.auth_type(self.text()?)?;
        let mut unpacked = Unpacked {
            form,
            kind,
            auth,
            properties: Vec::new(),
            secrets: Vec::new(),
            ignored: Vec::new(),
            warnings: Vec::new(),
        };
        for _ in 0..self.count()? {
            let name = auth.field(self.text()?)?.name;
            unpacked.properties.push((name, self.text()?.to_owned()));
        }
        for _ in 0..self.count()? {
            let name = auth.field(self.text()?)?.name;
            let value = Zeroizing::new(self.text()?.to_owned());
            unpacked.secrets.push((name, value));
        }
        for _ in 0..self.count()? {
            unpacked.ignored.push(self.text()?.to_owned());
        }
        for _ in 0..self.count()? {
            unpacked.warnings.push(self.message()?);
        }
        Some(unpacked)
    }

    fn message(&mut self) -> Option<Message> {
        Message::at(u16::try_from(self.count()?).ok()?)
    }

    fn octet(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn count(&mut self) -> Option<usize> {
        let count = u32::from_le_bytes(self.take(4)?.try_into().ok()?);
        usize::try_from(count).ok()
    }

    fn text(&mut self) -> Option<&'p str> {
        let length = self.count()?;
        str::from_utf8(self.take(length)?).ok()
    }

    fn take(&mut self, length: usize) -> Option<&'p [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}
