//! Reading JSON that others wrote (tickets, key documents) with exactly the members it should have.
//!
//! A document is read whole into a small tree, and then each member is taken out under its name and as its type. What is
//! left, missing, given twice or of another type refuses the document. That closes every freedom that serde's derive leaves
//! open (an array in place of an object, `null` in place of an absent member), names the member that is at fault, and is a
//! third of the code, which matters where the page carries it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// The member at fault: missing, given twice or not of its type; [`UNKNOWN`] or [`SYNTAX`].
pub(crate) type Fault = &'static str;

/// A member that should not be there.
pub(crate) const UNKNOWN: Fault = "an unknown member";

/// It is no JSON object.
pub(crate) const SYNTAX: Fault = "its syntax";

/// An object whose members are taken out one by one.
pub(crate) struct Members(Vec<(String, Value)>);

/// What may be in a document.
enum Value {
    Text(String),
    Number(u64),
    List(Vec<Self>),
    Object(Members),
    /// What no member may be: `null`, `true`, `false`, a number that is not a whole one, or one of two values.
    Other,
}

impl Members {
    /// Reads a document.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Fault> {
        match serde_json::from_slice(json) {
            Ok(Value::Object(members)) => Ok(members),
            _ => Err(SYNTAX),
        }
    }

    /// Whether a member is there.
    pub(crate) fn has(&self, name: Fault) -> bool {
        self.0.iter().any(|member| member.0 == name)
    }

    /// A text.
    pub(crate) fn text(&mut self, name: Fault) -> Result<String, Fault> {
        self.optional_text(name)?.ok_or(name)
    }

    /// A text that may be absent.
    pub(crate) fn optional_text(&mut self, name: Fault) -> Result<Option<String>, Fault> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(name),
        }
    }

    /// A whole number.
    pub(crate) fn number(&mut self, name: Fault) -> Result<u64, Fault> {
        match self.take(name) {
            Some(Value::Number(number)) => Ok(number),
            _ => Err(name),
        }
    }

    /// A list of texts that may be absent.
    pub(crate) fn optional_texts(&mut self, name: Fault) -> Result<Option<Vec<String>>, Fault> {
        if !self.has(name) {
            return Ok(None);
        }
        let mut texts = Vec::new();
        for item in self.list(name)? {
            match item {
                Value::Text(text) => texts.push(text),
                _ => return Err(name),
            }
        }
        Ok(Some(texts))
    }

    /// A list of objects.
    pub(crate) fn objects(&mut self, name: Fault) -> Result<Vec<Self>, Fault> {
        let mut objects = Vec::new();
        for item in self.list(name)? {
            match item {
                Value::Object(members) => objects.push(members),
                _ => return Err(name),
            }
        }
        Ok(objects)
    }

    fn list(&mut self, name: Fault) -> Result<Vec<Value>, Fault> {
        match self.take(name) {
            Some(Value::List(items)) => Ok(items),
            _ => Err(name),
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), Fault> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(UNKNOWN)
        }
    }

    fn take(&mut self, name: Fault) -> Option<Value> {
        let place = self.0.iter().position(|member| member.0 == name)?;
        Some(self.0.swap_remove(place).1)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// Every visit has its method: serde's answers to those that have none would bring the formatting of errors into the page.
struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text, a whole number, a list or an object")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Members(Vec::new());
        while let Some((name, value)) = members.next_entry::<String, Value>()? {
            match object.0.iter_mut().find(|member| member.0 == name) {
                Some(first) => first.1 = Value::Other,
                None => object.0.push((name, value)),
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Option<String>), Fault> {
        let mut members = Members::parse(text.as_bytes())?;
        let pair = (members.text("a")?, members.optional_text("b")?);
        members.end()?;
        Ok(pair)
    }

    #[test]
    fn takes_one_spelling_of_an_object() {
        let pair = |b: Option<&str>| Ok(("1".to_owned(), b.map(str::to_owned)));
        assert_eq!(read(r#"{"a":"1","b":"2"}"#), pair(Some("2")));
        assert_eq!(read(r#" { "b" : "2" , "a" : "1" } "#), pair(Some("2")));
        assert_eq!(read(r#"{"a":"1"}"#), pair(None));
        for (text, fault) in [
            (r#"["1","2"]"#, SYNTAX),
            (r#"{"a":"1","b":null}"#, "b"),
            (r#"{"a":"1","b":true}"#, "b"),
            (r#"{"a":"1","b":-1}"#, "b"),
            (r#"{"a":"1","b":1.0}"#, "b"),
            (r#"{"a":"1","a":"1"}"#, "a"),
            (r#"{"a":"1","\u0061":"1"}"#, "a"),
            (r#"{"a":"1","a":"1","a":"1"}"#, "a"),
            (r#"{"a":"1"}{}"#, SYNTAX),
            (r#"{"a":"1",}"#, SYNTAX),
            (r#"{"a":"1","b":2}"#, "b"),
            (r#"{"a":"1","b":["2"]}"#, "b"),
            (r#"{"a":"1","c":"2"}"#, UNKNOWN),
            (r#"{"b":"1"}"#, "a"),
            ("{}", "a"),
            ("null", SYNTAX),
            ("", SYNTAX),
        ] {
            assert_eq!(read(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_list_is_of_one_type() {
        let members =
            || Members::parse(br#"{"t":["a","b"],"o":[{},{"a":"1"}],"m":["a",{}],"n":7}"#).unwrap();
        let texts = members().optional_texts("t").unwrap().unwrap();
        assert_eq!(texts, ["a", "b"]);
        assert_eq!(members().objects("o").unwrap().len(), 2);
        assert_eq!(members().number("n"), Ok(7));
        for name in ["m", "o", "n"] {
            assert_eq!(members().optional_texts(name), Err(name));
        }
        for name in ["m", "t", "n", "x"] {
            assert_eq!(members().objects(name).err(), Some(name));
        }
        assert_eq!(members().optional_texts("x"), Ok(None));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!(r#"{{"c":{}"#, "[".repeat(1 << 20));
        assert_eq!(Members::parse(deep.as_bytes()).err(), Some(SYNTAX));
    }
}
