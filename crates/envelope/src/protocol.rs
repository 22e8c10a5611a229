//! The wire around the envelope: limits, media types, paths and the documents that the gateway answers with.

mod path;

mod problem;

mod description;

#[cfg(feature = "openapi")]
pub(crate) mod schema;

pub use description::{
    GatewayDescription, IdentityJwk, SaveAfter, StoredCredential, TestsOffered, TicketStatus,
};
pub use path::{
    API_BASE, DESCRIPTION_PATH, KEYS_PATH, TICKET_STATUS_GRACE_SECONDS, TICKET_STATUS_PATH,
    credential_path, linked_service_path, linked_services_named_path, linked_services_path,
    test_path,
};
#[cfg(feature = "openapi")]
pub use schema::{EnvelopeKeyJwk, EnvelopeText, KeyDocument};

pub use problem::{FieldProblem, Problem, ProblemCode, REQUEST_URN};

/// Largest envelope, in bytes, and so the largest request body.
pub const MAX_ENVELOPE_BYTES: usize = 16 * 1024;

/// Lengths that a plaintext is padded to, in bytes.
pub const BUCKETS: [usize; 6] = [256, 512, 1024, 2048, 4096, LARGEST_BUCKET];

/// The largest of [`BUCKETS`], in bytes.
pub const LARGEST_BUCKET: usize = 8192;

/// Media type of an envelope (RFC 7515 section 9.2.1).
pub const MEDIA_TYPE_ENVELOPE: &str = "application/jose";

/// Media type of a [`Problem`] (RFC 9457 section 3).
pub const MEDIA_TYPE_PROBLEM: &str = "application/problem+json";

/// Media type of a key document (RFC 7517 section 8.5.2).
pub const MEDIA_TYPE_KEYS: &str = "application/jwk-set+json";

/// Media type of a test's report: JSON, a line for each stage.
pub const MEDIA_TYPE_REPORT: &str = "application/x-ndjson";
