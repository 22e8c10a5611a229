//! Basic (RFC 7617) and Digest (RFC 7616).

use base64ct::{Base64, Encoding as _};
use envelope::Secret;
use http::header::HeaderValue;
use http_auth::{ChallengeRef, DigestClient, PasswordParams};
use zeroize::Zeroizing;

use super::answer::Answer;
use super::resource::Resource;
use crate::report::Cause;
use crate::request::Request;

/// As whom to sign in.
pub(super) enum Login<'a> {
    /// As nobody; or by something else than a password.
    Anonymous,
    Basic(Account<'a>),
    Digest(Account<'a>),
    #[cfg(feature = "ntlm")]
    Windows(Account<'a>),
}

pub(super) struct Account<'a> {
    pub(super) user: &'a str,
    pub(super) password: Option<&'a Secret>,
}

impl<'a> Login<'a> {
    pub(super) fn of(request: &'a Request) -> Result<Self, Cause> {
        let account = || {
            let user = request
                .property("userName")
                .or_else(|| request.property("username"));
            let user = user.ok_or(Cause::BadRequest)?;
            // RFC 7617, section 2: a colon would begin the password.
            if user.contains(':') || user.chars().any(char::is_control) {
                return Err(Cause::BadRequest);
            }
            let password = request.secret("password");
            Ok(Account { user, password })
        };
        match request.auth.as_str() {
            "Basic" => account().map(Self::Basic),
            "Digest" => account().map(Self::Digest),
            #[cfg(feature = "ntlm")]
            "Windows" => account().map(Self::Windows),
            _ => Ok(Self::Anonymous),
        }
    }

    pub(super) fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }

    /// The answer to what the server asks.
    pub(super) fn respond(
        &self,
        answer: &Answer,
        resource: &Resource,
    ) -> Result<HeaderValue, Cause> {
        for text in answer.challenges() {
            let challenges = http_auth::parse_challenges(text).unwrap_or_default();
            let is = |scheme: &str| {
                challenges
                    .iter()
                    .find(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme))
            };
            match self {
                Self::Basic(account) if is("Basic").is_some() => {
                    if !resource.is_encrypted() {
                        return Err(Cause::CleartextRefused);
                    }
                    return account.basic();
                }
                Self::Digest(account) => {
                    if let Some(challenge) = is("Digest") {
                        return account.digest(challenge, resource);
                    }
                }
                _ => {}
            }
        }
        Err(Cause::MethodOther)
    }

    /// What may be sent to a server that has not asked: nothing that others could read.
    pub(super) fn unasked(&self, resource: &Resource) -> Option<HeaderValue> {
        match self {
            Self::Basic(account) if resource.is_encrypted() => account.basic().ok(),
            _ => None,
        }
    }
}

impl Account<'_> {
    fn basic(&self) -> Result<HeaderValue, Cause> {
        let password = self.password.ok_or(Cause::PasswordMissing)?;
        // EXPOSE: the data store is told it, over TLS.
        let both = Zeroizing::new(format!("{}:{}", self.user, password.expose()));
        let encoded = Zeroizing::new(Base64::encode_string(both.as_bytes()));
        sensitive(&Zeroizing::new(format!("Basic {}", *encoded)))
    }

    fn digest(
        &self,
        challenge: &ChallengeRef<'_>,
        resource: &Resource,
    ) -> Result<HeaderValue, Cause> {
        let password = self.password.ok_or(Cause::PasswordMissing)?;
        let mut client = DigestClient::try_from(challenge).map_err(|_| Cause::MethodUnknown)?;
        let uri = resource.target.to_string();
        let response = client.respond(&PasswordParams {
            username: self.user,
            // EXPOSE: the data store is shown a digest of it.
            password: password.expose(),
            uri: &uri,
            method: "GET",
            body: Some(&[]),
        });
        sensitive(&response.map_err(|_| Cause::MethodUnknown)?)
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, Cause> {
    let mut value = HeaderValue::from_str(text).map_err(|_| Cause::BadRequest)?;
    value.set_sensitive(true);
    Ok(value)
}
