//! What a text is: read in its form, for one kind of data store, and put into that kind's fields.

use super::fill::{best, fill};
use super::kinds::{self, Family};
use super::meaning::same;
use super::parts::Parts;
use super::read::read;
use super::{Form, NotRecognised, Pair, ParseError, Recognised, Warning, odbc};
use crate::{Kind, catalogue, kind};

/// Takes a connection string apart, whatever its form. `wanted` is the kind that it has to be for; without one, the
/// text decides.
///
/// The caller wipes `text`, if it has a secret. All that is kept of it is in what is returned.
///
/// # Errors
/// [`NotRecognised`], which says where and why, and nothing of the content.
pub fn recognise(text: &str, wanted: Option<&'static Kind>) -> Result<Recognised, NotRecognised> {
    let trimmed = text.trim_start();
    let begin = text.len() - trimmed.len();
    let mut parts = read(trimmed.trim_end(), wanted).map_err(|error| match error {
        NotRecognised::Malformed(form, error) => NotRecognised::Malformed(form, error.after(begin)),
        other => other,
    })?;
    let kind = choose(&parts, wanted)?;
    if kinds::ODBC.contains(&kind.id) {
        gather(trimmed.trim_end(), &mut parts)
            .map_err(|error| NotRecognised::Malformed(parts.form, error.after(begin)))?;
    }
    if kinds::ORACLE.contains(&kind.id) {
        // Addresses have been taken out of it before: what is left is a name, and not a host's.
        let name = |pair: &Pair| {
            ["datasource", "dbq"]
                .iter()
                .any(|name| same(name, &pair.keyword))
        };
        while let Some(at) = parts.pairs.iter().position(name) {
            parts.ignored.push(parts.pairs.remove(at).keyword);
            parts.warn(Warning::TnsName);
        }
    }
    match best(kind, &parts.pairs) {
        Some((auth, fit)) if fit > 0 => Ok(fill(parts, kind, auth)),
        _ => Err(NotRecognised::NothingFits(kind.name)),
    }
}

/// Makes of the pairs the fields of the ODBC kind, which has most of a connection string in one piece.
fn gather(text: &str, parts: &mut Parts) -> Result<(), ParseError> {
    let own = |pair: &Pair| same("connectionstring", &pair.keyword);
    if let Some(at) = parts.pairs.iter().position(own) {
        let string = parts.pairs.remove(at).value;
        let offset = text.find(string.as_str()).unwrap_or_default();
        let gathered = odbc::gathered(&string).map_err(|error| error.after(offset))?;
        parts.pairs.extend(gathered);
    } else if parts.form == Form::Odbc {
        parts.pairs = odbc::gathered(text)?;
    }
    Ok(())
}

/// The kind that is wanted, if the text may be for it; else the likeliest.
fn choose(parts: &Parts, wanted: Option<&'static Kind>) -> Result<&'static Kind, NotRecognised> {
    let odbc = parts.form == Form::Odbc;
    match wanted {
        Some(wanted) if odbc && kinds::ODBC.contains(&wanted.id) => Ok(wanted),
        Some(wanted) if parts.family.is_empty() || parts.family.contains(&wanted.id) => Ok(wanted),
        Some(wanted) => match likeliest(parts) {
            Some(found) => Err(NotRecognised::OtherKind {
                found: found.name,
                wanted: wanted.name,
            }),
            None => Err(NotRecognised::NoSuchKind),
        },
        None => likeliest(parts).ok_or(NotRecognised::NoSuchKind),
    }
}

fn likeliest(parts: &Parts) -> Option<&'static Kind> {
    let mut family: Family = parts.family;
    if family.is_empty() && parts.form == Form::Odbc {
        family = kinds::ODBC;
    }
    if family.is_empty() {
        let hints = parts.pairs.iter();
        let hints = hints.filter_map(|pair| kinds::hint(&pair.keyword, &pair.value));
        family = hints
            .min_by_key(|hint| hint.0)
            .map_or(kinds::ANY, |hint| hint.1);
    }
    let of_host = parts
        .pairs
        .iter()
        .find_map(|pair| kinds::kind_of_host(&pair.value));
    if let Some(id) = of_host.filter(|id| family.is_empty() || family.contains(id)) {
        return kind(id);
    }
    if !family.is_empty() {
        return family.iter().find_map(|id| kind(id));
    }
    let mut likeliest = None;
    for kind in catalogue() {
        let fit = best(kind, &parts.pairs).map_or(0, |(_, fit)| fit);
        if likeliest.is_none_or(|(_, most)| fit > most) {
            likeliest = Some((kind, fit));
        }
    }
    likeliest.map(|(kind, _)| kind)
}
