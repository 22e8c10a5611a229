//! The gateway as its callers meet it.

mod scratch;

mod bodies;
mod connections;
mod envelopes;
mod headers;
mod hosts;
mod names;
mod processes;
mod tickets;
