//! What was recognised, as bytes: the page has the recognising done by a program in another memory.
//!
//! ```text
//! parcel = 0 text                                    refused: the sentence
//!        | 1 text text text pairs pairs texts texts  recognised: form, kind, authentication type, properties, secrets, ignored, warnings
//! pairs  = count *(text text)    texts = count *text
//! text   = count *octet          UTF-8
//! count  = 4 octets, the little end first
//! ```
//! Forms and warnings travel in words: the page need not have them.

use zeroize::Zeroizing;

use super::{NotRecognised, Recognised};
use crate::{AuthType, Kind, kind};

const REFUSED: u8 = 0;
const RECOGNISED: u8 = 1;

/// What a text was recognised as, on the other side. It can be neither printed nor copied, like [`Recognised`].
pub struct Unpacked {
    /// What people call the form of the text.
    pub form: String,
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
    /// What a person should know of it, in sentences.
    pub warnings: Vec<String>,
}

/// Packs what became of a text.
pub fn pack(outcome: &Result<Recognised, NotRecognised>) -> Zeroizing<Vec<u8>> {
    match outcome {
        Err(refusal) => {
            let sentence = refusal.to_string();
            let mut parcel = Parcel::new(1 + 4 + sentence.len());
            parcel.octet(REFUSED);
            parcel.text(&sentence);
            parcel.0
        }
        Ok(recognised) => recognised_parcel(recognised),
    }
}

fn recognised_parcel(recognised: &Recognised) -> Zeroizing<Vec<u8>> {
    let warnings: Vec<String> = recognised
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect();
    let head = [
        recognised.form.name(),
        recognised.kind.id,
        recognised.auth.id,
    ];
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
    let lists = [&recognised.ignored, &warnings];

    let in_pairs: usize = pairs()
        .chain(secrets())
        .map(|(name, value)| 8 + name.len() + value.len())
        .sum();
    let in_texts = head.iter().map(|text| 4 + text.len()).sum::<usize>()
        + lists
            .iter()
            .copied()
            .flatten()
            .map(|text| 4 + text.len())
            .sum::<usize>();
    let mut parcel = Parcel::new(1 + in_texts + in_pairs + 4 * 4);
    parcel.octet(RECOGNISED);
    head.iter().for_each(|text| parcel.text(text));
    parcel.pairs(recognised.properties.len(), pairs());
    parcel.pairs(recognised.secrets.len(), secrets());
    for list in lists {
        parcel.count(list.len());
        list.iter().for_each(|text| parcel.text(text));
    }
    parcel.0
}

/// Unpacks it again: the sentence, where it was refused. `None` for what is no parcel of this version.
pub fn unpack(parcel: &[u8]) -> Option<Result<Unpacked, String>> {
    let mut rest = Rest(parcel);
    let outcome = match rest.octet()? {
        REFUSED => Err(rest.text()?.to_owned()),
        RECOGNISED => Ok(rest.recognised()?),
        _ => return None,
    };
    rest.0.is_empty().then_some(outcome)
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
        let form = self.text()?.to_owned();
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
        for list in [&mut unpacked.ignored, &mut unpacked.warnings] {
            for _ in 0..self.count()? {
                list.push(self.text()?.to_owned());
            }
        }
        Some(unpacked)
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
