//! The raw cryptographic operations, each behind a type that leaves no wrong order to call them in.

#[cfg(feature = "open")]
pub(crate) mod opening;
#[cfg(feature = "seal")]
pub(crate) mod sealing;

#[cfg(feature = "seal")]
pub(crate) use sealing::public_key;
