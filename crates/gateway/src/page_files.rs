//! The built page, read into memory at start: nothing that is asked for later can name another file.
//!
//! Files are served as they were built, precompressed where `<file>.br` or `<file>.gz` lies beside them.

mod document;
mod encoding;
mod media;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use axum::body::{Body, Bytes};
use axum::response::Response;
use base64ct::{Base64UrlUnpadded, Encoding};

use envelope::page_hash;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, response};

use crate::headers::PAGE_CSP;
use crate::languages::Languages;
pub use document::Document;
use document::is_document;
use encoding::{Coding, choose};

/// What a page folder may hold, all files together. In bytes.
const MAX_FOLDER_BYTES: u64 = 64 << 20;

/// Every file of the page, by its path below the folder.
#[derive(Default)]
pub struct PageFiles {
    files: HashMap<String, PageFile>,
    languages: Languages,
    hash: Option<String>,
}

/// One file in its encodings.
pub struct PageFile {
    media_type: &'static str,
    cache: &'static str,
    /// The request's fields that decide what is answered (RFC 9110 §12.5.5).
    varies_by: &'static str,
    /// Base64url of the SHA-256 of the unencoded content.
    digest: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// Why the page cannot be served. Each sentence names the folder or file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum PageFilesError {
    /// A file or folder cannot be read.
    #[error("the page file {} cannot be read ({source}); build the page with `cargo xtask page` or correct `page` in gateway.toml", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no page in the folder.
    #[error("the page folder {} has no index.html; build the page with `cargo xtask page` or correct `page` in gateway.toml", .0.display())]
    NoIndex(PathBuf),
    /// The folder is not a page: far too much is in it.
    #[error("the page folder {} holds more than 64 MiB; `page` in gateway.toml must name the folder of the built page alone", .0.display())]
    TooLarge(PathBuf),
}

impl PageFiles {
    /// Reads a folder with all its sub-folders; names that begin with a dot are left out.
    ///
    /// # Errors
    /// See [`PageFilesError`].
    pub fn load(folder: &Path) -> Result<Self, PageFilesError> {
        let mut contents = HashMap::new();
        let mut room = MAX_FOLDER_BYTES;
        read_folder(folder, "", &mut contents, &mut room).map_err(|error| match error {
            ReadFault::Io(path, source) => PageFilesError::Unreadable { path, source },
            ReadFault::TooLarge => PageFilesError::TooLarge(folder.to_owned()),
        })?;
        if !contents.contains_key(&Document::Window.file(None)) {
            return Err(PageFilesError::NoIndex(folder.to_owned()));
        }
        let is_encoding_of_another = |name: &str| {
            [".br", ".gz"].iter().any(|end| {
                name.strip_suffix(end)
                    .is_some_and(|plain| contents.contains_key(plain))
            })
        };
        let files = contents
            .iter()
            .filter(|(name, _)| !is_encoding_of_another(name))
            .map(|(name, plain)| {
                let encoded = |end: &str| contents.get(&format!("{name}{end}")).cloned();
                (
                    name.clone(),
                    PageFile::new(name, plain.clone(), encoded(".br"), encoded(".gz")),
                )
            })
            .collect::<HashMap<_, _>>();
        let languages = files
            .keys()
            .filter_map(|name| Document::Window.language_of(name)?);
        let languages = Languages::new(languages);
        let plain = files
            .iter()
            .map(|(name, file)| (name.as_str(), &*file.plain));
        let hash = page_hash(plain);
        Ok(Self {
            files,
            languages,
            hash,
        })
    }

    /// Which page it is, for receipts; none if there is none.
    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// A document in the language that is asked for, if there is a page at all. `query` is that of the address, whose `lang` comes
    /// before what the browser prefers.
    #[must_use]
    pub fn document(
        &self,
        document: Document,
        query: Option<&str>,
        request: &HeaderMap,
    ) -> Option<&PageFile> {
        let translation = self
            .languages
            .choose(query, request)
            .and_then(|tag| self.files.get(&document.file(Some(&tag))));
        translation.or_else(|| self.files.get(&document.file(None)))
    }

    /// A file that a document loads, by its path without the leading slash. The documents themselves are none of them: they are
    /// served only where their headers are right.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&PageFile> {
        self.files.get(path).filter(|_| !is_document(path))
    }

    /// How many files there are, encodings not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl PageFile {
    fn new(name: &str, plain: Bytes, brotli: Option<Bytes>, gzip: Option<Bytes>) -> Self {
        Self {
            media_type: media::media_type(name),
            cache: media::cache_control(name),
            varies_by: if is_document(name) {
                "accept-encoding, accept-language"
            } else {
                "accept-encoding"
            },
            digest: Base64UrlUnpadded::encode_string(
                digest::digest(&digest::SHA256, &plain).as_ref(),
            ),
            plain,
            brotli,
            gzip,
        }
    }

    /// The answer to a GET with these headers: the smallest encoding that the client takes (RFC 9110 §12.5.3), or 304 if it
    /// has that one already (§13.1.2).
    #[must_use]
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let offered = |coding| match coding {
            Coding::Brotli => self.brotli.as_ref(),
            Coding::Gzip => self.gzip.as_ref(),
            Coding::Identity => Some(&self.plain),
        };
        let coding = choose(request, |coding| offered(coding).is_some());
        let body = offered(coding).unwrap_or(&self.plain);
        // One tag per encoding: a strong validator names bytes, not meaning (RFC 9110 §8.8.3).
        let etag = format!("\"{}{}\"", self.digest, coding.etag_suffix());
        let mut builder = Response::builder()
            .header(header::VARY, HeaderValue::from_static(self.varies_by))
            .header(header::CACHE_CONTROL, HeaderValue::from_static(self.cache))
            .header(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(PAGE_CSP),
            )
            .header(header::ETAG, &etag);
        if request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .any(|value| names_tag(value, &etag))
        {
            return finish(builder.status(StatusCode::NOT_MODIFIED), Body::empty());
        }
        if let Some(name) = coding.name() {
            builder = builder.header(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        finish(
            builder.header(
                header::CONTENT_TYPE,
                HeaderValue::from_static(self.media_type),
            ),
            Body::from(body.clone()),
        )
    }

    /// [`PageFile::answer`] in a browsing context group of its own: no opener can reach the window.
    #[must_use]
    pub fn answer_isolated(&self, request: &HeaderMap) -> Response {
        let mut response = self.answer(request);
        response.headers_mut().insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
        response
    }
}

fn finish(builder: response::Builder, body: Body) -> Response {
    // Every header above is static or base64url, so that the builder has nothing to refuse.
    builder.body(body).unwrap_or_default()
}

/// Weak comparison, as If-None-Match wants it (RFC 9110 §13.1.2).
fn names_tag(value: &HeaderValue, etag: &str) -> bool {
    value.to_str().is_ok_and(|list| {
        list.split(',')
            .map(str::trim)
            .any(|item| item == "*" || item.strip_prefix("W/").unwrap_or(item) == etag)
    })
}

enum ReadFault {
    Io(PathBuf, std::io::Error),
    TooLarge,
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    contents: &mut HashMap<String, Bytes>,
    room: &mut u64,
) -> Result<(), ReadFault> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| ReadFault::Io(path, source)
    };
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let Some(name) = path
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|name| !name.starts_with('.'))
        else {
            continue;
        };
        let name = format!("{prefix}{name}");
        let metadata = fs::metadata(&path).map_err(at(&path))?;
        if metadata.is_dir() {
            read_folder(&path, &format!("{name}/"), contents, room)?;
        } else {
            *room = room
                .checked_sub(metadata.len())
                .ok_or(ReadFault::TooLarge)?;
            contents.insert(name, fs::read(&path).map_err(at(&path))?.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
