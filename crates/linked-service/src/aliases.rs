//! Other spellings of a field's name.

/// Documented spellings that are read and never written. A program that does not read what others wrote does without them: they are
/// there with the feature `reading` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aliases {
    #[cfg(feature = "reading")]
    spellings: &'static [&'static str],
}

/// These.
pub(crate) const fn aliases(spellings: &'static [&'static str]) -> Aliases {
    #[cfg(not(feature = "reading"))]
    let _ = spellings;
    Aliases {
        #[cfg(feature = "reading")]
        spellings,
    }
}

impl Aliases {
    /// All of them; none without the feature.
    pub fn all(self) -> &'static [&'static str] {
        #[cfg(feature = "reading")]
        return self.spellings;
        #[cfg(not(feature = "reading"))]
        &[]
    }
}
