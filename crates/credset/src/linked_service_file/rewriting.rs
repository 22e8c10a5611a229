//! The text of a definition with a reference in the place of its secrets. It is put together of the pieces of the old one.

use std::ops::Range;

use linked_service::connection_string::{field_meant, is_reference};
use linked_service::{AuthType, Field, Kind, Placement};
use zeroize::Zeroizing;

use super::connection_string::without_secrets;
use super::members::{Definition, Member, Members};
use crate::failure::Failure;

/// What becomes of a member.
enum Fate {
    /// It stays as it is written.
    Stays,
    /// Its value is written anew.
    Gets(Zeroizing<String>),
    /// Something else is written in its place.
    Becomes(String),
    /// It goes, and the comma before it.
    Goes,
}

/// The document with `reference` where it is documented to stand.
///
/// # Errors
/// When there is no place for it.
pub(super) fn rewritten(
    document: &str,
    kind: &Kind,
    auth: &AuthType,
    reference: &str,
) -> Result<Zeroizing<String>, Failure> {
    let no_place = || Failure::usage("there is no place for a reference in it");
    let definition = Definition::find(document)?;
    let object = definition.ok_or_else(no_place)?.type_properties;
    let members = Members::of(object).ok().flatten().ok_or_else(no_place)?;
    let mut fates = Vec::new();
    for member in &members.0 {
        fates.push(fate(member, kind, auth, reference)?);
    }
    if auth.placement == Placement::EncryptedCredential {
        settle(object, &members, &mut fates, reference);
    }
    let text = joined(object, &members, &fates)?;
    let begin = object.as_ptr() as usize - document.as_ptr() as usize;
    let mut out = Zeroizing::new(String::with_capacity(document.len() + text.len()));
    out.push_str(&document[..begin]);
    out.push_str(&text);
    out.push_str(&document[begin + object.len()..]);
    Ok(out)
}

fn fate(
    member: &Member<'_>,
    kind: &Kind,
    auth: &AuthType,
    reference: &str,
) -> Result<Fate, Failure> {
    let name = member.name();
    let in_string = auth.placement == Placement::ConnectionString;
    if name.eq_ignore_ascii_case("connectionString") {
        let more = in_string.then(|| ["EncryptedCredential=", reference].concat());
        return string_in(member.value, kind, auth, more.as_deref()).map(Fate::Gets);
    }
    if is_reference(&name) {
        return Ok(match in_string {
            true => Fate::Goes,
            false => Fate::Gets(quoted(reference)),
        });
    }
    let is_secret = field_meant(auth, &name).is_some_and(Field::is_secret);
    let is_given = !matches!(member.value, "null" | "\"\"");
    Ok(match is_secret && is_given {
        true => Fate::Goes,
        false => Fate::Stays,
    })
}

/// A connection string: a JSON string, or an object with one as its `value`.
fn string_in(
    raw: &str,
    kind: &Kind,
    auth: &AuthType,
    more: Option<&str>,
) -> Result<Zeroizing<String>, Failure> {
    let object = Members::of(raw).ok().flatten();
    let Some(object) = object else {
        return without_secrets(raw, kind, auth, more);
    };
    let mut members = object.0.iter();
    let value = members.find(|member| member.name() == "value");
    let value = value.ok_or_else(|| Failure::usage("the connection string in it has no value"))?;
    let place = value.value_place(raw);
    let inner = without_secrets(value.value, kind, auth, more)?;
    Ok(Zeroizing::new(
        [&raw[..place.start], &inner, &raw[place.end..]].concat(),
    ))
}

/// Finds the place of `encryptedCredential`: where one is, else where the first secret was, else behind the connection string that had it.
fn settle(object: &str, members: &Members<'_>, fates: &mut [Fate], reference: &str) {
    if members.0.iter().any(|member| is_reference(&member.name())) {
        return;
    }
    let written = ["\"encryptedCredential\": ", &quoted(reference)].concat();
    if let Some(first) = fates.iter_mut().find(|fate| matches!(fate, Fate::Goes)) {
        *first = Fate::Becomes(written);
        return;
    }
    let string = fates.iter_mut().zip(&members.0);
    for (fate, member) in string {
        if let Fate::Gets(value) = fate {
            // On a line of its own if the member before is on one.
            let place = member.place(object);
            let line = object[..place.start].rfind('\n');
            let space = line.map_or(" ", |line| &object[line..place.start]);
            let space = if space.trim().is_empty() { space } else { " " };
            value.push(',');
            value.push_str(space);
            value.push_str(&written);
            return;
        }
    }
}

/// The object of the members that are left, with what stood between them.
fn joined(
    object: &str,
    members: &Members<'_>,
    fates: &[Fate],
) -> Result<Zeroizing<String>, Failure> {
    let places: Vec<Range<usize>> = members
        .0
        .iter()
        .map(|member| member.place(object))
        .collect();
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Err(Failure::usage("there is no place for a reference in it"));
    };
    let mut out = Zeroizing::new(String::with_capacity(object.len() * 2));
    out.push_str(&object[..first.start]);
    let mut is_first = true;
    for (at, (member, fate)) in members.0.iter().zip(fates).enumerate() {
        let place = &places[at];
        if matches!(fate, Fate::Goes) {
            continue;
        }
        if !is_first {
            // With its comma; before the first member there is none.
            out.push_str(&object[places[at - 1].end..place.start]);
        }
        is_first = false;
        match fate {
            Fate::Stays => out.push_str(&object[place.clone()]),
            Fate::Becomes(text) => out.push_str(text),
            Fate::Gets(value) => {
                out.push_str(&object[place.start..member.value_place(object).start]);
                out.push_str(value);
            }
            Fate::Goes => {}
        }
    }
    out.push_str(&object[last.end..]);
    Ok(out)
}

fn quoted(text: &str) -> Zeroizing<String> {
    Zeroizing::new(serde_json::to_string(text).unwrap_or_default())
}
