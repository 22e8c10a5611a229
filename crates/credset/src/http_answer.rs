//! What a gateway has answered.

use envelope::UnixSeconds;
use envelope::protocol::Problem;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use serde::Deserialize;

use crate::failure::Failure;
use crate::terminal::one_line;
use crate::trouble;

/// An answer, read to its end.
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// When it was given, by the gateway's clock.
    pub(crate) at: Option<UnixSeconds>,
    retry_after: Option<u64>,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: &HeaderMap, body: Vec<u8>) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let at = text(DATE)
            .and_then(|date| httpdate::parse_http_date(date).ok())
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        Self {
            status,
            at: at.map(|since| UnixSeconds(since.as_secs())),
            retry_after: text(RETRY_AFTER).and_then(|seconds| seconds.parse().ok()),
            body,
        }
    }

    /// The body of an answer that says yes.
    ///
    /// # Errors
    /// The gateway's problem document, or [`trouble::unexpected_answer`].
    pub(crate) fn success(self) -> Result<Vec<u8>, Failure> {
        if matches!(self.status, 200 | 201) {
            return Ok(self.body);
        }
        match self.problem() {
            Some(problem) => Err(trouble::refused(problem, self.retry_after)),
            None if self.is_misdirected() => Err(trouble::misdirected()),
            None => Err(trouble::unexpected_answer(self.status)),
        }
    }

    /// Whether a gateway says that it is not called by the name that it was asked under. No page can be told so, and the page's codes are
    /// without this one.
    fn is_misdirected(&self) -> bool {
        #[derive(Deserialize)]
        struct Coded {
            code: String,
        }
        let coded = serde_json::from_slice(&self.body);
        coded.is_ok_and(|coded: Coded| coded.code == "misdirected")
    }

    /// The problem document in it.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let mut problem: Problem = serde_json::from_slice(&self.body).ok()?;
        // It becomes a part of our own sentences.
        problem.detail = problem.detail.map(one_line);
        Some(problem)
    }
}
