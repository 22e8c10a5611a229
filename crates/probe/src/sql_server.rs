//! SQL Server, and SQL Database and Synapse, which speak its protocol (TDS 7.4).

mod packets;
mod refusal;
mod wrapped;

use bytes::Bytes;
use tds_protocol::login7::Login7;
use tds_protocol::token::{Token, TokenParser};
use tds_protocol::{EncryptionLevel, PacketType, PreLogin, SqlBatch};
use tokio::net::TcpStream;

use crate::messages::Stream;
use crate::report::{Cause, Certificate, Halt, Reporter, Scrubber, Stage};
use crate::request::{Encryption, Request};
use crate::tls;
use packets::Packets;
use refusal::Refusal;
use wrapped::Wrapped;

/// What the account's administrator sees of the test.
const APPLICATION: &str = "credential-gateway test";
/// As long as names and passwords are, in characters.
const MAX_CHARS: usize = 128;

/// TLS to query, over a connection that is there.
///
/// The password goes to the server as it is, so that there is no test without TLS, and none with a certificate that nobody vouches for:
/// `TrustServerCertificate` is for others.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let mut packets = match encrypt(request, stream, scrubber).await {
        Ok((packets, certificate)) => {
            reporter.passed_showing(Stage::Tls, certificate);
            packets
        }
        Err(halt) if halt.cause == Cause::TlsNotOffered && may_be_clear(request) => {
            reporter.skipped(Stage::Tls, Cause::TlsOff);
            return Err(reporter.failed(Stage::Authenticate, Cause::CleartextRefused.into()));
        }
        Err(halt) => return Err(reporter.failed(Stage::Tls, halt)),
    };
    if let Err(refusal) = log_in(request, &mut packets).await {
        let halt = refusal.halt(scrubber);
        if refusal::is_after_login(halt.cause) {
            reporter.passed(Stage::Authenticate);
            return Err(reporter.failed(Stage::Authorise, halt));
        }
        return Err(reporter.failed(Stage::Authenticate, halt));
    }
    reporter.passed(Stage::Authenticate);
    reporter.passed(Stage::Authorise);
    match query(&mut packets).await {
        Ok(()) => {
            reporter.passed(Stage::Query);
            Ok(())
        }
        Err(refusal) => Err(reporter.failed(Stage::Query, refusal.of_query(scrubber))),
    }
}

/// By the request, or by the linked service.
fn may_be_clear(request: &Request) -> bool {
    let encrypt = request.property("Encrypt");
    let is_off = encrypt.is_some_and(|value| value.eq_ignore_ascii_case("false"));
    request.encryption == Encryption::Off || is_off
}

/// Both sides say what they can do; then TLS begins inside of packets.
async fn encrypt(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
) -> Result<(Packets<Box<dyn Stream>>, Option<Certificate>), Halt> {
    let mut packets = Packets::new(stream);
    let ours = PreLogin::new().with_encryption(EncryptionLevel::On);
    packets.send(PacketType::PreLogin, &ours.encode()).await?;
    let theirs = packets.receive().await?;
    let theirs = PreLogin::decode(theirs).map_err(|_| Cause::WrongProtocol)?;
    if !theirs.encryption.is_required() {
        return Err(Cause::TlsNotOffered.into());
    }
    let wrapped = Wrapped::new(packets.into_stream());
    let (mut stream, shown) = tls::handshake(request, wrapped, scrubber).await?;
    stream.get_mut().0.end_wrapping();
    Ok((Packets::new(Box::new(stream)), shown.certificate))
}

async fn log_in(request: &Request, packets: &mut Packets<Box<dyn Stream>>) -> Result<(), Refusal> {
    let database = request.property("Initial Catalog");
    let database = database.or_else(|| request.property("Database"));
    let (Some(user), Some(database)) = (request.property("User ID"), database) else {
        return Err(Cause::BadRequest.into());
    };
    let secret = request.secrets.get("password");
    let secret = secret.or_else(|| request.secrets.get("Password"));
    let password = match secret.filter(|secret| !secret.is_empty()) {
        // EXPOSE: the login sends it, over TLS.
        Some(password) => password.expose(),
        None => return Err(Cause::PasswordMissing.into()),
    };
    if [user, database, password]
        .iter()
        .any(|text| text.chars().count() > MAX_CHARS)
    {
        return Err(Cause::BadRequest.into());
    }
    let login = Login7::new()
        .with_sql_auth(user, password)
        .with_database(database)
        .with_app_name(APPLICATION)
        .with_server_name(&*request.destination.host);
    packets.send(PacketType::Tds7Login, &login.encode()).await?;
    let answer = Answer::read(packets).await?;
    if answer.is_sent_elsewhere {
        return Err(Cause::SentElsewhere.into());
    }
    if answer.is_acknowledged {
        return Ok(());
    }
    Err(Refusal::of(answer.errors))
}

async fn query(packets: &mut Packets<Box<dyn Stream>>) -> Result<(), Refusal> {
    let batch = SqlBatch::new("SELECT 1").encode();
    packets.send(PacketType::SqlBatch, &batch).await?;
    let answer = Answer::read(packets).await?;
    // As a number of four bytes, behind its length or not.
    let is_one = |row: &Bytes| row.ends_with(&[1, 0, 0, 0]);
    if answer.row.as_ref().is_some_and(is_one) {
        return Ok(());
    }
    if answer.errors.is_empty() {
        return Err(Cause::QueryFailed.into());
    }
    Err(Refusal::of(answer.errors))
}

/// What a test needs of a message.
#[derive(Default)]
struct Answer {
    errors: Vec<tds_protocol::token::ServerError>,
    is_acknowledged: bool,
    is_sent_elsewhere: bool,
    row: Option<Bytes>,
}

impl Answer {
    async fn read(packets: &mut Packets<Box<dyn Stream>>) -> Result<Self, Cause> {
        let mut parser = TokenParser::new(packets.receive().await?);
        let mut answer = Self::default();
        let mut columns = None;
        while let Some(token) = parser
            .next_token_with_metadata(columns.as_ref())
            .map_err(|_| Cause::WrongProtocol)?
        {
            match token {
                Token::Error(error) => answer.errors.push(error),
                Token::LoginAck(_) => answer.is_acknowledged = true,
                Token::EnvChange(change) => answer.is_sent_elsewhere |= change.is_routing(),
                Token::ColMetaData(found) => columns = Some(found),
                Token::Row(row) => answer.row = Some(row.data),
                _ => {}
            }
        }
        Ok(answer)
    }
}
