//! Azure Storage: the list of an account's containers, signed with its key; or what a shared access signature is for.

use std::time::SystemTime;

use aws_lc_rs::hmac;
use base64ct::{Base64, Encoding as _};
use envelope::Secret;
use http::header::HeaderMap;
use url::Url;
use zeroize::Zeroizing;

use super::refusal::Refusal;
use super::{Verdict, header};
use crate::report::{Cause, Stage};
use crate::request::Request;
use crate::web::answer::{Answer, Content};
use crate::web::resource::Resource;

/// Of the service's protocol.
const VERSION: &str = "2021-12-02";
/// What is asked, as the address has it and as it is signed.
const LIST: [(&str, &str); 2] = [("comp", "list"), ("maxresults", "1")];

/// Who asks.
pub(super) enum Azure {
    /// An account, with its key.
    Account(String),
    /// Whoever has the address, until this time, in seconds since 1970.
    Signature { expires: Option<i64> },
}

impl Azure {
    /// And what is asked for.
    pub(super) fn of(request: &Request) -> Result<(Self, Resource), Cause> {
        if request.auth == "SAS" {
            return signature(request.secret("sasUri").ok_or(Cause::PasswordMissing)?);
        }
        let account = request.property("AccountName").ok_or(Cause::BadRequest)?;
        let protocol = request.property("DefaultEndpointsProtocol");
        let protocol = protocol.unwrap_or("https");
        let address = format!("{protocol}://{account}.blob.core.windows.net/");
        let mut url = Url::parse(&address).map_err(|_| Cause::BadRequest)?;
        url.query_pairs_mut().extend_pairs(LIST);
        let resource = Resource::at(url, Content::Xml)?;
        Ok((Self::Account(account.to_owned()), resource))
    }

    /// What belongs to the question.
    pub(super) fn headers(&self, request: &Request) -> Result<HeaderMap, Cause> {
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-version", header(VERSION)?);
        if let Self::Account(account) = self {
            let date = httpdate::fmt_http_date(SystemTime::now());
            let key = request.secret("AccountKey").ok_or(Cause::PasswordMissing)?;
            let signed = authorization(account, key, &date)?;
            headers.insert("x-ms-date", header(&date)?);
            headers.insert("authorization", header(&signed)?);
        }
        Ok(headers)
    }

    /// What the answer says.
    pub(super) fn judge(&self, answer: &Answer, refusal: &Refusal) -> Verdict {
        let at_login = |cause| Verdict::Refused(Stage::Authenticate, cause);
        let words = refusal.message.as_deref().unwrap_or_default();
        match refusal.code.as_str() {
            "AuthenticationFailed" | "InvalidAuthenticationInfo" => at_login(self.unproven()),
            // Of the network's rules; the emulator's word for a signature, too.
            "AuthorizationFailure" if words.contains("failed to authenticate") => {
                at_login(self.unproven())
            }
            "AuthorizationFailure" | "AuthorizationSourceIPMismatch" => {
                at_login(Cause::NotAdmitted)
            }
            "AuthorizationProtocolMismatch" | "AccountRequiresHttps" => {
                at_login(Cause::TlsRequired)
            }
            "AuthorizationPermissionMismatch"
            | "AuthorizationResourceTypeMismatch"
            | "AuthorizationServiceMismatch" => Verdict::Unlisted,
            "KeyBasedAuthenticationNotPermitted" => at_login(Cause::MethodOther),
            "AccountIsDisabled" => at_login(Cause::AccountLocked),
            "ServerBusy" => at_login(Cause::TooManyConnections),
            "ContainerNotFound" | "BlobNotFound" | "ShareNotFound" | "ResourceNotFound" => {
                Verdict::Refused(Stage::Query, Cause::NothingThere)
            }
            _ if answer.header("x-ms-request-id").is_none() => at_login(Cause::WrongContent),
            _ => match answer.judge(Content::Xml) {
                None => Verdict::Listed,
                Some(cause) => at_login(cause),
            },
        }
    }

    /// One answer for all that is wrong with a signature.
    fn unproven(&self) -> Cause {
        match self {
            Self::Signature {
                expires: Some(expires),
            } if *expires <= now() => Cause::SasExpired,
            _ => Cause::WrongKey,
        }
    }
}

/// What the address is for: a container, something in one, or all that the account has.
fn signature(address: &Secret) -> Result<(Azure, Resource), Cause> {
    // EXPOSE: it is asked for, over TLS.
    let mut url = Url::parse(address.expose()).map_err(|_| Cause::KeyGarbled)?;
    if url.scheme() != "https" {
        return Err(Cause::CleartextRefused);
    }
    url.set_fragment(None);
    let value = |name: &str| {
        let pair = url.query_pairs().find(|(found, _)| found == name);
        pair.map(|(_, value)| Zeroizing::new(value.into_owned()))
    };
    if value("sig").is_none() {
        return Err(Cause::KeyGarbled);
    }
    let expires = value("se").and_then(|time| seconds(&time));
    let is_of_account = value("ss").is_some();
    let is_of_container = value("sr").is_some_and(|kind| *kind == "c");
    let is_root = url.path() == "/";
    let is_of_table = url.host_str().is_some_and(|host| host.contains(".table."));
    if is_of_table && is_root {
        url.set_path("/Tables");
    } else if !is_of_table && (is_of_account || is_of_container) {
        let mut query = url.query_pairs_mut();
        if !is_root {
            query.append_pair("restype", "container");
        }
        query.extend_pairs(LIST);
    }
    let resource = Resource::at(url, Content::Xml)?;
    Ok((Azure::Signature { expires }, resource))
}

/// `2026-11-27T18:55:00Z`; to the minute, or the day alone.
fn seconds(time: &str) -> Option<i64> {
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;
    let whole = match time.len() {
        10 => format!("{time}T00:00:00Z"),
        17 => format!("{}:00Z", time.strip_suffix('Z')?),
        _ => time.to_owned(),
    };
    let read = OffsetDateTime::parse(&whole, &Rfc3339).ok()?;
    Some(read.unix_timestamp())
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// Shared Key: verb, eleven headers that are not there, the service's own headers, what is asked.
fn authorization(account: &str, key: &Secret, date: &str) -> Result<String, Cause> {
    // EXPOSE: what is asked is signed with it; it is not sent.
    let key = Base64::decode_vec(key.expose()).map(Zeroizing::new);
    let key = key.map_err(|_| Cause::KeyGarbled)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let [list, at_most] = LIST.map(|(name, value)| format!("{name}:{value}"));
    let signed = format!(
        "GET{}x-ms-date:{date}\nx-ms-version:{VERSION}\n/{account}/\n{list}\n{at_most}",
        "\n".repeat(12)
    );
    let signature = hmac::sign(&key, signed.as_bytes());
    let signature = Base64::encode_string(signature.as_ref());
    Ok(format!("SharedKey {account}:{signature}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_signature_have_three_forms() {
        for (time, expected) in [
            ("1970-01-02", Some(86400)),
            ("1970-01-01T00:01Z", Some(60)),
            ("1970-01-01T00:00:01Z", Some(1)),
            ("1970-01-01T00:00:01.5Z", Some(1)),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(time), expected, "{time}");
        }
    }

    #[test]
    fn what_is_asked_for_depends_on_what_was_signed() {
        let asked = |address: &str| {
            let found = signature(&Secret::new(address.to_owned()));
            found.map(|(_, resource)| resource.target.to_string())
        };
        let list = "comp=list&maxresults=1";
        for (address, expected) in [
            (
                "https://a.blob.x/?ss=b&sig=s",
                format!("/?ss=b&sig=s&{list}"),
            ),
            (
                "https://a.blob.x/c?ss=b&sig=s",
                format!("/c?ss=b&sig=s&restype=container&{list}"),
            ),
            (
                "https://a.blob.x/c?sr=c&sig=s",
                format!("/c?sr=c&sig=s&restype=container&{list}"),
            ),
            (
                "https://a.blob.x/c/b?sr=b&sig=s",
                "/c/b?sr=b&sig=s".to_owned(),
            ),
            (
                "https://a.table.x/?ss=t&sig=s",
                "/Tables?ss=t&sig=s".to_owned(),
            ),
        ] {
            assert_eq!(asked(address), Ok(expected), "{address}");
        }
        for (address, cause) in [
            ("http://a.blob.x/?ss=b&sig=s", Cause::CleartextRefused),
            ("https://a.blob.x/?ss=b", Cause::KeyGarbled),
            ("nonsense", Cause::KeyGarbled),
        ] {
            assert_eq!(asked(address), Err(cause), "{address}");
        }
    }
}
