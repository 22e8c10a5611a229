//! What an answer means.

use http::header::{self, HeaderMap, HeaderValue};
use http::{StatusCode, Uri};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::report::{Cause, Halt, Scrubber};

/// What has to come from a resource of this kind.
#[derive(Clone, Copy)]
pub(super) enum Content {
    /// Whatever it is.
    Any,
    /// A service document.
    OData,
    /// The path of a home directory.
    WebHdfs,
    /// A folder's files, as WebHDFS lists them.
    Files,
    /// A document of Azure Storage.
    Xml,
    /// A list of buckets.
    #[cfg(feature = "s3")]
    Buckets,
}

impl Content {
    pub(super) fn accepted(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Any => "*/*",
            Self::OData => "application/json, application/atomsvc+xml;q=0.9, application/xml;q=0.8",
            Self::WebHdfs | Self::Files => "application/json",
            Self::Xml => "application/xml",
            #[cfg(feature = "s3")]
            Self::Buckets => "application/xml",
        })
    }
}

/// An answer, and the beginning of its body.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    body: Zeroizing<Vec<u8>>,
}

impl Answer {
    pub(super) fn new(status: StatusCode, headers: HeaderMap, body: Zeroizing<Vec<u8>>) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The beginning of its body.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// What the server asks for, one text for each line of its head.
    pub(super) fn challenges(&self) -> impl Iterator<Item = &str> {
        let all = self.headers.get_all(header::WWW_AUTHENTICATE).iter();
        all.filter_map(|value| value.to_str().ok())
    }

    /// Whether it is what was wanted: `None`, or the cause.
    pub(super) fn judge(&self, content: Content) -> Option<Cause> {
        match self.status {
            status if status.is_success() => (!self.is(content)).then_some(Cause::WrongContent),
            status if status.is_redirection() => Some(Cause::Redirected),
            StatusCode::NOT_FOUND | StatusCode::GONE => Some(Cause::NothingThere),
            StatusCode::TOO_MANY_REQUESTS => Some(Cause::TooManyConnections),
            StatusCode::SERVICE_UNAVAILABLE => Some(Cause::NotReady),
            _ => Some(Cause::StoreRefused),
        }
    }

    /// The cause with the status; and with the server's words, where they are few.
    pub(super) fn halt(&self, cause: Cause, scrubber: &Scrubber) -> Halt {
        let said = match cause {
            Cause::Redirected => self.elsewhere(),
            _ => self.message(),
        };
        self.halt_saying(cause, said, scrubber)
    }

    /// Another way to log in is wanted: which.
    pub(super) fn halt_offering(&self, scrubber: &Scrubber) -> Halt {
        let mut schemes = Vec::new();
        for challenge in self.challenges() {
            let parsed = http_auth::parse_challenges(challenge).unwrap_or_default();
            schemes.extend(parsed.iter().map(|challenge| challenge.scheme));
        }
        let said = Some(schemes.join(", ")).filter(|said| !said.is_empty());
        self.halt_saying(Cause::MethodOther, said, scrubber)
    }

    fn halt_saying(&self, cause: Cause, said: Option<String>, scrubber: &Scrubber) -> Halt {
        Halt {
            code: Some(scrubber.scrub(self.status.as_str())),
            said: said.map(|said| scrubber.scrub(&said)),
            ..Halt::from(cause)
        }
    }

    fn is(&self, content: Content) -> bool {
        let holds = |text: &str| {
            self.body
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        match content {
            Content::Any | Content::Xml => true,
            Content::OData => {
                let has_version = ["odata-version", "dataserviceversion"]
                    .iter()
                    .any(|name| self.headers.contains_key(*name));
                has_version
                    || holds("@odata.context")
                    || holds("odata.metadata")
                    || holds("<service")
            }
            #[cfg(feature = "s3")]
            Content::Buckets => holds("<ListAllMyBucketsResult"),
            Content::Files => self
                .json()
                .is_some_and(|json| json["FileStatuses"]["FileStatus"].is_array()),
            Content::WebHdfs => self.json().is_some_and(|json| json["Path"].is_string()),
        }
    }

    /// The server that it sends to, and no more of the address: the rest may be anything.
    fn elsewhere(&self) -> Option<String> {
        let location = self.headers.get(header::LOCATION)?.to_str().ok()?;
        let uri: Uri = location.parse().ok()?;
        uri.host().map(str::to_owned)
    }

    /// As WebHDFS and OData word their refusals.
    fn message(&self) -> Option<String> {
        let json = self.json()?;
        let places = [
            &json["RemoteException"]["message"],
            &json["error"]["message"],
            &json["error"]["message"]["value"],
        ];
        let mut texts = places.into_iter().filter_map(Value::as_str);
        texts.next().map(str::to_owned)
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}
