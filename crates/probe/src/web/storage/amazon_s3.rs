//! Amazon S3: the list of the account's buckets, signed as AWS Signature Version 4 says.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use http::header::{HeaderMap, HeaderName};
use url::Url;

use super::refusal::Refusal;
use super::{Verdict, header};
use crate::report::{Cause, Stage};
use crate::request::{AMAZON_S3, Request};
use crate::web::answer::{Answer, Content};
use crate::web::resource::Resource;

/// Where lists of buckets are, whichever region a bucket is in.
const REGION: &str = "us-east-1";

fn address() -> String {
    format!("https://{AMAZON_S3}/")
}

/// What is asked for.
pub(super) fn buckets() -> Result<Resource, Cause> {
    let url = Url::parse(&address()).map_err(|_| Cause::BadRequest)?;
    Resource::at(url, Content::Buckets)
}

/// The signature. The secret itself is not sent.
pub(super) fn headers(request: &Request) -> Result<HeaderMap, Cause> {
    let id = request.property("accessKeyID").ok_or(Cause::BadRequest)?;
    let secret = request.secret("secretAccessKey");
    let secret = secret.ok_or(Cause::PasswordMissing)?;
    // EXPOSE: what is asked is signed with it; it is not sent.
    let credentials = Credentials::new(id, secret.expose(), None, None, "credential");
    let identity = credentials.into();
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let parameters = SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("s3")
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .map_err(|_| Cause::BadRequest)?;
    let no_headers = std::iter::empty::<(&str, &str)>();
    let asked = SignableRequest::new("GET", address(), no_headers, SignableBody::Bytes(&[]));
    let signed = sign(asked.map_err(|_| Cause::BadRequest)?, &parameters.into());
    let (signed, _) = signed.map_err(|_| Cause::BadRequest)?.into_parts();
    let mut headers = HeaderMap::new();
    for (name, value) in signed.headers() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Cause::BadRequest)?;
        headers.insert(name, header(value)?);
    }
    Ok(headers)
}

/// What the answer says.
pub(super) fn judge(answer: &Answer, refusal: &Refusal) -> Verdict {
    let at_login = |cause| Verdict::Refused(Stage::Authenticate, cause);
    match refusal.code.as_str() {
        "InvalidAccessKeyId" => at_login(Cause::AccessKeyUnknown),
        "SignatureDoesNotMatch" => at_login(Cause::WrongKey),
        "RequestTimeTooSkewed" => at_login(Cause::ClockWrong),
        "AccountProblem" | "NotSignedUp" => at_login(Cause::AccountLocked),
        "SlowDown" => at_login(Cause::TooManyConnections),
        // It is said to an account whose signature is right.
        "AccessDenied" => Verdict::Unlisted,
        _ => match answer.judge(Content::Buckets) {
            None => Verdict::Listed,
            Some(cause) => at_login(cause),
        },
    }
}
