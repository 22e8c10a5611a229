//! Tries a credential at its data store and reports stage by stage: in a process of its own, without the gateway's keys, within limits.

pub mod report;

pub mod policy;

pub mod request;

mod resolve;

mod connect;

pub use request::Request;
