//! Which form a text has.

use zeroize::Zeroizing;

use super::kinds;
use super::meaning::{Meaning, same};
use super::parts::Parts;
use super::{
    Flaw, Form, NotRecognised, Pair, ParseError, ado_net, document, libpq, odbc, oracle, uri,
};
use crate::{Kind, catalogue, kind};

/// Takes a text apart, in the form that it has.
pub(super) fn read(text: &str, wanted: Option<&'static Kind>) -> Result<Parts, NotRecognised> {
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
        && !wanted.is_some_and(|kind| kinds::ODBC.contains(&kind.id))
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
    // What is written for the gateway is ADO.NET, also for the ODBC kind.
    let own = |pairs: &[Pair]| {
        let mut pairs = pairs.iter();
        pairs.any(|pair| {
            ["connectionstring", "authenticationtype"]
                .iter()
                .any(|name| same(name, &pair.keyword))
        })
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
                flaw: Flaw::InnerString,
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
