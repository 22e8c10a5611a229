//! The languages that there are.

/// A language with its Fluent files.
#[derive(Debug, PartialEq, Eq)]
pub struct Locale {
    /// The language tag (RFC 5646), as in an element's `lang`.
    pub tag: &'static str,
    /// Its name for itself.
    pub name: &'static str,
    /// How its lines run, as in an element's `dir`.
    pub dir: &'static str,
    /// Its Fluent files, in the order of the English ones.
    pub files: [&'static str; 7],
}

/// English first: its files say which messages there are, and in which order.
pub const LOCALES: [Locale; 5] = [
    locale!("en", "English", "ltr"),
    locale!("de", "Deutsch", "ltr"),
    locale!("ja", "日本語", "ltr"),
    locale!("ar", "العربية", "rtl"),
    locale!("zh", "简体中文", "ltr"),
];

macro_rules! locale {
    ($tag:literal, $name:literal, $dir:literal) => {
        Locale {
            tag: $tag,
            name: $name,
            dir: $dir,
            files: [
                include_str!(concat!("../locales/", $tag, "/page.ftl")),
                include_str!(concat!("../locales/", $tag, "/trouble.ftl")),
                include_str!(concat!("../locales/", $tag, "/stores.ftl")),
                include_str!(concat!("../locales/", $tag, "/reading.ftl")),
                include_str!(concat!("../locales/", $tag, "/test.ftl")),
                include_str!(concat!("../locales/", $tag, "/frame.ftl")),
                include_str!(concat!("../locales/", $tag, "/cause.ftl")),
            ],
        }
    };
}
use locale;
