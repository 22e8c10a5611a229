//! Trying a credential at its data store before it is stored, told stage by stage.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use envelope::protocol::{EnvelopeText, MEDIA_TYPE_ENVELOPE, MEDIA_TYPE_REPORT};
use http::header::{self, HeaderValue};
use http::request::Parts;
use utoipa::openapi::{RefOr, Response as Declared};
use utoipa::{IntoResponses, ToSchema};

use super::path::{LinkedServiceNames, LinkedServicePath};
use super::sealed::{self, TAKES_ENVELOPE};
use super::ticket::authorise;
use crate::clock;
use crate::custody::access::Action;
use crate::custody::candidate::TestProblem;
use crate::custody::tried::Saving;
use crate::languages;
use crate::openapi::{ANY_CALL, NAMES, TAKES_TICKET, WRITES, refused};
use crate::problem::{RateLimit, Refusal};
use crate::router::Gateway;
use crate::tester::NotBegun;
use crate::tester::frequency::TooOften;

/// A line of a test's report.
#[derive(ToSchema)]
#[expect(dead_code, reason = "declared; `probe::report::Line` writes it")]
struct TestLine {
    /// Version of this form: 1.
    v: u8,
    /// The stage that has ended: `policy`, `resolve`, `connect`, `tls`, `authenticate`, `authorise` or `query`, in this order. Not in the
    /// last line.
    stage: Option<String>,
    /// How the stage ended: `passed`, `failed` or `skipped`.
    result: Option<String>,
    /// In the last line: how the test ended, `passed` or `failed`.
    outcome: Option<String>,
    /// How long it took, in milliseconds.
    ms: u64,
    /// A stable code for why it failed, or for what is worth knowing although it passed.
    cause: Option<String>,
    /// The same in plain words, in the answer's language.
    sentence: Option<String>,
    /// What may help, likewise.
    advice: Option<String>,
    /// The field to look at: `host`, `port`, `database`, `username`, `password`, `key_file`, `passphrase`, `host_key` or `path`.
    field: Option<String>,
    /// The data store's own code. It may be anybody's text.
    code: Option<String>,
    /// The data store's own words. They may be anybody's text.
    said: Option<String>,
    /// The certificate that the data store showed.
    certificate: Option<ShownCertificate>,
}

/// A certificate that a data store showed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "declared, not read")]
struct ShownCertificate {
    /// Whom it names. It may be anybody's text.
    subject: String,
    /// Who signed it. It may be anybody's text.
    issuer: String,
    /// SHA-256 of the whole, 64 lower-case hexadecimal digits.
    sha256: String,
    /// From when on it is valid, in seconds since the Unix epoch.
    not_before: u64,
    /// Until when.
    not_after: u64,
}

/// `POST /v1/factories/{df}/linked-services/{ls}/test`: 200, and a line of JSON for each stage as it ends. The test is ended when the
/// caller goes away.
///
/// # Errors
/// Every [`Refusal`] that a ticket, a body or an envelope can have; [`Refusal::TestsOff`], [`Refusal::RateLimited`].
#[utoipa::path(
    post,
    path = "/v1/factories/{df}/linked-services/{ls}/test",
    operation_id = "testCredential",
    summary = "Try a sealed credential at its data store",
    description = "Under a ticket of operation `test` or, before its save, `set`; the envelope is bound to the operation `test`. Nothing is stored. Twenty tests under a ticket.",
    security(("ticket" = [])),
    params(
        LinkedServiceNames,
        ("Accept-Language" = Option<String>, Header, description = "The language for the words in the report (RFC 9110 §12.5.4): English, German, Japanese, Arabic or Chinese; English, if it is none of these."),
    ),
    request_body(content = EnvelopeText, content_type = MEDIA_TYPE_ENVELOPE),
    responses(
        (status = 200, description = "The report: one line of JSON for each stage as it ends, and a last one with the outcome.", body = TestLine, content_type = MEDIA_TYPE_REPORT,
            headers(("Content-Language" = String, description = "The language of the words in it."))),
        NotTested,
    ),
)]
pub async fn test(
    State(gateway): State<Gateway>,
    LinkedServicePath(df, ls): LinkedServicePath,
    parts: Parts,
    body: Body,
) -> Result<Response, Refusal> {
    let custody = &gateway.custody;
    let ticket = authorise(custody, &parts, Action::Test, df, Some(ls)).await?;
    if gateway.config.test.save == Saving::Off {
        return Err(Refusal::TestsOff);
    }
    let left = ticket.claims().exp.0.saturating_sub(clock::now().0);
    let words = languages::preferred(&parts.headers);
    let envelope = sealed::read(&parts, body).await?;
    let received = custody.receive_candidate(ticket, &envelope, clock::now());
    let begun = match received.await {
        Ok(candidate) => gateway.tester.begin(custody, candidate, words).await,
        Err(problem) => Err(problem.into()),
    };
    let report = begun.map_err(|problem| refusal(problem, left))?;
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE_REPORT),
        (header::CONTENT_LANGUAGE, words.tag()),
        (header::VARY, "accept-language"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, Body::new(report)).into_response())
}

/// What is said of a problem; so many seconds are left of the ticket.
fn refusal(problem: NotBegun, left: u64) -> Refusal {
    let too_often = match problem {
        NotBegun::Custody(TestProblem::Envelope(problem)) => return sealed::refusal(problem),
        NotBegun::Busy => return Refusal::Unavailable,
        NotBegun::Custody(TestProblem::TicketExhausted) => {
            return Refusal::RateLimited(RateLimit {
                detail: "Twenty tests were made under this ticket: get a new one.",
                seconds: left.max(1),
            });
        }
        NotBegun::TooOften(too_often) => too_often,
    };
    Refusal::RateLimited(RateLimit {
        detail: match too_often {
            TooOften::LinkedService { .. } => "This linked service was tested too often.",
            TooOften::Host { .. } => "This host was tested too often.",
            TooOften::WrongPassword { .. } => {
                "There were several tests with a secret that may be wrong: one more could lock the account."
            }
        },
        seconds: too_often.seconds(),
    })
}

/// Why nothing is tried.
struct NotTested;

impl IntoResponses for NotTested {
    fn responses() -> BTreeMap<String, RefOr<Declared>> {
        let own = &[
            Refusal::TestsOff,
            Refusal::RateLimited(RateLimit {
                detail: "",
                seconds: 0,
            }),
        ];
        refused(&[ANY_CALL, WRITES, TAKES_TICKET, NAMES, TAKES_ENVELOPE, own])
    }
}
