//! What the page and the modules beside it exchange. A module has a memory of its own and no imports; the page writes into that
//! memory, has the module read it, and takes the answer out.
//!
//! How the page calls a module (`src/reader_module.rs`):
//! 1. `reader_room(length)` gives the address of that many bytes; the page writes what it asks there.
//! 2. `reader_read()` reads it and gives the address of the answer, `reader_answer_length()` its length.
//! 3. `reader_wipe()` forgets both.
//!
//! [`memory`] is what stands behind these four; [`key_file`] is what is asked and answered about a key file.

pub mod memory;

pub mod key_file;
