//! `.br` and `.gz` beside each file, made once as small as they can be, so that serving costs nothing.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use brotlic::{
    BlockSize, BrotliEncoderOptions, CompressorWriter, IntoInnerError, Quality, WindowSize,
};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::assembly;

/// What the names of compressed files end with.
const ENDINGS: [&str; 2] = ["br", "gz"];

/// Whether a file is the compressed form of another.
pub fn is_compressed(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

/// Compresses every file below `folder` both ways; a result that is not smaller is not kept.
///
/// # Errors
/// When a file cannot be read or written.
pub fn compress_folder(folder: &Path) -> Result<()> {
    for file in assembly::files(folder)? {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.to_string_lossy();
        let compressed = [brotli(&content)?, gzip(&content)?];
        for (ending, compressed) in ENDINGS.into_iter().zip(compressed) {
            if compressed.len() < content.len() {
                fs::write(format!("{name}.{ending}"), compressed)?;
            }
        }
    }
    Ok(())
}

/// Settings that are tried, by the names of RFC 7932: the base-2 logarithm of the block size and the number of direct distance codes. The
/// first leaves both to the encoder, which guesses well; the second was the best for the page's program, of a hundred.
const SETTINGS: [Option<(u8, u32)>; 2] = [None, Some((16, 1))];

/// Brotli at quality 11 with the largest ordinary window, by the reference encoder, which is some bytes better than its translations.
///
/// # Errors
/// None in practice: it writes to memory.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut smallest: Option<Vec<u8>> = None;
    for setting in SETTINGS {
        let mut options = BrotliEncoderOptions::new();
        options
            .quality(Quality::best())
            .window_size(WindowSize::best());
        if let Some((block_size, direct_distances)) = setting {
            options
                .block_size(BlockSize::new(block_size)?)
                .direct_distance_codes(direct_distances);
        }
        let mut encoder = CompressorWriter::with_encoder(options.build()?, Vec::new());
        encoder.write_all(content)?;
        let compressed = encoder.into_inner().map_err(IntoInnerError::into_error)?;
        if smallest
            .as_ref()
            .is_none_or(|least| compressed.len() < least.len())
        {
            smallest = Some(compressed);
        }
    }
    Ok(smallest.unwrap_or_default())
}

/// Gzip at level 9.
///
/// # Errors
/// None in practice: it writes to memory.
pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn both_encodings_come_back() {
        let content = b"credential ".repeat(1000);
        let (mut from_brotli, mut from_gzip) = (Vec::new(), Vec::new());
        let encoded = brotli(&content).expect("encodes");
        brotlic::DecompressorReader::new(&encoded[..])
            .read_to_end(&mut from_brotli)
            .expect("decodes");
        let encoded = gzip(&content).expect("encodes");
        flate2::read::GzDecoder::new(&encoded[..])
            .read_to_end(&mut from_gzip)
            .expect("decodes");
        assert!(from_brotli == content && from_gzip == content);
    }

    #[test]
    fn what_does_not_shrink_is_not_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), "a").expect("written");
        fs::write(folder.path().join("b.txt"), "b".repeat(500)).expect("written");
        compress_folder(folder.path()).expect("compresses");
        let exists = |name: &str| folder.path().join(name).exists();
        assert!(
            !exists("a.txt.br") && !exists("a.txt.gz") && exists("b.txt.br") && exists("b.txt.gz")
        );
    }
}
