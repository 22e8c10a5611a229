//! Schemas of what serde's derivation does not describe: documents with a reader or writer of their own.

use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{MAX_ENVELOPE_BYTES, TicketStatus};
use crate::context::MAX_NAME_CHARS;
use crate::jwk::Kid;
use crate::receipt::Receipt;

/// A JWK Set (RFC 7517): the keys that envelopes may be sealed for, the one in use first.
#[derive(ToSchema)]
pub struct KeyDocument {
    /// At most eight.
    #[schema(min_items = 1, max_items = 8)]
    pub keys: Vec<EnvelopeKeyJwk>,
    /// What the identity key says about them: a compact JWS (RFC 7515), and after a space each the hand-overs of former identity keys.
    pub statement: Option<String>,
}

/// An envelope key (RFC 7517 section 4, RFC 7518 section 6.3.1).
#[derive(ToSchema)]
pub struct EnvelopeKeyJwk {
    /// "RSA".
    pub kty: String,
    /// "RSA-OAEP-256".
    pub alg: String,
    /// "enc".
    #[schema(rename = "use")]
    pub use_: String,
    /// The key's RFC 7638 thumbprint.
    pub kid: Kid,
    /// The modulus in base64url.
    pub n: String,
    /// The exponent in base64url.
    pub e: String,
}

/// An envelope as it is sent.
pub struct EnvelopeText;

impl PartialSchema for EnvelopeText {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A sealed credential: JWE Compact Serialization (RFC 7516) in the profile of this gateway.",
            ))
            .pattern(Some("^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){4}$"))
            .max_length(Some(MAX_ENVELOPE_BYTES))
            .into()
    }
}

impl ToSchema for EnvelopeText {}

/// Of a name of this; [`crate::context`] has the whole rule.
pub(crate) fn name(of: &str) -> RefOr<Schema> {
    let rule = "no control or text-direction character, no `/` or `\\`, not `.` or `..`, no white space at either end";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(format!("Name of a {of}: {rule}.")))
        .pattern(Some("^[^\\u0000-\\u001f\\u007f-\\u009f/\\\\]*$"))
        .min_length(Some(1))
        .max_length(Some(MAX_NAME_CHARS))
        .into()
}

/// Internally tagged, over a document that takes no member it does not know.
impl PartialSchema for TicketStatus {
    fn schema() -> RefOr<Schema> {
        let state = |word: &str| {
            let word = ObjectBuilder::new()
                .schema_type(Type::String)
                .enum_values(Some([word]));
            ObjectBuilder::new()
                .property("state", word)
                .required("state")
        };
        let receipt = Ref::from_schema_name(Receipt::name());
        let used = state("used")
            .property("receipt", receipt)
            .required("receipt")
            .property("jws", ObjectBuilder::new().schema_type(Type::String))
            .required("jws");
        OneOfBuilder::new()
            .description(Some(
                "What became of a ticket that permits setting a credential.",
            ))
            .item(state("unused"))
            .item(used)
            .into()
    }
}

impl ToSchema for TicketStatus {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Receipt::name().into_owned(), Receipt::schema()));
        Receipt::schemas(schemas);
    }
}
