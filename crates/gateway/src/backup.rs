//! Backup and restore.

pub mod age;
