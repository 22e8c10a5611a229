//! systemd-creds: a KEK's text sealed for this machine, by its TPM, by a key of the host, or both.
//!
//! The text goes through pipes only. Its name is sealed with it: what was sealed as something else is refused.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::KekError;
use crate::local::LocalKek;

/// The name under which it is sealed, and under which a unit's `LoadCredentialEncrypted=` hands it over.
pub const NAME: &str = "credential-gateway-kek";

const PROGRAM: &str = "systemd-creds";
/// Where it is: whatever else PATH leads to is not asked.
const PROGRAMS: [&str; 2] = ["/usr/bin/systemd-creds", "/bin/systemd-creds"];
/// The variable that says where the host's key is, if it is not where the program has it by itself.
const SECRET_PLACE: &str = "SYSTEMD_CREDENTIAL_SECRET";
/// How long it is waited for. A TPM takes its time.
const PATIENCE: Duration = Duration::from_secs(90);
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
    let mut programs = PROGRAMS.iter().map(Path::new);
    let missing = || KekError::Missing(format!("there is no {}", PROGRAMS.join(" or ")));
    let program = programs
        .find(|program| program.exists())
        .ok_or_else(missing)?;
    let name = format!("--name={NAME}");
    let arguments = arguments.iter().copied().chain([&*name, "-", "-"]);
    let mut command = Command::new(program);
    command.args(arguments);
    exchange(command, input, PATIENCE)
}

/// Runs a program with this input. It gets no surroundings but the place of the host's key, if that is said.
fn exchange(
    mut command: Command,
    input: &[u8],
    patience: Duration,
) -> Result<Zeroizing<Vec<u8>>, KekError> {
    let until = Instant::now() + patience;
    let program = command.get_program().to_string_lossy().into_owned();
    command.env_clear();
    if let Some(place) = std::env::var_os(SECRET_PLACE) {
        command.env(SECRET_PLACE, place);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| KekError::Missing(format!("{program} cannot be run: {error}")))?;
    let outcome = talk(&mut child, input, until);
    if outcome.is_err() {
        // It may be gone already.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| refused(&error.to_string()))?;
    let (output, said) = outcome?;
    if status.success() {
        Ok(output)
    } else {
        Err(refused(&String::from_utf8_lossy(&said)))
    }
}

type Bytes = Zeroizing<Vec<u8>>;
type Heard = Result<Bytes, KekError>;

/// Writes the input and hears both outputs at once: a program that waits for one of them to be read holds nobody up, nor does one
/// that neither answers nor ends.
fn talk(child: &mut Child, input: &[u8], until: Instant) -> Result<(Bytes, Bytes), KekError> {
    if let Some(mut stdin) = child.stdin.take() {
        let input = Zeroizing::new(input.to_vec());
        thread::spawn(move || {
            // One that does not want its input says why.
            let _ = stdin.write_all(&input);
        });
    }
    let output = child.stdout.take().map(hear);
    let said = child.stderr.take().map(hear);
    let heard = |channel: Option<Receiver<Heard>>| {
        let left = until.saturating_duration_since(Instant::now());
        match channel {
            None => Ok(Zeroizing::default()),
            Some(channel) => channel
                .recv_timeout(left)
                .map_err(|_| refused("it does not answer"))?,
        }
    };
    Ok((heard(output)?, heard(said)?))
}

/// In a thread that nobody waits for: it ends with the program.
fn hear(source: impl Read + Send + 'static) -> Receiver<Heard> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Nobody may be there any more to be told.
        let _ = sender.send(all_of(source));
    });
    receiver
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, input: &[u8]) -> Result<Zeroizing<Vec<u8>>, KekError> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        exchange(command, input, Duration::from_secs(20))
    }

    #[test]
    fn whatever_it_writes_first_nobody_waits_for_the_other() {
        // More than a pipe takes, on standard error before anything else; and input that is never read.
        let chatty = "/usr/bin/head -c 300000 /dev/zero >&2; echo done";
        let large = vec![b'x'; 300_000];
        assert_eq!(shell(chatty, &large).unwrap().as_slice(), b"done\n");
        let failing = shell("echo no such key >&2; exit 1", b"");
        let told = "systemd-creds: no such key".to_owned();
        assert_eq!(failing.unwrap_err(), KekError::Refused(told));
    }

    #[test]
    fn one_that_does_not_answer_is_not_waited_for() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "exec /usr/bin/sleep 1000"]);
        let began = Instant::now();
        let gone = exchange(command, b"", Duration::from_millis(50)).unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(20));
        assert!(gone.to_string().contains("does not answer"), "{gone}");
    }

    #[test]
    fn it_gets_none_of_our_surroundings() {
        // Cargo has set some.
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
        let told = shell("/usr/bin/env", b"").unwrap();
        let told = String::from_utf8(told.to_vec()).unwrap();
        assert!(!told.contains("CARGO"), "{told}");
    }
}
