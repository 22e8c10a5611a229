//! One Fluent pattern as a line.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement, VariantKey};

/// A language's terms by name.
pub(super) type Terms<'r> = BTreeMap<&'r str, &'r Pattern<&'static str>>;

/// A line, and which variables stand in it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) variables: BTreeSet<String>,
}

impl Line {
    /// The line for a pattern; the sentence, where it says more than a line can hold.
    pub(super) fn of(
        pattern: &Pattern<&'static str>,
        terms: &Terms<'_>,
        dir: &str,
    ) -> Result<Line, String> {
        let mut variables = BTreeSet::new();
        collect(pattern, terms, &mut variables)?;
        let writer = Writer {
            terms,
            variables: variables.iter().cloned().collect(),
            isolating: dir == "rtl",
        };
        let mut text = String::new();
        writer.write(pattern, &mut text)?;
        Ok(Line { text, variables })
    }
}

/// The names of the variables.
fn collect(
    pattern: &Pattern<&'static str>,
    terms: &Terms<'_>,
    variables: &mut BTreeSet<String>,
) -> Result<(), String> {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                variables.insert(id.name.to_owned());
            }
            Expression::Inline(InlineExpression::TermReference { id, .. }) => {
                collect(term(terms, id.name)?, terms, variables)?;
            }
            Expression::Inline(_) => {}
            Expression::Select { selector, variants } => {
                if let InlineExpression::VariableReference { id } = selector {
                    variables.insert(id.name.to_owned());
                }
                for variant in variants {
                    collect(&variant.value, terms, variables)?;
                }
            }
        }
    }
    Ok(())
}

fn term<'r>(terms: &Terms<'r>, name: &str) -> Result<&'r Pattern<&'static str>, String> {
    terms
        .get(name)
        .copied()
        .ok_or_else(|| format!("there is no term -{name}"))
}

struct Writer<'t> {
    terms: &'t Terms<'t>,
    variables: Vec<String>,
    /// Whether what stands in the place of a variable is isolated: it may run the other way (UAX #9).
    isolating: bool,
}

impl Writer<'_> {
    fn write(&self, pattern: &Pattern<&'static str>, out: &mut String) -> Result<(), String> {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => write_text(value, out)?,
                PatternElement::Placeable { expression } => {
                    self.write_placeable(expression, out)?;
                }
            }
        }
        Ok(())
    }

    fn write_placeable(
        &self,
        expression: &Expression<&'static str>,
        out: &mut String,
    ) -> Result<(), String> {
        match expression {
            Expression::Inline(InlineExpression::StringLiteral { value }) => write_text(value, out),
            Expression::Inline(InlineExpression::TermReference {
                id,
                attribute: None,
                arguments: None,
            }) => self.write(term(self.terms, id.name)?, out),
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                let place = self.place(id.name)?;
                out.push_str(&if self.isolating {
                    format!("\u{2068}{{{place}}}\u{2069}")
                } else {
                    format!("{{{place}}}")
                });
                Ok(())
            }
            Expression::Select {
                selector: InlineExpression::VariableReference { id },
                variants,
            } => {
                out.push_str(&format!("{{{}", self.place(id.name)?));
                // What holds otherwise comes last, wherever it stands in the file.
                let in_order = variants
                    .iter()
                    .filter(|variant| !variant.default)
                    .chain(variants.iter().filter(|variant| variant.default));
                for variant in in_order {
                    let key = match &variant.key {
                        VariantKey::Identifier { name } => (*name).to_owned(),
                        VariantKey::NumberLiteral { value } => format!("={value}"),
                    };
                    let mut line = String::new();
                    self.write(&variant.value, &mut line)?;
                    if line.contains('|') {
                        return Err("a variant may hold neither | nor another choice".to_owned());
                    }
                    out.push_str(&format!("|{key}:{line}"));
                }
                out.push('}');
                Ok(())
            }
            _ => Err(
                "only variables, choices by a variable, terms and strings can be placed".to_owned(),
            ),
        }
    }

    fn place(&self, name: &str) -> Result<usize, String> {
        let place = self.variables.iter().position(|variable| variable == name);
        match place {
            Some(place) if place < 10 => Ok(place),
            _ => Err("more than ten variables".to_owned()),
        }
    }
}

fn write_text(text: &str, out: &mut String) -> Result<(), String> {
    if text.contains(['{', '}']) {
        return Err("a line cannot hold a brace as text".to_owned());
    }
    // A text of several lines is one paragraph.
    out.push_str(&text.replace('\n', " "));
    Ok(())
}
