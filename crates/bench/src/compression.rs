//! The lengths that a browser would have to fetch.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Brotli's strongest setting, as for the page.
pub(crate) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters).context("brotli")?;
    Ok(compressed)
}

/// Gzip's strongest setting.
pub(crate) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).context("gzip")?;
    encoder.finish().context("gzip")
}

/// Writes a page file with its `.br` and `.gz` beside it, as the page's own build does.
pub(crate) fn write_precompressed(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let write = |path: &Path, content: &[u8]| {
        fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    write(&path, content)?;
    write(&folder.join(format!("{name}.br")), &brotli(content)?)?;
    write(&folder.join(format!("{name}.gz")), &gzip(content)?)
}
