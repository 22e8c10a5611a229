//! Templates: `@WASM_URL@` and its like in boot.js and index.html.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// The values of marks, by name without the at signs.
pub type Marks = BTreeMap<&'static str, String>;

/// `template` with every mark replaced by its value.
///
/// # Errors
/// When the template has a mark without a value, or lacks one of `required`: a page that forgets an integrity is worse than none.
pub fn stamp(file: &str, template: &str, marks: &Marks, required: &[&str]) -> Result<String> {
    if let Some(missing) = required
        .iter()
        .find(|name| !template.contains(&format!("@{name}@")))
    {
        bail!("{file} lacks the mark @{missing}@");
    }
    let mut stamped = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, name, after)) = next_mark(rest) {
        let Some(value) = marks.get(name) else {
            bail!("{file} has the mark @{name}@, which nothing is known for");
        };
        stamped.push_str(before);
        stamped.push_str(value);
        rest = after;
    }
    stamped.push_str(rest);
    Ok(stamped)
}

/// Without what is not for the reader of the served page: comments, indentation, and the links that only Trunk reads.
pub fn as_served(html: &str) -> String {
    let mut served = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, comment)) = rest.split_once("<!--") {
        served.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    served.push_str(rest);
    let is_needed =
        |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("<link data-trunk");
    // Line ends stay: between words of a text, one is a space like any other.
    let lines = served.split_inclusive('\n').filter(is_needed);
    lines.map(str::trim_start).collect()
}

/// Splits at the first mark: what is before it, its name, what is after it.
fn next_mark(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find('@')?;
        let name = &text[start + 1..];
        let length = name
            .find(|c: char| !(c.is_ascii_uppercase() || c == '_'))
            .unwrap_or(name.len());
        if length > 0 && name[length..].starts_with('@') {
            return Some((&text[..start], &name[..length], &name[length + 1..]));
        }
        from = start + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        Marks::from([
            ("WASM_URL", "/static/a.wasm".to_owned()),
            ("GLUE_URL", "/static/a.js".to_owned()),
        ])
    }

    #[test]
    fn every_mark_is_replaced() {
        let stamped = stamp(
            "boot.js",
            "f('@WASM_URL@', '@GLUE_URL@', '@WASM_URL@')",
            &marks(),
            &["GLUE_URL"],
        );
        assert_eq!(
            stamped.ok().as_deref(),
            Some("f('/static/a.wasm', '/static/a.js', '/static/a.wasm')")
        );
    }

    #[test]
    fn at_signs_of_other_meaning_stay() {
        let css = "@media (x) { } /* a@b.example, @@, @ @ */ @";
        assert_eq!(
            stamp("setter.css", css, &marks(), &[]).ok().as_deref(),
            Some(css)
        );
    }

    #[test]
    fn a_mark_without_value_and_a_missing_mark_are_errors() {
        let unknown =
            stamp("boot.js", "@WASM_INTEGRITY@", &marks(), &[]).map_err(|error| error.to_string());
        assert_eq!(
            unknown,
            Err("boot.js has the mark @WASM_INTEGRITY@, which nothing is known for".to_owned())
        );
        let missing = stamp("boot.js", "@WASM_URL@", &marks(), &["GLUE_URL"])
            .map_err(|error| error.to_string());
        assert_eq!(missing, Err("boot.js lacks the mark @GLUE_URL@".to_owned()));
    }

    #[test]
    fn comments_indentation_and_lines_for_trunk_are_left_out() {
        let html = "<head>\n  <!-- one\n  two -->\n  <link data-trunk rel=\"rust\">\n  <a> <!-- b --> c\n</head>\n";
        assert_eq!(as_served(html), "<head>\n<a>  c\n</head>\n");
    }
}
