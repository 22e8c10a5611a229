//! One error type per operation and audience. They carry evidence (which rule, which length, which position) and never
//! data (a name, a value, a piece of the input).

mod input;

mod key;

mod ticket;

mod envelope;

pub use envelope::{EnvelopeRejected, RejectReason};
#[cfg(feature = "seal")]
pub use envelope::{SealError, SelfTestFailed};
pub use input::{NameError, NameRule, NotUtf8};
pub use key::KeyRefusal;
#[cfg(feature = "open")]
pub use key::PrivateKeyError;
pub use ticket::{TicketError, TicketRefusal};
