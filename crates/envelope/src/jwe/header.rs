//! The protected header: eight members, in ascending order, in one spelling (RFC 8785).
//!
//! Writing and reading are the same list of steps. What the list does not have cannot be in a header: no `zip`, no
//! `jwk`, no second `kid`.

use crate::canonical_json::{Mismatch, Reader};
#[cfg(feature = "seal")]
use crate::canonical_json::{Sink, write_number, write_string};
use crate::context::{Binding, Operation, UnixSeconds};
use crate::error::RejectReason;
use crate::jwk::Kid;

/// `typ` in an envelope's header (RFC 7516 section 4.1.11).
pub const ENVELOPE_TYP: &str = "credential+jwe";

/// `cty` in an envelope's header (RFC 7516 section 4.1.12).
pub const ENVELOPE_CTY: &str = "json";

/// `enc` in an envelope's header (RFC 7518 section 5.3).
pub const ENVELOPE_ENC: &str = "A256GCM";

const UNTIL_DF: &str = r#"{"alg":"RSA-OAEP-256","bind":{"df":"#;
const UNTIL_EXP: &str = r#","exp":"#;
const UNTIL_GW: &str = r#","gw":"#;
const UNTIL_IAT: &str = r#","iat":"#;
const UNTIL_JTI: &str = r#","jti":"#;
const UNTIL_LS: &str = r#","ls":"#;
const UNTIL_OP: &str = r#","op":"#;
const UNTIL_KID: &str = r#"},"crit":["bind"],"cty":"json","enc":"A256GCM","kid":"#;
const UNTIL_END: &str = r#","typ":"credential+jwe"}"#;

/// Writes the header.
#[cfg(feature = "seal")]
pub(crate) fn write(out: &mut impl Sink, kid: &Kid, binding: &Binding) {
    out.put(UNTIL_DF.as_bytes());
    write_string(out, binding.df.as_str());
    out.put(UNTIL_EXP.as_bytes());
    write_number(out, binding.exp.0);
    out.put(UNTIL_GW.as_bytes());
    write_string(out, binding.gw.as_str());
    out.put(UNTIL_IAT.as_bytes());
    write_number(out, binding.iat.0);
    out.put(UNTIL_JTI.as_bytes());
    write_string(out, binding.jti.as_str());
    out.put(UNTIL_LS.as_bytes());
    write_string(out, binding.ls.as_str());
    out.put(UNTIL_OP.as_bytes());
    write_string(out, binding.op.as_str());
    out.put(UNTIL_KID.as_bytes());
    write_string(out, kid.as_str());
    out.put(UNTIL_END.as_bytes());
}

/// Reads the header.
pub(super) fn read(json: &[u8]) -> Result<(Kid, Binding), RejectReason> {
    let text = std::str::from_utf8(json).map_err(|error| RejectReason::Header {
        expected: "UTF-8",
        at: error.valid_up_to(),
    })?;
    let mut reader = Reader::new(text);
    read_members(&mut reader)
        .map_err(|Mismatch { expected, at }| RejectReason::Header { expected, at })
}

fn read_members(reader: &mut Reader<'_>) -> Result<(Kid, Binding), Mismatch> {
    reader.literal(UNTIL_DF)?;
    let df = read_word(reader, "a data factory name")?;
    reader.literal(UNTIL_EXP)?;
    let exp = UnixSeconds(reader.number()?);
    reader.literal(UNTIL_GW)?;
    let gw = read_word(reader, "a gateway id")?;
    reader.literal(UNTIL_IAT)?;
    let iat = UnixSeconds(reader.number()?);
    reader.literal(UNTIL_JTI)?;
    let jti = read_word(reader, "a ticket id")?;
    reader.literal(UNTIL_LS)?;
    let ls = read_word(reader, "a linked service name")?;
    reader.literal(UNTIL_OP)?;
    let op = read_operation(reader)?;
    reader.literal(UNTIL_KID)?;
    let kid = read_word(reader, "a thumbprint")?;
    reader.literal(UNTIL_END)?;
    if !reader.rest().is_empty() {
        return Err(Mismatch {
            expected: "the end",
            at: reader.position(),
        });
    }
    let binding = Binding {
        gw,
        df,
        ls,
        op,
        jti,
        iat,
        exp,
    };
    Ok((kid, binding))
}

fn read_word<T: TryFrom<String>>(
    reader: &mut Reader<'_>,
    expected: &'static str,
) -> Result<T, Mismatch> {
    let at = reader.position();
    let word = std::mem::take(&mut *reader.string()?);
    T::try_from(word).map_err(|_| Mismatch { expected, at })
}

/// `set` or `test`: deleting takes no credential.
fn read_operation(reader: &mut Reader<'_>) -> Result<Operation, Mismatch> {
    if reader.next_is(r#""set""#) {
        return Ok(Operation::Set);
    }
    reader.literal(r#""test""#).map(|()| Operation::Test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_literals_spell_the_constants() {
        assert!(UNTIL_DF.contains(&format!(r#""alg":"{}""#, crate::jwk::KEY_ALGORITHM)));
        assert!(UNTIL_KID.contains(&format!(r#""cty":"{ENVELOPE_CTY}","enc":"{ENVELOPE_ENC}""#)));
        assert!(UNTIL_END.contains(&format!(r#""typ":"{ENVELOPE_TYP}""#)));
    }
}
