//! `cargo xtask`: everything that a developer does with this project, on a machine that has only rustup, Debian and
//! the package registries. See `main.rs` for the commands.

pub mod workspace;

pub mod setup;

pub mod page;

pub mod programs;

pub mod package;
pub mod reproduce;

pub mod run;

pub mod test;

pub mod tidy;

pub mod bench;
pub mod fuzz;
pub mod timing;
pub mod torture;

pub mod lockfile;
pub mod process;
pub mod terminal;
