//! Which form a text has, and which kind of data store it is for.

use zeroize::Zeroizing;

use super::fill::{best, fill};
use super::kinds::{self, Family};
use super::meaning::{Meaning, same};
use super::parts::Parts;
use super::{
    Form, NotRecognised, Pair, ParseError, Recognised, Warning, ado_net, document, libpq, odbc,
    oracle, uri,
};
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

fn read(text: &str, wanted: Option<&'static Kind>) -> Result<Parts, NotRecognised> {
    let malformed = |form| move |error: ParseError| NotRecognised::Malformed(form, error);
    if text.starts_with('{') {
        return read_document(text);
    }
    if let Some((scheme, rest)) = kinds::scheme_of(text) {
        let form = match scheme.name.starts_with("jdbc:") {
            true => Form::Jdbc,
            false => Form::Uri,
        };
        return uri::parse(text, scheme, rest).map_err(malformed(form));
    }
    // A driver of its own behind a plus sign, as SQLAlchemy has it.
    if let Some((before, rest)) = text.split_once("://")
        && !before.contains(['=', ';', '/', '@'])
    {
        let name = before.split('+').next().unwrap_or_default();
        let found = kinds::SCHEMES
            .iter()
            .find(|scheme| scheme.name.eq_ignore_ascii_case(name));
        let scheme = found.ok_or(NotRecognised::Unknown)?;
        let rest = &text[text.len() - rest.len() - 2..];
        return uri::parse(text, scheme, rest).map_err(malformed(Form::Uri));
    }
    // Also with its name before it, as in a tnsnames.ora.
    let descriptor = match text.split_once('=') {
        Some((name, after)) if !name.contains(['(', ';']) && Meaning::of(name.trim()).is_none() => {
            after
        }
        _ => text,
    };
    if oracle::is_descriptor(descriptor) {
        let mut parts = Parts::new(Form::Descriptor, kinds::ORACLE);
        let offset = text.len() - descriptor.len();
        return match oracle::address(descriptor, &mut parts) {
            Ok(()) => Ok(parts),
            Err(error) => Err(malformed(Form::Descriptor)(error.after(offset))),
        };
    }
    if text
        .find(['/', '=', ';'])
        .is_some_and(|at| text[at..].starts_with('/'))
        && text.contains(['@', ':'])
    {
        let mut parts = Parts::new(Form::EasyConnect, kinds::ORACLE);
        return match oracle::with_account(text, &mut parts) {
            Ok(()) => Ok(parts),
            Err(error) => Err(malformed(Form::EasyConnect)(error)),
        };
    }
    if !text.contains('=') {
        return Err(NotRecognised::Unknown);
    }
    if libpq::is_libpq(text) {
        let mut parts = Parts::new(Form::Libpq, kinds::POSTGRESQL);
        parts.pairs = libpq::parse(text).map_err(malformed(Form::Libpq))?;
        return Ok(parts);
    }
    key_value(text, wanted)
}

/// ADO.NET or ODBC, which differ in their quoting.
fn key_value(text: &str, wanted: Option<&'static Kind>) -> Result<Parts, NotRecognised> {
    let driver = |pairs: &[Pair]| {
        let names = ["driver", "dsn", "filedsn"];
        pairs
            .iter()
            .any(|pair| names.iter().any(|name| same(name, &pair.keyword)))
    };
    let own = |pairs: &[Pair]| {
        let mut pairs = pairs.iter();
        pairs.any(|pair| same("connectionstring", &pair.keyword))
    };
    let wanted = wanted.is_some_and(|kind| kinds::ODBC.contains(&kind.id));
    let (form, pairs) = match (ado_net::parse(text), odbc::parse(text)) {
        (Ok(pairs), odbc) if wanted && !own(&pairs) || driver(&pairs) => (Form::Odbc, odbc),
        (Ok(pairs), _) => (Form::AdoNet, Ok(pairs)),
        // Braces, in which quotes and semicolons are nothing special.
        (Err(_), Ok(pairs)) if wanted && !own(&pairs) || driver(&pairs) || text.contains("={") => {
            (Form::Odbc, Ok(pairs))
        }
        (Err(_), odbc)
            if text
                .get(..6)
                .is_some_and(|begin| begin.eq_ignore_ascii_case("driver")) =>
        {
            (Form::Odbc, odbc)
        }
        (ado_net, _) => (Form::AdoNet, ado_net),
    };
    let pairs = pairs.map_err(|error| NotRecognised::Malformed(form, error))?;
    let mut parts = Parts::new(form, kinds::ANY);
    parts.pairs = pairs;
    if !wanted {
        expand(text, &mut parts)?;
    }
    Ok(with_family(parts))
}

/// Takes an Oracle address in a `Data Source` apart.
fn expand(text: &str, parts: &mut Parts) -> Result<(), NotRecognised> {
    let address = |pair: &Pair| {
        Meaning::of(&pair.keyword) == Some(Meaning::Host)
            && (oracle::is_descriptor(&pair.value)
                || pair.value.contains('/') && !is_elsewhere(&pair.value))
    };
    let Some(at) = parts.pairs.iter().rposition(address) else {
        return Ok(());
    };
    let value = parts.pairs.remove(at).value;
    parts.family = kinds::ORACLE;
    let form = parts.form;
    oracle::with_account(&value, parts).map_err(|error| {
        let offset = text.find(value.as_str()).unwrap_or_default();
        NotRecognised::Malformed(form, error.after(offset))
    })?;
    if parts.form == Form::AdoNet && oracle::is_descriptor(&value) {
        parts.push("driverType", "ODP"); // Only Oracle's own driver reads a descriptor here.
    }
    Ok(())
}

/// A socket's path, or a URL.
fn is_elsewhere(value: &str) -> bool {
    value.contains("://") || value.starts_with('/') && !value.starts_with("//")
}

/// Notes the family that only this driver or keyword has.
fn with_family(mut parts: Parts) -> Parts {
    for pair in &parts.pairs {
        let driver = ["driver", "provider"]
            .iter()
            .any(|name| same(name, &pair.keyword));
        let own = match driver {
            true => kinds::family_of_driver(&pair.value),
            false => kinds::family_of_keyword(&pair.keyword),
        };
        if let Some(family) = own.filter(|_| parts.family.is_empty()) {
            parts.family = family;
        }
    }
    if parts.form == Form::AdoNet && parts.family == kinds::STORAGE {
        parts.form = Form::AzureStorage;
        join_signature(&mut parts);
    }
    parts
}

/// Makes one address of an endpoint of Azure Storage and the signature for it.
fn join_signature(parts: &mut Parts) {
    let find = |parts: &Parts, word| {
        let mut pairs = parts.pairs.iter();
        pairs.position(|pair| same(word, &pair.keyword))
    };
    let (Some(endpoint), Some(signature)) = (
        find(parts, "blobendpoint"),
        find(parts, "sharedaccesssignature"),
    ) else {
        return;
    };
    let before = parts.pairs[endpoint].value.trim_end_matches('/');
    let after = parts.pairs[signature].value.trim_start_matches('?');
    let mut address = Zeroizing::new(String::with_capacity(before.len() + after.len() + 2));
    for part in [before, "/?", after] {
        address.push_str(part);
    }
    parts.pairs[signature] = Pair {
        keyword: "sasUri".to_owned(),
        value: address,
    };
    parts.pairs.remove(endpoint);
}

fn read_document(text: &str) -> Result<Parts, NotRecognised> {
    let malformed = |error| NotRecognised::Malformed(Form::LinkedService, error);
    let document::Document {
        json_type,
        mut parts,
    } = document::parse(text).map_err(malformed)?;
    let kind = kind(&json_type).ok_or(NotRecognised::NoSuchKind)?;
    if let Some(auth) = kind.auth_type_of_json(&json_type) {
        parts.push("authenticationType", auth.id);
    }
    let own = |name: &str| {
        kind.auth_types
            .iter()
            .any(|auth| auth.field(name).is_some())
    };
    let nested = parts
        .pairs
        .iter()
        .position(|pair| same("connectionstring", &pair.keyword) && !own(&pair.keyword));
    if let Some(at) = nested {
        let string = parts.pairs.remove(at).value;
        let mut inner = key_value(&string, Some(kind)).map_err(|_| {
            let position = text.find("onnectionString").unwrap_or_default();
            malformed(ParseError {
                position,
                reason: "the connection string in it cannot be read",
            })
        })?;
        // What the document says of the driver goes before what the string lets one guess.
        let known = |pair: &Pair| {
            parts
                .pairs
                .iter()
                .any(|outer| outer.keyword == pair.keyword)
        };
        inner
            .pairs
            .retain(|pair| pair.keyword != "driverType" || !known(pair));
        parts.pairs.extend(inner.pairs);
        inner
            .warnings
            .iter()
            .for_each(|warning| parts.warn(*warning));
    }
    // The document says itself which kind it is.
    let known = catalogue().iter().position(|known| known.id == kind.id);
    parts.family = known.map_or(kinds::ANY, |at| std::slice::from_ref(&catalogue()[at].id));
    Ok(parts)
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
