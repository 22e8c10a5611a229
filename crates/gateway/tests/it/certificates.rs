//! The certificate that is shown: what is refused, what a running gateway notices, what callers meet meanwhile.

mod care;
pub(crate) mod forge;
mod soundness;
mod swaps;
