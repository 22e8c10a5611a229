//! The certificate that browsers are shown: made here under a private authority, or the administrator's own.
//!
//! Modules in reading order: which files it is in, what is in a certificate, whether it may be shown, how long it is good for; how
//! one is made; and what a running gateway does about all of that.

pub mod facts;
mod signature;
pub mod soundness;
pub mod source;
pub mod standing;

pub mod authority;
pub mod machine;
pub mod renewal;

pub mod care;

#[cfg(test)]
mod tests;
