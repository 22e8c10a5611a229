//! The tables and what is written from them.

mod catalogue;
mod connection_string;
mod destination;
mod examples;
mod fields;
mod form;
mod golden;
mod schema;
mod table;
mod wrong;
