//! Reading JSON that others wrote (tickets, key documents) without the freedoms that serde's derive leaves open.
//!
//! Derived types already refuse duplicate members and, with `deny_unknown_fields`, unknown ones; because an unknown
//! member ends the reading, nesting never goes deeper than the types do. Two second spellings remain: an array in
//! place of an object, and `null` in place of an absent member. Both are closed here.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A `T` that is written as a JSON object, not as an array of its members.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }

        deserializer
            .deserialize_map(Members(PhantomData))
            .map(Object)
    }
}

/// For an optional member: absent is `None` (with `#[serde(default)]`), `null` is an error.
pub(crate) fn not_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Pair {
        a: u8,
        #[serde(default, deserialize_with = "not_null")]
        b: Option<u8>,
    }

    #[test]
    fn takes_one_spelling_of_an_object() {
        let read =
            |text| serde_json::from_str::<Object<Pair>>(text).map(|Object(pair)| (pair.a, pair.b));
        assert_eq!(read(r#"{"a":1,"b":2}"#).unwrap(), (1, Some(2)));
        assert_eq!(read(r#" { "b" : 2 , "a" : 1 } "#).unwrap(), (1, Some(2)));
        assert_eq!(read(r#"{"a":1}"#).unwrap(), (1, None));
        for text in [
            "[1,2]",
            r#"{"a":1,"b":null}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":1}"#,
            r#"{"a":1,"c":2}"#,
            r#"{"a":1}{}"#,
            r#"{"a":1,}"#,
            "{}",
            "null",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_it_is_read() {
        let deep = format!(r#"{{"c":{}"#, "[".repeat(1 << 20));
        assert!(serde_json::from_str::<Object<Pair>>(&deep).is_err());
    }
}
