//! Writes the catalogue as a JSON Schema: `cargo run -p linked-service --example schema -- FILE`.

use std::{env, fs, io};

mod document;
mod pattern;

fn main() -> io::Result<()> {
    let file = env::args_os().nth(1);
    let file = file.ok_or_else(|| io::Error::other("the path of the file to write is missing"))?;
    fs::write(file, document::text()?)
}
