//! SCRAM (RFC 5802, RFC 7677), as MongoDB carries it.

use std::fmt::Write as _;

use bson::spec::BinarySubtype;
use bson::{Binary, doc};
use md5::{Digest as _, Md5};
use rsasl::callback::{Context, Request as Wanted, SessionCallback, SessionData};
use rsasl::prelude::{Mechname, SASLClient, SASLConfig, Session, SessionError};
use rsasl::property::{AuthId, Password};
use zeroize::Zeroizing;

use super::commands::{Answer, Commands, Refusal};
use crate::report::Cause;
use crate::request::Request;

/// Rounds of a hash. Fewer than the first would give a server that is somebody else's too good a guess at the password; more than the
/// second take longer than a test.
const ROUNDS: std::ops::RangeInclusive<u32> = 4096..=1_000_000;
/// As many messages as a login takes at most.
const MAX_STEPS: usize = 5;
const SHA_1: &str = "SCRAM-SHA-1";
const SHA_256: &str = "SCRAM-SHA-256";

/// Who logs in, and where the account is.
pub(super) struct Account<'a> {
    user: &'a str,
    password: Zeroizing<String>,
    database: &'a str,
}

impl<'a> Account<'a> {
    pub(super) fn of(request: &'a Request, database: &'a str) -> Result<Self, Cause> {
        let password = request.secret("password").ok_or(Cause::PasswordMissing)?;
        Ok(Self {
            user: request.property("username").ok_or(Cause::BadRequest)?,
            // EXPOSE: the data store is proven that we know it; it is not sent.
            password: Zeroizing::new(password.expose().to_owned()),
            database: request.property("authSource").unwrap_or(database),
        })
    }

    /// What a greeting says to learn which ways the account has.
    pub(super) fn full_name(&self) -> String {
        format!("{}.{}", self.database, self.user)
    }

    /// As this way takes the password.
    fn secret(&self, mechanism: &str) -> Result<Zeroizing<String>, Cause> {
        if mechanism == SHA_256 {
            // RFC 7613 came later: servers and drivers have SASLprep (RFC 4013).
            let prepared = stringprep::saslprep(&self.password);
            let prepared = prepared.map_err(|_| Cause::BadRequest)?;
            return Ok(Zeroizing::new(prepared.into_owned()));
        }
        // A digest that MongoDB had before SCRAM stands for the password.
        let mut digest = Md5::new();
        for part in [self.user, ":mongo:", &self.password] {
            digest.update(part);
        }
        let mut text = Zeroizing::new(String::with_capacity(32));
        for byte in digest.finalize() {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Ok(text)
    }
}

/// The best of the ways that the account has; of those before MongoDB 4.0, and of unknown ones, nothing is said.
fn mechanism(greeting: &Answer) -> Result<&'static str, Refusal> {
    let Ok(offered) = greeting.document().get_array("saslSupportedMechs") else {
        return Ok(SHA_1);
    };
    let offered = offered.into_iter().filter_map(|name| name.ok()?.as_str());
    let offered: Vec<&str> = offered.collect();
    let found = [SHA_256, SHA_1]
        .into_iter()
        .find(|name| offered.contains(name));
    found.ok_or_else(|| Refusal::OtherWays(offered.join(", ")))
}

/// Until both sides have proven that they know the password.
pub(super) async fn log_in(
    account: &Account<'_>,
    greeting: &Answer,
    commands: &mut Commands,
) -> Result<(), Refusal> {
    let mechanism = mechanism(greeting)?;
    let mut session = session(account, mechanism)?;
    let first = message(&mut session, None, Cause::BadRequest)?;
    let mut command = doc! {
        "saslStart": 1,
        "mechanism": mechanism,
        "payload": first.payload,
        "options": { "skipEmptyExchange": true },
    };
    let mut is_proven = first.is_last;
    for _ in 0..MAX_STEPS {
        let answer = commands.ask(account.database, command).await?.done()?;
        let document = answer.document();
        let payload = document.get_binary("payload");
        let payload = payload.map_err(|_| Cause::WrongProtocol)?.bytes;
        let is_done = document.get_bool("done").unwrap_or(false);
        let next = if is_proven {
            binary(Vec::new())
        } else {
            has_usual_rounds(payload)?;
            let next = message(&mut session, Some(payload), Cause::ServerNotProven)?;
            is_proven = next.is_last;
            next.payload
        };
        if is_done {
            return match is_proven {
                true => Ok(()),
                false => Err(Cause::ServerNotProven.into()),
            };
        }
        let id = answer.number("conversationId").unwrap_or(1);
        command = doc! { "saslContinue": 1, "conversationId": i32::try_from(id).unwrap_or(1), "payload": next };
    }
    Err(Cause::TooMuch.into())
}

/// One of ours.
struct Message {
    payload: Binary,
    /// The server has proven that it knows the password.
    is_last: bool,
}

fn message(
    session: &mut Session,
    theirs: Option<&[u8]>,
    otherwise: Cause,
) -> Result<Message, Cause> {
    let mut ours = Vec::new();
    let state = session.step(theirs, &mut ours).map_err(|_| otherwise)?;
    Ok(Message {
        payload: binary(ours),
        is_last: state.is_finished(),
    })
}

fn binary(bytes: Vec<u8>) -> Binary {
    Binary {
        subtype: BinarySubtype::Generic,
        bytes,
    }
}

/// Of the server's first message: `r=…,s=…,i=15000`.
fn has_usual_rounds(message: &[u8]) -> Result<(), Cause> {
    let text = String::from_utf8_lossy(message);
    let Some(rounds) = text.split(',').find_map(|part| part.strip_prefix("i=")) else {
        return Ok(());
    };
    let rounds: u32 = rounds.parse().map_err(|_| Cause::WrongProtocol)?;
    match ROUNDS.contains(&rounds) {
        true => Ok(()),
        false if rounds < *ROUNDS.start() => Err(Cause::ServerNotProven),
        false => Err(Cause::TooMuch),
    }
}

/// What the library asks for.
struct Known {
    user: String,
    secret: Zeroizing<String>,
}

impl SessionCallback for Known {
    fn callback(
        &self,
        _: &SessionData,
        _: &Context,
        wanted: &mut Wanted<'_>,
    ) -> Result<(), SessionError> {
        wanted
            .satisfy::<AuthId>(&self.user)?
            .satisfy::<Password>(self.secret.as_bytes())?;
        Ok(())
    }
}

fn session(account: &Account<'_>, mechanism: &str) -> Result<Session, Cause> {
    let known = Known {
        user: account.user.to_owned(),
        secret: account.secret(mechanism)?,
    };
    let config = SASLConfig::builder().with_defaults().with_callback(known);
    let client = SASLClient::new(config.map_err(|_| Cause::BadRequest)?);
    let name = Mechname::parse(mechanism.as_bytes()).map_err(|_| Cause::BadRequest)?;
    client
        .start_suggested(&[name])
        .map_err(|_| Cause::BadRequest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_prepared_as_its_way_wants_it() {
        let account = Account {
            user: "ann",
            password: Zeroizing::new("correct\u{a0}horse\u{ad}".to_owned()),
            database: "shop",
        };
        let secret = |mechanism| account.secret(mechanism).map(|secret| secret.to_string());
        assert_eq!(secret(SHA_256), Ok("correct horse".to_owned()));
        // md5("ann:mongo:…"), of the password's own bytes.
        let digest = secret(SHA_1).unwrap();
        assert_eq!(digest, "703ea50624f7e648426da50f958e325a");
    }

    #[test]
    fn a_server_cannot_ask_for_few_rounds_or_for_very_many() {
        for (message, expected) in [
            ("r=x,s=y,i=4096", Ok(())),
            ("r=x,s=y,i=15000", Ok(())),
            ("v=proof", Ok(())),
            ("r=x,s=y,i=1", Err(Cause::ServerNotProven)),
            ("r=x,s=y,i=4294967295", Err(Cause::TooMuch)),
            ("r=x,s=y,i=99999999999", Err(Cause::WrongProtocol)),
            ("r=x,s=y,i=-1", Err(Cause::WrongProtocol)),
        ] {
            assert_eq!(has_usual_rounds(message.as_bytes()), expected, "{message}");
        }
    }
}
