//! DER, read as far as telling one file from another needs it.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode as _, Reader as _, SliceReader, Tag, TagNumber};

/// The elements of a SEQUENCE that is all of `bytes`.
pub(crate) fn sequence(bytes: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let any = AnyRef::from_der(bytes).ok()?;
    within(any, Tag::Sequence)
}

/// The elements of a constructed value with this tag.
pub(crate) fn within<'a>(any: AnyRef<'a>, tag: Tag) -> Option<Vec<AnyRef<'a>>> {
    if der::Tagged::tag(&any) != tag {
        return None;
    }
    elements(any.value())
}

/// All elements of a constructed value's content.
pub(crate) fn elements(content: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(elements)
}

/// `[number]`, constructed.
pub(crate) fn context(number: u32) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    }
}

/// The one element of `[number] EXPLICIT`.
pub(crate) fn explicit(any: AnyRef<'_>, number: u32) -> Option<AnyRef<'_>> {
    match within(any, context(number))?.as_slice() {
        [inner] => Some(*inner),
        _ => None,
    }
}

/// An OCTET STRING's content.
pub(crate) fn octets(any: AnyRef<'_>) -> Option<&[u8]> {
    (der::Tagged::tag(&any) == Tag::OctetString).then(|| any.value())
}

/// A BIT STRING's content, if it is whole bytes.
pub(crate) fn bits(any: AnyRef<'_>) -> Option<&[u8]> {
    match any.value() {
        [0, bytes @ ..] if der::Tagged::tag(&any) == Tag::BitString => Some(bytes),
        _ => None,
    }
}

/// An INTEGER that is not negative: its bytes without leading zeros.
pub(crate) fn unsigned(any: AnyRef<'_>) -> Option<&[u8]> {
    any.decode_as::<der::asn1::UintRef<'_>>()
        .ok()
        .map(|integer| integer.as_bytes())
}

/// An INTEGER that fits.
pub(crate) fn number(any: AnyRef<'_>) -> Option<u64> {
    any.decode_as().ok()
}

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(any: AnyRef<'_>) -> Option<ObjectIdentifier> {
    any.decode_as().ok()
}

/// Algorithm and parameters of an AlgorithmIdentifier.
pub(crate) fn algorithm(any: AnyRef<'_>) -> Option<(ObjectIdentifier, Option<AnyRef<'_>>)> {
    match within(any, Tag::Sequence)?.as_slice() {
        [name] => Some((oid(*name)?, None)),
        [name, parameters] => Some((oid(*name)?, Some(*parameters))),
        _ => None,
    }
}
