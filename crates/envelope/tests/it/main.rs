//! The crate from outside: what is sealed opens, what is altered does not, and other JOSE libraries agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, in the functions it calls too"
)]

mod forgery;
mod sample;

mod binding;
mod interop;
mod lengths;
mod malformed;
mod members;
mod mutants;
mod other_algorithms;
mod round_trip;
mod secrecy;
mod wiping;
