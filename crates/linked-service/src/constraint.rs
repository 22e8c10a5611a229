//! What holds between the fields of one authentication type.

/// A rule over several fields.
#[derive(Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Exactly one of these fields has a value.
    ExactlyOne(&'static [&'static str]),
    /// These secrets are one thing in several parts: all are given or none, and all are replaced, kept or cleared
    /// in the same step.
    Together(&'static [&'static str]),
    /// The field must have a value where the condition holds.
    RequiredWhen(&'static str, Condition),
}

/// Something that can be true of a filled-in form.
#[derive(Debug, PartialEq, Eq)]
pub enum Condition {
    /// The field has this value.
    Is(&'static str, &'static str),
    /// The field has a value.
    Given(&'static str),
}

impl Condition {
    /// Whether it holds, given a way to look a property's value up.
    pub(crate) fn holds<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> bool {
        match self {
            Condition::Is(field, wanted) => value(field) == Some(wanted),
            Condition::Given(field) => value(field).is_some(),
        }
    }
}
