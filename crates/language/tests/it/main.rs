//! The languages as programs and people get them.

mod compiled;
mod said_by_fluent;
mod spoken;
