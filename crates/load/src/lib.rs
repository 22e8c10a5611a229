//! A real gateway process from outside, and what a load on it is made of. The benchmark and the torture share it; nothing that ships does.

pub mod issuer;

mod https_client;

pub mod gateway;

pub mod request;

pub use gateway::{Gateway, Installation, Serving};
pub use https_client::{Answer, Connection, Peer};
pub use issuer::Issuer;
pub use request::Request;
