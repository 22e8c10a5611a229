//! The credential gateway: publishes the key, opens envelopes, protects credentials at rest.
//!
//! Modules in reading order: what the administrator decides, how the gateway is reached, what is kept.

pub mod config;
pub mod data_folder;

pub mod cli;

pub mod server;
pub mod tls;

pub mod certificate;

pub mod router;
pub mod routes;

pub mod admission;
pub mod openapi;
pub mod problem;

pub mod headers;
mod languages;
pub mod metrics;
pub mod page_files;
pub mod telemetry;

pub mod credential_socket;
pub mod tester;

pub mod clock;
pub mod identity;
pub mod issuers;
pub mod keyring;
pub mod keys;
pub mod nodes;
pub mod vault;

pub mod audit;
pub mod store;

pub mod custody;

pub mod backup;
