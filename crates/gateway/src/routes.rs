//! What each route does. Names and limits are checked before a handler runs or at its first line; the work is custody's.

pub mod credential;
pub mod description;
pub mod health;
pub mod linked_services;
pub mod page;
pub mod test;
pub mod ticket_status;

mod path;
mod sealed;
mod ticket;
