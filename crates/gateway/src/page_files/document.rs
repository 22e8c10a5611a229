//! The page's documents, and what their files are called.

/// One of the page's documents, each in a file for every language: `index.html` in English, `index.de.html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The page in a window, served at `/` and `/set`.
    Window,
    /// The page in a portal's frame.
    Frame,
}

impl Document {
    const ALL: [Self; 2] = [Self::Window, Self::Frame];

    /// What the names of its files begin with.
    const fn stem(self) -> &'static str {
        match self {
            Self::Window => "index",
            Self::Frame => "frame",
        }
    }

    /// Its file in a language, or the English one.
    pub(super) fn file(self, tag: Option<&str>) -> String {
        match tag {
            Some(tag) => format!("{}.{tag}{HTML}", self.stem()),
            None => format!("{}{HTML}", self.stem()),
        }
    }

    /// The language of its file with this name; none for the English one.
    pub(super) fn language_of(self, name: &str) -> Option<Option<&str>> {
        let rest = name.strip_prefix(self.stem())?.strip_suffix(HTML)?;
        match rest {
            "" => Some(None),
            rest => rest.strip_prefix('.').map(Some),
        }
    }
}

/// What the names of documents end with.
const HTML: &str = ".html";

/// Whether a document has this name.
pub(super) fn is_document(name: &str) -> bool {
    let mut all = Document::ALL.into_iter();
    all.any(|document| document.language_of(name).is_some())
}
