//! Whether each member of a line is there once. Of two with one name some programs read the first and some the last: they would
//! be told different things by one line.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Whether it is JSON in which no object has two members of one name.
pub(crate) fn are_there_once(line: &[u8]) -> bool {
    serde_json::from_slice::<Once>(line).is_ok()
}

struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Once)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("each member once")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = object.next_key::<String>()? {
            object.next_value::<Self>()?;
            if !names.insert(name) {
                return Err(A::Error::custom("a member is there twice"));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_there_once_at_any_depth() {
        for (line, once) in [
            (
                r#"{"seq":1,"who":"a","list":[1,-1,1.5,true,null,"x"]}"#,
                true,
            ),
            (r#"{"a":{"who":"a"},"who":"a"}"#, true),
            (r#"{"who":"a","who":"a"}"#, false),
            (r#"{"who":"a","wh\u006f":"b"}"#, false),
            (r#"{"a":[{"who":1,"who":2}]}"#, false),
            (r#"{"who":"a""#, false),
        ] {
            assert_eq!(are_there_once(line.as_bytes()), once, "{line}");
        }
    }
}
