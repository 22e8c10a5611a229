//! systemd-creds: a KEK's text sealed for this machine, by its TPM, by a key of the host, or both.
//!
//! The text goes through pipes only. Its name is sealed with it: what was sealed as something else is refused.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use zeroize::Zeroizing;

use crate::KekError;
use crate::local::LocalKek;

/// The name under which it is sealed, and under which a unit's `LoadCredentialEncrypted=` hands it over.
pub const NAME: &str = "credential-gateway-kek";

const PROGRAM: &str = "systemd-creds";
/// More than a KEK's text, or a sealed one, ever has, in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// As much as is repeated of what the program says, in characters.
const MAX_SAID_CHARS: usize = 300;

/// Seals a KEK; `with_key` is the program's `--with-key=` (`auto`, `host`, `tpm2`, `host+tpm2`, …).
///
/// # Errors
/// [`KekError::Missing`] without the program, [`KekError::Refused`].
pub fn seal(kek: &LocalKek, with_key: &str) -> Result<Vec<u8>, KekError> {
    let sealed = run(
        &["encrypt", &format!("--with-key={with_key}")],
        kek.to_text().as_bytes(),
    )?;
    Ok(sealed.to_vec())
}

/// Opens a sealed KEK.
///
/// # Errors
/// [`KekError::Missing`] without the program, [`KekError::Refused`] when it does not open here, [`KekError::Damaged`] when
/// what was in it is no KEK.
pub fn open(sealed: &[u8]) -> Result<LocalKek, KekError> {
    LocalKek::parse(&run(&["decrypt"], sealed)?)
}

/// What the service manager has opened already, if this process runs as a unit with `LoadCredentialEncrypted=`: a file in
/// `folder`, which is the value of `CREDENTIALS_DIRECTORY`.
///
/// # Errors
/// [`KekError::Refused`] when the file cannot be read, [`KekError::Damaged`].
pub fn loaded(folder: &Path) -> Result<Option<LocalKek>, KekError> {
    let file = match std::fs::File::open(folder.join(NAME)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(KekError::Refused(format!("the unit's {NAME}: {error}"))),
        Ok(file) => file,
    };
    LocalKek::parse(&all_of(file)?).map(Some)
}

fn run(arguments: &[&str], input: &[u8]) -> Result<Zeroizing<Vec<u8>>, KekError> {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .args([&format!("--name={NAME}"), "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| KekError::Missing(format!("{PROGRAM} cannot be run: {error}")))?;
    let output = exchange(&mut child, input);
    let status = child.wait().map_err(|error| refused(&error.to_string()))?;
    let (output, said) = output?;
    if status.success() {
        Ok(output)
    } else {
        Err(refused(&said))
    }
}

/// Both directions are shorter than a pipe's buffer, so that neither side waits for the other.
fn exchange(child: &mut Child, input: &[u8]) -> Result<(Zeroizing<Vec<u8>>, String), KekError> {
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not want its input says why below.
        let _ = stdin.write_all(input);
    }
    let output = child.stdout.take().map(all_of).transpose()?;
    let said = child.stderr.take().map(all_of).transpose()?;
    let said = String::from_utf8_lossy(&said.unwrap_or_default()).into_owned();
    Ok((output.unwrap_or_default(), said))
}

fn refused(said: &str) -> KekError {
    let said: String = said.trim().chars().take(MAX_SAID_CHARS).collect();
    KekError::Refused(format!("{PROGRAM}: {}", said.replace('\n', "; ")))
}

/// One allocation: a growing Vec would leave unwiped copies behind.
fn all_of(source: impl Read) -> Result<Zeroizing<Vec<u8>>, KekError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize));
    source
        .take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|error| refused(&error.to_string()))?;
    Ok(bytes)
}
