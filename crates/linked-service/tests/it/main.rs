//! The tables and what is written from them.

mod catalogue;
mod connection_string;
mod destination;
mod examples;
mod fields;
mod form;
mod golden;
mod pasted;
mod schema;
mod table;
mod trust;
mod written;
mod wrong;
