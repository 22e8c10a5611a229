//! MySQL, and MariaDB, which speaks its protocol.

mod login;
mod packets;
mod refusal;

use tokio::net::TcpStream;

use crate::messages::Stream;
use crate::report::{Cause, Certificate, Halt, Reporter, Scrubber, Stage};
use crate::request::{Encryption, Request};
use crate::tls;
use login::{Account, Greeting};
use packets::Packets;
use refusal::Refusal;

/// `COM_INIT_DB`: the database is chosen after the login, so that what is said of the one is not said of the other.
const USE: u8 = 2;
/// `COM_QUERY`.
const QUERY: u8 = 3;

/// TLS to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let mut packets = Packets::new(Box::new(stream));
    let greeting = match request.encryption {
        Encryption::Off => {
            reporter.skipped(Stage::Tls, Cause::TlsOff);
            match Greeting::read(&mut packets).await {
                Ok(greeting) => greeting,
                Err(refusal) => {
                    return Err(reporter.failed(Stage::Authenticate, refusal.halt(scrubber)));
                }
            }
        }
        Encryption::Required => match encrypt(request, packets, scrubber).await {
            Ok((encrypted, greeting, certificate)) => {
                reporter.passed_showing(Stage::Tls, certificate);
                packets = encrypted;
                greeting
            }
            Err(halt) => return Err(reporter.failed(Stage::Tls, halt)),
        },
    };
    let (account, database) = match account(request) {
        Ok(both) => both,
        Err(cause) => return Err(reporter.failed(Stage::Authenticate, cause.into())),
    };
    if let Err(refusal) = greeting.log_in(&mut packets, account).await {
        return Err(not_logged_in(refusal, account, scrubber, reporter));
    }
    let chosen = choose(&mut packets, database).await;
    // An expired password lets the account in, to change it and nothing else.
    match chosen {
        Err(refusal) if refusal.cause() == Cause::PasswordExpired => {
            return Err(reporter.failed(Stage::Authenticate, refusal.halt(scrubber)));
        }
        _ => reporter.passed(Stage::Authenticate),
    }
    if let Err(refusal) = chosen {
        return Err(reporter.failed(Stage::Authorise, refusal.halt(scrubber)));
    }
    reporter.passed(Stage::Authorise);
    match query(&mut packets).await {
        Ok(()) => {
            reporter.passed(Stage::Query);
            Ok(())
        }
        Err(refusal) => Err(reporter.failed(Stage::Query, refusal.of_query(scrubber))),
    }
}

/// The server greets in the clear and is asked for TLS then.
async fn encrypt(
    request: &Request,
    mut packets: Packets,
    scrubber: &Scrubber,
) -> Result<(Packets, Greeting, Option<Certificate>), Halt> {
    let greeting = Greeting::read(&mut packets)
        .await
        .map_err(Refusal::halt_unauthenticated)?;
    greeting.ask_for_tls(&mut packets).await?;
    let (stream, number) = packets.into_parts();
    let (stream, shown) = tls::handshake(request, stream, scrubber).await?;
    let stream: Box<dyn Stream> = Box::new(stream);
    Ok((Packets::resume(stream, number), greeting, shown.certificate))
}

fn account(request: &Request) -> Result<(Account<'_>, &str), Cause> {
    let (Some(user), Some(database)) = (request.property("userName"), request.property("database"))
    else {
        return Err(Cause::BadRequest);
    };
    let password = match request.secrets.get("password") {
        // EXPOSE: the login proves to the data store that it knows it, or sends it over TLS.
        Some(password) => password.expose(),
        None => "",
    };
    // In packets, names and the password end with it.
    if [user, database, password]
        .iter()
        .any(|text| text.contains('\0'))
    {
        return Err(Cause::BadRequest);
    }
    let account = Account {
        user,
        password,
        is_over_tls: request.encryption == Encryption::Required,
    };
    Ok((account, database))
}

fn not_logged_in(
    refusal: Refusal,
    account: Account<'_>,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Cause {
    let is_after_login = refusal.is_after_login();
    let mut halt = refusal.halt(scrubber);
    if is_after_login {
        reporter.passed(Stage::Authenticate);
        return reporter.failed(Stage::Authorise, halt);
    }
    if halt.cause == Cause::WrongPassword && account.password.is_empty() {
        halt.cause = Cause::PasswordMissing;
    }
    reporter.failed(Stage::Authenticate, halt)
}

async fn choose(packets: &mut Packets, database: &str) -> Result<(), Refusal> {
    packets.command(USE, database).await?;
    let packet = packets.read().await?;
    match *packet {
        [0, ..] => Ok(()),
        _ => Err(Refusal::of(&packet)),
    }
}

async fn query(packets: &mut Packets) -> Result<(), Refusal> {
    packets.command(QUERY, "SELECT 1").await?;
    let head = packets.read().await?;
    match *head {
        // One column: its description, an end, one row whose column has one character, an end.
        [1] => {}
        _ => return Err(Refusal::of(&head)),
    }
    packets.read().await?;
    packets.read().await?;
    match *packets.read().await? {
        [1, b'1'] => Ok(()),
        _ => Err(Cause::QueryFailed.into()),
    }
}
