//! The gateway over HTTP. What is written to it is an [`Envelope`] or nothing: there is no way to post a secret from here.

use envelope::protocol::{self, FieldProblem, ProblemCode};
use envelope::receipt::SignedReceipt;
use envelope::statement::StatementRefusal;
use envelope::{Envelope, JwkSet, KeyRefusal, KeyStatement, Operation, Ticket, UnixSeconds};
use js_sys::{Array, Date, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect, Response,
};

use crate::browser::{is_offline, window};
use crate::config::{MAX_REPORT_BYTES, REQUEST_TIMEOUT_MS, WORD_LIST};
use crate::documents::{self, Description};
use crate::key_statement::verified;
use crate::primality;
use crate::spoken_language;
use crate::state::{Existing, Line};
use crate::trouble::Trouble;

/// The gateway's keys and its clock.
pub struct KeyDocument {
    /// The keys that passed the policy.
    pub keys: JwkSet,
    /// What the gateway's identity key says about them. Its signature was verified, nothing else.
    pub statement: KeyStatement,
    /// When the gateway answered, by its own clock.
    pub at: Option<UnixSeconds>,
}

/// A signed receipt, read and as the gateway wrote it.
pub struct ReceiptDocument {
    /// What it says.
    pub signed: SignedReceipt,
    /// Its text: what the portal gets.
    pub text: String,
}

/// Why a write failed.
#[derive(Debug)]
pub struct Refused {
    /// The reason.
    pub refusal: Refusal,
    /// What the gateway calls the request, in its log as well; if it says so.
    pub request: Option<String>,
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Self {
        let refusal = Refusal::Trouble(trouble);
        Self {
            refusal,
            request: None,
        }
    }
}

/// The reason for a failed write.
#[derive(Debug)]
pub enum Refusal {
    /// For the reason given.
    Trouble(Trouble),
    /// Because of these fields (422).
    Fields(Vec<FieldProblem>),
    /// Because the secrets of these names cannot be kept (422).
    Secrets(Vec<String>),
}

/// What the gateway says about itself.
///
/// # Errors
/// As for every request: no answer, or none of the protocol's.
pub async fn describe() -> Result<Description, Trouble> {
    let answer = send(protocol::DESCRIPTION_PATH, &RequestInit::new()).await?;
    answer.document(documents::description)
}

/// The gateway's public keys.
///
/// # Errors
/// As for every request and for [`verified`]; [`Trouble::KeyRefused`] with the rule that the document or a key in it breaks.
pub async fn keys() -> Result<KeyDocument, Trouble> {
    let answer = send(protocol::KEYS_PATH, &RequestInit::new()).await?;
    if answer.status != 200 {
        return Err(Trouble::UnexpectedAnswer(answer.status));
    }
    let refused = |refusal: KeyRefusal| Trouble::KeyRefused(refusal.as_str());
    let keys = JwkSet::parse(answer.text.as_bytes()).map_err(refused)?;
    for key in keys.keys() {
        primality::check(key.jwk().n()).await.map_err(refused)?;
    }
    let statement = match keys.statement() {
        Some(jws) => verified(jws).await?,
        None => return Err(StatementRefusal::Missing.into()),
    };
    Ok(KeyDocument {
        keys,
        statement,
        at: answer.at,
    })
}

/// The list of words that thumbprints are shown in.
///
/// # Errors
/// As for every request; a list that is another one did not arrive.
pub async fn word_list() -> Result<String, Trouble> {
    let (path, integrity) = WORD_LIST;
    let request = RequestInit::new();
    request.set_integrity(integrity);
    let answer = send(path, &request).await?;
    answer.document(|list| Some(list.to_owned()))
}

/// What is stored for the ticket's linked service already.
///
/// # Errors
/// As for every request; [`Trouble::UnexpectedAnswer`] for a credential that this page does not understand.
pub async fn existing(ticket: &Ticket) -> Result<Existing, Trouble> {
    let claims = ticket.claims();
    let path = protocol::linked_services_named_path(&claims.df, &claims.ls);
    let request = RequestInit::new();
    authorise(&request, ticket, &[]);
    send(&path, &request).await?.document(documents::existing)
}

/// Has the gateway store what is in the envelope, or try it, as the envelope says. The receipt, if it has stored it; each line of its report
/// goes to `told` as it comes.
///
/// # Errors
/// The gateway's problem document, no answer at all, or something that is no report, from where on it is none.
pub async fn post(
    envelope: &Envelope,
    ticket: &Ticket,
    stop: Option<&AbortSignal>,
    told: &dyn Fn(Line),
) -> Result<Option<ReceiptDocument>, Refused> {
    let claims = ticket.claims();
    let request = RequestInit::new();
    let tests = envelope.binding().op == Operation::Test;
    let (method, path, told) = if tests {
        let path = protocol::test_path(&claims.df, &claims.ls);
        ("POST", path, Some(told))
    } else {
        let path = protocol::credential_path(&claims.df, &claims.ls);
        ("PUT", path, None)
    };
    request.set_method(method);
    request.set_body(&envelope.as_str().into());
    let media_type = ("Content-Type", protocol::MEDIA_TYPE_ENVELOPE);
    // What the gateway tells of a test is shown as it comes.
    let language = spoken_language::tag();
    authorise(
        &request,
        ticket,
        &[media_type, ("Accept-Language", &language)],
    );
    let answer = send_until(&path, &request, stop, told).await?;
    match answer.status {
        200 if tests => Ok(None),
        200 | 201 => {
            let signed = answer.document(documents::signed_receipt)?;
            let text = answer.text;
            Ok(Some(ReceiptDocument { signed, text }))
        }
        _ => Err(refused(&answer)),
    }
}

/// What a problem document says.
fn refused(answer: &Answer) -> Refused {
    let Some(mut problem) = documents::problem(&answer.text) else {
        return Trouble::UnexpectedAnswer(answer.status).into();
    };
    let request = problem.instance.take();
    let refusal = match problem.code {
        ProblemCode::InvalidCredential if !problem.errors.is_empty() => {
            Refusal::Fields(problem.errors)
        }
        ProblemCode::SecretRequired => {
            let names = problem.errors.into_iter().map(|problem| problem.field);
            Refusal::Secrets(names.collect())
        }
        _ => Refusal::Trouble(Trouble::from_problem(problem, answer.retry_after)),
    };
    Refused { refusal, request }
}

struct Answer {
    status: u16,
    at: Option<UnixSeconds>,
    retry_after: Option<u32>,
    text: String,
}

impl Answer {
    fn document<T>(&self, read: fn(&str) -> Option<T>) -> Result<T, Trouble> {
        matches!(self.status, 200 | 201)
            .then(|| read(&self.text))
            .flatten()
            .ok_or(Trouble::UnexpectedAnswer(self.status))
    }
}

/// GET, unless the request says something else.
async fn send(path: &str, request: &RequestInit) -> Result<Answer, Trouble> {
    send_until(path, request, None, None).await
}

/// The same, unless it is stopped before. An answer that is a report goes to `told`, if that is there, line by line.
async fn send_until(
    path: &str,
    request: &RequestInit,
    stop: Option<&AbortSignal>,
    told: Option<&dyn Fn(Line)>,
) -> Result<Answer, Trouble> {
    let silence = |error: JsValue| match error.dyn_ref::<web_sys::DomException>() {
        Some(exception) if exception.name() == "TimeoutError" => Trouble::TimedOut,
        _ if stop.is_some_and(AbortSignal::aborted) => Trouble::Interrupted,
        _ if is_offline() => Trouble::Offline,
        _ => Trouble::GatewayDown,
    };
    request.set_cache(RequestCache::NoStore);
    request.set_credentials(RequestCredentials::Omit);
    request.set_redirect(RequestRedirect::Error);
    request.set_referrer_policy(ReferrerPolicy::NoReferrer);
    let timeout = AbortSignal::timeout_with_u32(REQUEST_TIMEOUT_MS);
    let signal = match stop {
        Some(stop) => any(&Array::of2(stop, &timeout)).unwrap_or(timeout),
        None => timeout,
    };
    request.set_signal(Some(&signal));
    let window = window().ok_or(Trouble::GatewayDown)?;
    let mut awaited = window.fetch_with_str_and_init(path, request);
    let response = JsFuture::from(awaited).await.map_err(silence)?;
    let response: Response = response.unchecked_into();
    let status = response.status();
    let report = told.filter(|_| status == 200).zip(response.body());
    let Some((told, body)) = report else {
        awaited = response.text().map_err(silence)?;
        let text = JsFuture::from(awaited).await.map_err(silence)?;
        let header = |name| response.headers().get(name).ok().flatten();
        return Ok(Answer {
            status,
            at: header("date").and_then(|date| http_date(&date)),
            retry_after: header("retry-after").and_then(|seconds| seconds.parse().ok()),
            text: text.as_string().unwrap_or_default(),
        });
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut report = Report::default();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(silence)?;
        let bytes = Reflect::get(&chunk, &"value".into()).unwrap_or_default();
        // Without bytes it has ended before its last line.
        let bytes = bytes.dyn_into::<Uint8Array>();
        let taken = bytes.map(|bytes| report.take(&bytes.to_vec(), told));
        if taken
            .ok()
            .flatten()
            .ok_or(Trouble::UnexpectedAnswer(status))?
        {
            return Ok(Answer {
                status,
                at: None,
                retry_after: None,
                text: String::new(),
            });
        }
    }
}

/// A report as it arrives, in pieces that may end anywhere.
#[derive(Default)]
struct Report {
    begun: Vec<u8>,
    length: usize,
}

impl Report {
    /// Hands on the lines that a piece ends; whether the last of the report is among them. `None` from where on it is no report.
    fn take(&mut self, piece: &[u8], told: &dyn Fn(Line)) -> Option<bool> {
        self.length += piece.len();
        if self.length > MAX_REPORT_BYTES {
            return None;
        }
        for byte in piece {
            self.begun.push(*byte);
            if *byte == b'\n' {
                let line = documents::line(str::from_utf8(&self.begun).ok()?)?;
                let is_last = line.stage.is_empty();
                told(line);
                if is_last {
                    return Some(true);
                }
                self.begun.clear();
            }
        }
        Some(false)
    }
}

/// Shows the ticket, beside other headers. One that the browser refuses is one that the gateway misses, and says so.
fn authorise(request: &RequestInit, ticket: &Ticket, others: &[(&str, &str)]) {
    let headers = || -> Result<Headers, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in others {
            headers.set(name, value)?;
        }
        // EXPOSE: the ticket is the permission, and this is where it is shown.
        headers.set("Authorization", &["Bearer ", ticket.expose()].concat())?;
        Ok(headers)
    };
    if let Ok(headers) = headers() {
        request.set_headers(&headers);
    }
}

fn http_date(date: &str) -> Option<UnixSeconds> {
    let milliseconds = Date::parse(date);
    (milliseconds >= 0.0).then_some(UnixSeconds((milliseconds / 1000.0) as u64))
}

#[wasm_bindgen]
extern "C" {
    /// A signal that follows any of several. Browsers have it since 2023 or 2024; without it only the time ends a request.
    #[wasm_bindgen(catch, js_namespace = AbortSignal)]
    fn any(signals: &Array) -> Result<AbortSignal, JsValue>;
}
