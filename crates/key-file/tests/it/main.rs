//! Real files of real programs, as they are and as people paste them.

mod files;

mod recognised;

mod mangled;
mod passphrase;
mod pfx;

mod hostile;
mod wrong;
