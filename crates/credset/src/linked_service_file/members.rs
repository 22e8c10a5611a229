//! Where the members of a JSON object stand in its text. `serde_json` reads it, and hands out pieces of the text itself.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Deeper than any linked service.
const DEPTH: usize = 8;

/// One member.
#[derive(Clone, Copy)]
pub(super) struct Member<'t> {
    key: &'t RawValue,
    /// Its value, as it is written.
    pub(super) value: &'t str,
}

/// The members of an object in their order, repeated ones too.
pub(super) struct Members<'t>(pub(super) Vec<Member<'t>>);

impl<'t> Members<'t> {
    /// Of an object; none of anything else.
    pub(super) fn of(text: &'t str) -> serde_json::Result<Option<Self>> {
        if !text.trim_start().starts_with('{') {
            return Ok(None);
        }
        serde_json::from_str(text).map(Some)
    }

    /// Refuses what is there twice: which of them is meant, and whether letters count, differs from reader to reader.
    fn check(&self) -> Result<(), Failure> {
        let names: Vec<String> = self.0.iter().map(Member::name).collect();
        for (at, name) in names.iter().enumerate() {
            let mut before = names.iter().take(at);
            if before.any(|other| other.eq_ignore_ascii_case(name)) {
                return Err(Failure::usage(format!("{name:?} is in it twice")));
            }
        }
        Ok(())
    }

    fn find(&self, is_wanted: impl Fn(&str) -> bool) -> Option<Member<'t>> {
        let mut members = self.0.iter().copied();
        members.find(|member| is_wanted(&member.name()))
    }
}

impl Member<'_> {
    /// What it is called.
    pub(super) fn name(&self) -> String {
        serde_json::from_str(self.key.get()).unwrap_or_default()
    }

    /// Where it stands in `text`, from the beginning of its key to the end of its value.
    pub(super) fn place(&self, text: &str) -> Range<usize> {
        offset(text, self.key.get())..self.value_place(text).end
    }

    /// Where its value stands in `text`.
    pub(super) fn value_place(&self, text: &str) -> Range<usize> {
        let begin = offset(text, self.value);
        begin..begin + self.value.len()
    }
}

/// Where `part`, a piece of `text`, begins.
fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<Member<'de>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    let value = value.get();
                    members.push(Member { key, value });
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(InOrder).map(Members)
    }
}

/// The parts of a linked service's document that matter here.
pub(super) struct Definition<'t> {
    /// What it is called.
    pub(super) name: Option<String>,
    /// The object `typeProperties`, as it is written.
    pub(super) type_properties: &'t str,
    /// The names on the way there, as they are written and as they are spelled usually.
    keys: Vec<(&'t str, &'static str)>,
}

const PROPERTIES: &str = "properties";
const TYPE: &str = "type";
const TYPE_PROPERTIES: &str = "typeProperties";

impl<'t> Definition<'t> {
    /// Finds them; nothing in a document of another sort.
    ///
    /// # Errors
    /// When it is no JSON, or a member on the way is there twice.
    pub(super) fn find(document: &'t str) -> Result<Option<Self>, Failure> {
        // All of it, so that what is no JSON is refused wherever that is.
        let _: serde::de::IgnoredAny =
            serde_json::from_str(document).map_err(|error| no_json(&error))?;
        Self::within(document, DEPTH)
    }

    fn within(object: &'t str, depth: usize) -> Result<Option<Self>, Failure> {
        let Some(members) = Members::of(object).map_err(|error| no_json(&error))? else {
            return Ok(None);
        };
        let called = |wanted: &'static str| {
            members.find(move |name: &str| name.eq_ignore_ascii_case(wanted))
        };
        let name = called("name").and_then(text);
        let (own, inner) = (called(TYPE_PROPERTIES), called(PROPERTIES));
        if own.or(inner).is_some() {
            members.check()?;
        }
        if let (Some(own), Some(json_type)) = (own, called(TYPE)) {
            if let Some(own) = Members::of(own.value).map_err(|error| no_json(&error))? {
                own.check()?;
            }
            return Ok(Some(Self {
                name,
                type_properties: own.value,
                keys: vec![
                    (own.key.get(), TYPE_PROPERTIES),
                    (json_type.key.get(), TYPE),
                ],
            }));
        }
        match inner {
            Some(inner) if depth > 0 => {
                let found = Self::within(inner.value, depth - 1)?;
                Ok(found.map(|mut found| {
                    found.keys.push((inner.key.get(), PROPERTIES));
                    Self {
                        name: name.or(found.name),
                        ..found
                    }
                }))
            }
            _ => Ok(None),
        }
    }
}

impl Definition<'_> {
    /// The document that this was found in, with the usual letters in the names on the way; everything stands where it stood.
    pub(super) fn in_usual_letters(&self, document: &str) -> Zeroizing<String> {
        let mut usual = Zeroizing::new(document.to_owned());
        for (written, name) in &self.keys {
            let begin = offset(document, written) + 1;
            let place = begin..begin + name.len();
            // Not where they are escaped: then it is as long as the name by chance only.
            let is_plain = document
                .get(place.clone())
                .is_some_and(|text| text.eq_ignore_ascii_case(name));
            if is_plain {
                usual.replace_range(place, name);
            }
        }
        usual
    }
}

fn no_json(error: &serde_json::Error) -> Failure {
    Failure::usage(format!("it is not JSON: {error}"))
}

fn text(member: Member<'_>) -> Option<String> {
    serde_json::from_str(member.value).ok()
}
