//! The key that signs the portal's tickets (Ed25519), and the folder it is kept in.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64ct::{Base64, Encoding};
use jsonwebtoken::EncodingKey;

/// The name under which the gateway's administrator registers this portal (`iss` of its tickets).
pub(crate) const ISSUER: &str = "demo-portal";

const PRIVATE_KEY: &str = "issuer.key";
const PUBLIC_KEY: &str = "issuer.pub.pem";

/// The folder that holds the issuer key: `issuer.key` (PKCS #8 PEM, 0600) and `issuer.pub.pem` (SPKI PEM).
pub(crate) struct IssuerFolder(PathBuf);

impl IssuerFolder {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(crate) fn public_key_path(&self) -> PathBuf {
        self.0.join(PUBLIC_KEY)
    }

    /// Makes folder and key. A key that is there already stays: the gateway knows its public half.
    pub(crate) fn init(&self) -> Result<()> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)
            .with_context(|| format!("cannot make the folder {}", self.0.display()))?;
        let pair = match Ed25519KeyPair::generate() {
            Ok(pair) => pair,
            Err(_) => bail!("the cryptography library made no key"),
        };
        let private = pair
            .to_pkcs8()
            .map_err(|_| anyhow::anyhow!("the new key has no PKCS #8 form"))?;
        let public: PublicKeyX509Der<'_> = pair
            .public_key()
            .as_der()
            .map_err(|_| anyhow::anyhow!("the new key has no public form"))?;
        if write_new(
            &self.0.join(PRIVATE_KEY),
            0o600,
            &pem("PRIVATE KEY", private.as_ref()),
        )? {
            // Only with its own private half: a public key of an older one would be registered in vain.
            write_over(&self.public_key_path(), &pem("PUBLIC KEY", public.as_ref()))?;
        }
        Ok(())
    }

    /// The key that `init` made, ready to sign.
    pub(crate) fn open(&self) -> Result<EncodingKey> {
        let path = self.0.join(PRIVATE_KEY);
        let pem = std::fs::read(&path).with_context(|| {
            format!(
                "cannot read {}: run `demo-portal init` first",
                path.display()
            )
        })?;
        EncodingKey::from_ed_pem(&pem)
            .with_context(|| format!("{} is no Ed25519 key", path.display()))
    }
}

/// False if the file was there already.
fn write_new(path: &Path, mode: u32, text: &str) -> Result<bool> {
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
    {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .with_context(|| format!("cannot write {}", path.display()))?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot make {}", path.display())),
    }
}

fn write_over(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
