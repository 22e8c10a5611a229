//! Files over FTP, in the clear or after `AUTH TLS` (RFC 4217). There is no connection for data: nothing goes to where a server points.

mod control;
mod login;

use tokio::net::TcpStream;

use crate::bounded::{Bounded, Overflow};
use crate::report::{Cause, Certificate, Halt, Reporter, Scrubber, Stage};
use crate::request::{Encryption, Request};
use crate::tls;
use control::{Control, Reply};
use login::Login;

/// As much as a server may send, in bytes: its certificates, greetings and answers.
const MAX_BYTES: usize = 128 * 1024;

/// TLS to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let overflow = Overflow::default();
    let stream = Bounded::new(stream, MAX_BYTES, overflow.clone());
    let login = match Login::of(request) {
        Ok(login) => login,
        Err(cause) => return Err(reporter.failed(Stage::Tls, cause.into())),
    };
    let is_encrypted = is_encrypted(request);
    let mut control = Control::new(Box::new(stream));
    if is_encrypted {
        match encrypt(request, control, scrubber).await {
            Ok((encrypted, certificate)) => {
                reporter.passed_showing(Stage::Tls, certificate);
                control = encrypted;
            }
            Err(halt) => return Err(reporter.failed(Stage::Tls, overflow.or(halt))),
        }
    } else {
        reporter.skipped(Stage::Tls, Cause::TlsOff);
        if let Err(halt) = greeted(&mut control, scrubber).await {
            return Err(reporter.failed(Stage::Authenticate, overflow.or(halt)));
        }
    }
    let note = match login.log_in(&mut control, is_encrypted, scrubber).await {
        Ok(note) => note,
        // The password was right, and then there was no folder to be in.
        Err(halt) if halt.cause == Cause::HomeClosed => {
            reporter.passed(Stage::Authenticate);
            return Err(reporter.failed(Stage::Authorise, halt));
        }
        Err(halt) => return Err(reporter.failed(Stage::Authenticate, overflow.or(halt))),
    };
    match note {
        None => reporter.passed(Stage::Authenticate),
        Some(note) => reporter.passed_with(Stage::Authenticate, note),
    }
    for (stage, command) in [(Stage::Authorise, "PWD"), (Stage::Query, "CWD .")] {
        match ask(&mut control, command, scrubber).await {
            Ok(()) => reporter.passed(stage),
            Err(halt) => return Err(reporter.failed(stage, overflow.or(halt))),
        }
    }
    Ok(())
}

fn is_encrypted(request: &Request) -> bool {
    request.encryption == Encryption::Required && request.property("enableSsl") != Some("false")
}

/// The first word is the server's.
async fn greeted(control: &mut Control, scrubber: &Scrubber) -> Result<(), Halt> {
    let greeting = control.read().await?;
    match greeting.code() {
        220 => Ok(()),
        120 => Err(greeting.halt(Cause::NotReady, scrubber)),
        _ => Err(greeting.refused(Cause::StoreRefused, scrubber)),
    }
}

/// What is said before TLS is said by anybody: nothing of it counts afterwards.
async fn encrypt(
    request: &Request,
    mut control: Control,
    scrubber: &Scrubber,
) -> Result<(Control, Option<Certificate>), Halt> {
    greeted(&mut control, scrubber).await?;
    let answer = control.ask("AUTH TLS").await?;
    if answer.code() != 234 {
        return Err(answer.refused(Cause::TlsNotOffered, scrubber));
    }
    let (stream, shown) = tls::handshake(request, control.into_stream()?, scrubber).await?;
    Ok((Control::new(Box::new(stream)), shown.certificate))
}

async fn ask(control: &mut Control, command: &str, scrubber: &Scrubber) -> Result<(), Halt> {
    let answer: Reply = control.ask(command).await?;
    match answer.code() {
        200..300 => Ok(()),
        530 | 550 => Err(answer.halt(Cause::Forbidden, scrubber)),
        _ => Err(answer.refused(Cause::QueryFailed, scrubber)),
    }
}
