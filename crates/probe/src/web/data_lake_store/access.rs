//! Client credentials (RFC 6749, section 4.4): for its own key, an application gets an access token, which is good for an hour or so.

use envelope::Secret;
use http::header::{self, HeaderMap, HeaderValue};
use serde::Deserialize;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::report::{Cause, Halt, Scrubber};
use crate::request::{MICROSOFT_LOGIN, Request};
use crate::web::answer::{Answer, Content};
use crate::web::conversation::Stream;
use crate::web::resource::Resource;
use crate::web::server::Server;
use crate::web::storage::header as sensitive;

/// What the token is for: stores, and nothing else that the application may do.
const PURPOSE: &str = "https://datalake.azure.net/";
/// As long as one byte becomes: `%2F`.
const MAX_ESCAPED: usize = 3;
/// As long as an error's name may be, in characters.
const MAX_CODE: usize = 64;

/// Where a tenant's applications sign in.
pub(super) fn resource(request: &Request) -> Result<Resource, Cause> {
    let tenant = request.property("tenant").ok_or(Cause::BadRequest)?;
    let url = Url::parse(&format!("https://{MICROSOFT_LOGIN}/"));
    let mut url = url.map_err(|_| Cause::BadRequest)?;
    url.path_segments_mut()
        .map_err(|()| Cause::BadRequest)?
        .extend([tenant, "oauth2", "token"]);
    Resource::at(url, Content::Any)
}

/// Signs in: the access token.
///
/// # Errors
/// Why there is none.
pub(super) async fn access(
    request: &Request,
    login: &Server<'_>,
    stream: Box<dyn Stream>,
) -> Result<Secret, Halt> {
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, form)]);
    let answer = login.tell(stream, headers, question(request)?).await?;
    if answer.status.is_success() {
        return read(&answer).ok_or_else(|| Cause::WrongContent.into());
    }
    Err(refusal(&answer, login.scrubber()))
}

/// What shows the store that the account has signed in.
pub(super) fn header(access: &Secret) -> Result<HeaderValue, Cause> {
    // EXPOSE: the data store is shown it, over TLS.
    sensitive(&Zeroizing::new(format!("Bearer {}", access.expose())))
}

fn question(request: &Request) -> Result<Zeroizing<String>, Cause> {
    let application = request
        .property("servicePrincipalId")
        .ok_or(Cause::BadRequest)?;
    let key = request
        .secret("servicePrincipalKey")
        .ok_or(Cause::PasswordMissing)?;
    let fixed = format!("grant_type=client_credentials&resource={PURPOSE}&client_id=");
    // EXPOSE: the login is told it, over TLS.
    let key = key.expose();
    // It never grows: what has grown leaves its beginning behind.
    let room =
        fixed.len() + "&client_secret=".len() + MAX_ESCAPED * (application.len() + key.len());
    let mut form = Zeroizing::new(String::with_capacity(room));
    form.push_str(&fixed);
    form.extend(form_urlencoded::byte_serialize(application.as_bytes()));
    form.push_str("&client_secret=");
    form.extend(form_urlencoded::byte_serialize(key.as_bytes()));
    Ok(form)
}

fn read(answer: &Answer) -> Option<Secret> {
    /// It has nothing that JSON would have to escape, so that no copy of it is made on the way.
    #[derive(Deserialize)]
    struct Granted<'a> {
        token_type: &'a str,
        access_token: &'a str,
    }
    let granted: Granted<'_> = serde_json::from_slice(answer.body()).ok()?;
    let is_usable = granted.token_type.eq_ignore_ascii_case("bearer")
        && !granted.access_token.is_empty()
        && granted
            .access_token
            .bytes()
            .all(|byte| byte.is_ascii_graphic());
    is_usable.then(|| Secret::new(granted.access_token.to_owned()))
}

/// RFC 6749, section 5.2, with the numbers that Microsoft adds.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    error_codes: Vec<u32>,
}

fn refusal(answer: &Answer, scrubber: &Scrubber) -> Halt {
    let refusal = serde_json::from_slice::<Refusal>(answer.body());
    let Some(refusal) = refusal.ok().filter(|refusal| is_code(&refusal.error)) else {
        let cause = answer.judge(Content::Any).unwrap_or(Cause::WrongContent);
        return answer.halt(cause, scrubber);
    };
    let number = refusal.error_codes.first().copied();
    let code = number.map_or(refusal.error.clone(), |number| format!("AADSTS{number}"));
    let said = Some(refusal.error_description).filter(|said| !said.is_empty());
    Halt {
        code: Some(scrubber.scrub(&code)),
        said: said.map(|said| scrubber.scrub(&said)),
        ..Halt::from(cause_of(number, &refusal.error))
    }
}

/// Letters and low lines alone: nothing else gets into a report as a code.
fn is_code(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    !text.is_empty() && text.len() <= MAX_CODE && text.bytes().all(fits)
}

/// By its number, or, where Microsoft has changed those, by the error's name.
fn cause_of(number: Option<u32>, error: &str) -> Cause {
    match (number, error) {
        (Some(7_000_215), _) => Cause::WrongKey,
        (Some(7_000_222), _) => Cause::PasswordExpired,
        (Some(700_016), _) => Cause::NoSuchUser,
        // No tenant has it; it is no tenant's name at all.
        (Some(90_002 | 900_023), _) => Cause::TenantUnknown,
        (Some(7_000_112), _) => Cause::AccountLocked,
        // Conditional access: from elsewhere it might do.
        (Some(53_003), _) => Cause::NotAdmitted,
        (_, "invalid_client") => Cause::WrongKey,
        (_, "unauthorized_client") => Cause::NoSuchUser,
        (_, "temporarily_unavailable") => Cause::NotReady,
        _ => Cause::StoreRefused,
    }
}
