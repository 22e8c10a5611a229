//! Every refusal as a problem document (RFC 9457): what the caller may know, in one place.
//!
//! A handler returns a [`Refusal`]; [`write`] turns it into status, headers and body. The `envelope_rejected` answer is the
//! same in every byte whatever was wrong with the envelope: it carries no `instance` and no `detail`. Every other problem names
//! the request as `instance`, so that a person who reads it out can be found in the log.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use envelope::protocol::{FieldProblem, MEDIA_TYPE_PROBLEM, ProblemCode};
use http::StatusCode;
use http::header::{self, HeaderValue};
use serde::Serialize;
use utoipa::ToSchema;

use crate::telemetry::RequestId;

/// Why a request is refused, as far as its caller may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The one answer for everything that can be wrong with an envelope.
    EnvelopeRejected,
    /// The envelope is sealed for a key that is gone; sealed for one of the keys that are there it may come again.
    KeyRotated,
    /// No acceptable ticket; `detail` says what is wrong with it.
    TicketInvalid(&'static str),
    /// The ticket has set a credential already, with another envelope.
    TicketUsed,
    /// The ticket is for something else than the call or the envelope asks for.
    ContextMismatch,
    /// A secret cannot be kept because the destination or the account changed, or because there is none: its names.
    SecretRequired(Vec<FieldProblem>),
    /// What the envelope contains breaks rules of its kind: field and rule.
    InvalidCredential(Vec<FieldProblem>),
    /// There is no credential for this linked service.
    UnknownLinkedService,
    /// Only what has passed its test is stored, and this has not under its ticket.
    TestRequired,
    /// This gateway tries nothing for callers.
    TestsOff,
    /// There were too many tests for the same.
    RateLimited(RateLimit),
    /// A limit of the protocol is passed.
    TooLarge(Oversized),
    /// Too much work is waiting, or the store does not answer: come back later.
    Unavailable,
    /// A name in the path breaks a rule, in words.
    InvalidName(String),
    /// No such route or file.
    NotFound,
    /// The route has no such method.
    MethodNotAllowed,
    /// The body is of another media type than the route takes.
    UnsupportedMediaType,
    /// The request is for a host that this gateway is not (RFC 9110 §15.5.20): DNS rebinding, or a name missing in `names`.
    Misdirected,
    /// A write that another site's page started.
    CrossSite,
    /// The request did not arrive in time.
    Timeout,
    /// The connection broke while the body was read.
    Interrupted,
    /// A fault of the gateway's own; the log has more.
    Internal,
}

/// Which limit is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oversized {
    /// More than 16 KiB of body.
    Body,
    /// More than 16 KiB of header fields.
    Header,
    /// More than 2 KiB of request target.
    Uri,
}

/// What there were too many tests for, and in how many seconds there may be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// In words.
    pub detail: &'static str,
    /// To wait.
    pub seconds: u64,
}

/// Every code.
pub const CODES: [&str; 22] = [
    "envelope_rejected",
    "key_rotated",
    "ticket_invalid",
    "ticket_used",
    "context_mismatch",
    "secret_required",
    "invalid_credential",
    "unknown_linked_service",
    "test_required",
    "tests_off",
    "rate_limited",
    "too_large",
    "unavailable",
    "invalid_name",
    "not_found",
    "method_not_allowed",
    "unsupported_media_type",
    "misdirected",
    "cross_site",
    "timeout",
    "interrupted",
    "internal",
];

/// Seconds after which a caller may try again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::EnvelopeRejected | Self::InvalidName(_) | Self::Interrupted => {
                StatusCode::BAD_REQUEST
            }
            Self::TicketInvalid(_) => StatusCode::UNAUTHORIZED,
            Self::ContextMismatch | Self::CrossSite | Self::TestsOff => StatusCode::FORBIDDEN,
            Self::UnknownLinkedService | Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::KeyRotated | Self::TicketUsed | Self::TestRequired => StatusCode::CONFLICT,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge(Oversized::Body) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooLarge(Oversized::Uri) => StatusCode::URI_TOO_LONG,
            Self::TooLarge(Oversized::Header) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::InvalidCredential(_) | Self::SecretRequired(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The stable code that programs compare.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::EnvelopeRejected => ProblemCode::EnvelopeRejected.as_str(),
            Self::KeyRotated => ProblemCode::KeyRotated.as_str(),
            Self::TicketInvalid(_) => ProblemCode::TicketInvalid.as_str(),
            Self::TicketUsed => ProblemCode::TicketUsed.as_str(),
            Self::ContextMismatch => ProblemCode::ContextMismatch.as_str(),
            Self::SecretRequired(_) => ProblemCode::SecretRequired.as_str(),
            Self::InvalidCredential(_) => ProblemCode::InvalidCredential.as_str(),
            Self::UnknownLinkedService => ProblemCode::UnknownLinkedService.as_str(),
            Self::TestRequired => ProblemCode::TestRequired.as_str(),
            Self::TestsOff => ProblemCode::TestsOff.as_str(),
            Self::RateLimited(_) => ProblemCode::RateLimited.as_str(),
            Self::TooLarge(_) => ProblemCode::TooLarge.as_str(),
            Self::Unavailable => ProblemCode::Unavailable.as_str(),
            Self::InvalidName(_) => "invalid_name",
            Self::NotFound => ProblemCode::NotFound.as_str(),
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::Misdirected => "misdirected",
            Self::CrossSite => "cross_site",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Internal => "internal",
        }
    }

    /// The same in a few words for people.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::EnvelopeRejected => "The envelope was rejected.",
            Self::KeyRotated => "The gateway has replaced its key.",
            Self::TicketInvalid(_) => "The ticket is not valid.",
            Self::TicketUsed => "The ticket was used already.",
            Self::ContextMismatch => "The ticket is for something else.",
            Self::SecretRequired(_) => "A secret must be entered again.",
            Self::InvalidCredential(_) => "The credential is not valid.",
            Self::UnknownLinkedService => "There is no credential for this linked service.",
            Self::TestRequired => "The credential has to pass its test first.",
            Self::TestsOff => "This gateway tries no credentials for callers.",
            Self::RateLimited(_) => "There were too many tests.",
            Self::TooLarge(_) => "The request is too large.",
            Self::Unavailable => "The gateway is busy.",
            Self::InvalidName(_) => "A name in the path is not valid.",
            Self::NotFound => "There is nothing here.",
            Self::MethodNotAllowed => "The method is not allowed here.",
            Self::UnsupportedMediaType => "The body has another media type than this call takes.",
            Self::Misdirected => "This gateway is not called by that name.",
            Self::CrossSite => "Another site may not write here.",
            Self::Timeout => "The request did not arrive in time.",
            Self::Interrupted => "The request was not complete.",
            Self::Internal => "The gateway made a mistake.",
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::TicketInvalid(detail) => Some(detail),
            Self::InvalidName(rule) => Some(rule),
            Self::RateLimited(limit) => Some(limit.detail),
            Self::TestRequired => {
                Some("This gateway stores only what has passed its test under the same ticket.")
            }
            Self::TooLarge(Oversized::Body) => Some("The body may have 16 KiB."),
            Self::TooLarge(Oversized::Header) => Some("The header fields may have 16 KiB."),
            Self::TooLarge(Oversized::Uri) => Some("The path and query may have 2 KiB."),
            Self::UnsupportedMediaType => Some("An envelope is sent as application/jose."),
            Self::KeyRotated => {
                Some("Seal for a key of /v1/keys and send it under the same ticket.")
            }
            _ => None,
        }
    }

    fn errors(&self) -> &[FieldProblem] {
        match self {
            Self::InvalidCredential(errors) | Self::SecretRequired(errors) => errors,
            _ => &[],
        }
    }
}

/// A refusal on its way through the layers: [`write`] gives it its body.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the document of a refusal; other responses pass unchanged.
pub fn write(mut response: Response, request: &RequestId) -> Response {
    let Some(refusal) = response.extensions().get::<Refusal>() else {
        return response;
    };
    let document = Document::of(refusal, request);
    // A document of strings and numbers always has a JSON text.
    let body = Body::from(serde_json::to_vec(&document).unwrap_or_default());
    let challenge = matches!(refusal, Refusal::TicketInvalid(_));
    let again = match refusal {
        Refusal::Unavailable => Some(RETRY_AFTER),
        Refusal::RateLimited(limit) => Some(HeaderValue::from(limit.seconds)),
        _ => None,
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(MEDIA_TYPE_PROBLEM),
    );
    headers.remove(header::CONTENT_LENGTH);
    if challenge {
        // RFC 9110 §15.5.2: a 401 names the scheme.
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = again {
        headers.insert(header::RETRY_AFTER, seconds);
    }
    *response.body_mut() = body;
    response
}

/// A problem document as [`envelope::protocol::Problem`] reads it, with the codes that only concern HTTP.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem, description = "A problem document (RFC 9457).")]
pub(crate) struct Document<'a> {
    /// `urn:credential-gateway:problem:` and the code.
    #[serde(rename = "type")]
    type_: String,
    /// The same in a few words for people.
    title: &'static str,
    /// The HTTP status, repeated.
    status: u16,
    /// The stable code.
    code: &'static str,
    /// What is particular about this occurrence, if the caller may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The request, as the gateway's log names it. A rejected envelope has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// Which fields of the credential break which rules.
    #[schema(value_type = Vec<FieldProblem>)]
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldProblem],
}

impl<'a> Document<'a> {
    fn of(refusal: &'a Refusal, request: &RequestId) -> Self {
        Self {
            type_: format!("urn:credential-gateway:problem:{}", refusal.code()),
            title: refusal.title(),
            status: refusal.status().as_u16(),
            code: refusal.code(),
            detail: refusal.detail(),
            instance: match refusal {
                Refusal::EnvelopeRejected => None,
                _ => Some(request.urn()),
            },
            errors: refusal.errors(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use envelope::protocol::Problem;

    #[test]
    fn the_document_is_what_the_page_reads() {
        let errors = vec![FieldProblem {
            field: "host".to_owned(),
            rule: "required".to_owned(),
        }];
        let refusal = Refusal::InvalidCredential(errors.clone());
        let document = serde_json::to_vec(&Document::of(&refusal, &RequestId::new())).unwrap();
        let problem: Problem = serde_json::from_slice(&document).unwrap();
        assert_eq!(
            (problem.status, problem.code, problem.errors),
            (422, ProblemCode::InvalidCredential, errors)
        );
        assert_eq!(
            problem.type_,
            "urn:credential-gateway:problem:invalid_credential"
        );
    }

    #[test]
    fn a_rejected_envelope_names_no_request() {
        let document =
            |refusal| serde_json::to_value(Document::of(&refusal, &RequestId::new())).unwrap();
        assert_eq!(
            document(Refusal::EnvelopeRejected),
            document(Refusal::EnvelopeRejected)
        );
        assert_ne!(document(Refusal::TicketUsed), document(Refusal::TicketUsed));
    }

    #[test]
    fn a_caller_is_told_when_to_come_back_and_how_to_identify() {
        let headers = |refusal: Refusal| {
            write(refusal.into_response(), &RequestId::new())
                .headers()
                .clone()
        };
        assert_eq!(headers(Refusal::Unavailable)[header::RETRY_AFTER], "2");
        assert_eq!(
            headers(Refusal::TicketInvalid(""))[header::WWW_AUTHENTICATE],
            "Bearer"
        );
        let rejected = headers(Refusal::EnvelopeRejected);
        assert!(
            !rejected.contains_key(header::RETRY_AFTER)
                && !rejected.contains_key(header::WWW_AUTHENTICATE)
        );
    }
}
