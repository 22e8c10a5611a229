//! The tables and what is written from them.

mod catalogue;
mod connection_string;
mod destination;
mod fields;
mod form;
mod golden;
mod pasted;
mod written;
