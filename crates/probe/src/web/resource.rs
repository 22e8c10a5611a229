//! What is asked for.

use http::Uri;
use url::Url;

use super::answer::Content;
use crate::report::Cause;
use crate::request::Request;

/// A URL, in the parts that a request has.
pub(super) struct Resource {
    url: Url,
    /// Path and query.
    pub(super) target: Uri,
    /// Name and, unless it is the usual one, port.
    pub(super) authority: String,
    /// What has to come.
    pub(super) content: Content,
}

impl Resource {
    pub(super) fn of(request: &Request) -> Result<Self, Cause> {
        let text = request.property("url").ok_or(Cause::BadRequest)?;
        let mut url = Url::parse(text).map_err(|_| Cause::BadRequest)?;
        let has_credential = !url.username().is_empty() || url.password().is_some();
        if !matches!(url.scheme(), "http" | "https") || has_credential {
            return Err(Cause::BadRequest);
        }
        url.set_fragment(None);
        let content = match request.kind.as_str() {
            "Hdfs" => Content::WebHdfs,
            "OData" => Content::OData,
            _ => Content::Any,
        };
        if matches!(content, Content::WebHdfs) {
            let mut query = url.query_pairs_mut();
            query.append_pair("op", "GETHOMEDIRECTORY");
            if let Some(user) = request.property("userName") {
                query.append_pair("user.name", user);
            }
        }
        Self::at(url, content)
    }

    /// What has this address.
    pub(super) fn at(url: Url, content: Content) -> Result<Self, Cause> {
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let host = url.host_str().ok_or(Cause::BadHost)?;
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self {
            target: target.parse().map_err(|_| Cause::BadRequest)?,
            authority,
            content,
            url,
        })
    }

    /// Whether the URL asks for TLS.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }
}
