//! NTLM over HTTP ([MS-NTHT]): three messages over one connection, under its own name or that of Negotiate. The password is proven and not
//! sent (NTLMv2).

use base64ct::{Base64, Encoding as _};
use http::StatusCode;
use http::header::HeaderValue;
use smb2::auth::ntlm::{NtlmAuthenticator, NtlmCredentials};

use super::answer::Answer;
use super::login::Account;
use super::server::Server;
use super::storage::header;
use crate::report::{Cause, Halt};

/// The names under which a server may ask for it.
const SCHEMES: [&str; 2] = ["NTLM", "Negotiate"];

/// From the answer to a stranger, who was refused, to the one that counts, and what is worth knowing of the password.
pub(super) async fn sign_in(
    server: &Server<'_>,
    account: &Account<'_>,
    first: Answer,
) -> Result<(Answer, Option<Cause>), Halt> {
    let Some(scheme) = SCHEMES.into_iter().find(|scheme| offers(&first, scheme)) else {
        return Err(first.halt_offering(server.scrubber()));
    };
    let halt = |answer: &Answer, cause| answer.halt(cause, server.scrubber());
    let mut authenticator = authenticator(account)?;
    let mut conversation = server.begin().await?;
    let hello = message(scheme, &authenticator.negotiate())?;
    let second = server.ask_within(&mut conversation, hello).await?;
    if second.status != StatusCode::UNAUTHORIZED {
        return Ok((second, Some(Cause::PasswordNotChecked)));
    }
    // Who speaks Kerberos only has nothing to say to this.
    let challenge = challenge(&second, scheme);
    let challenge = challenge.ok_or_else(|| halt(&second, Cause::MethodUnknown))?;
    let proof = authenticator.authenticate(&challenge);
    let proof = proof.map_err(|_| halt(&second, Cause::WrongProtocol))?;
    let proof = message(scheme, &proof)?;
    let third = server.ask_within(&mut conversation, proof).await?;
    match third.status {
        StatusCode::UNAUTHORIZED => Err(halt(&third, Cause::WrongPassword)),
        _ => Ok((third, None)),
    }
}

fn authenticator(account: &Account<'_>) -> Result<NtlmAuthenticator, Cause> {
    let password = account.password.ok_or(Cause::PasswordMissing)?;
    // A name with an @ is understood by the server as it is.
    let (domain, user) = account.user.split_once('\\').unwrap_or(("", account.user));
    Ok(NtlmAuthenticator::new(NtlmCredentials {
        username: user.to_owned(),
        // EXPOSE: the data store is proven that we know it; it is not sent.
        password: password.expose().to_owned(),
        domain: domain.to_owned(),
    }))
}

fn message(scheme: &str, bytes: &[u8]) -> Result<HeaderValue, Cause> {
    header(&format!("{scheme} {}", Base64::encode_string(bytes)))
}

/// Whether it is among those that are named, in one header or in several.
fn offers(answer: &Answer, scheme: &str) -> bool {
    let mut parts = answer.challenges().flat_map(|text| text.split(','));
    parts.any(|part| {
        let name = part.split_whitespace().next();
        name.is_some_and(|name| name.eq_ignore_ascii_case(scheme))
    })
}

/// The server's own message.
fn challenge(answer: &Answer, scheme: &str) -> Option<Vec<u8>> {
    answer.challenges().find_map(|text| {
        let (name, rest) = text.trim().split_once(' ')?;
        let is_it = name.eq_ignore_ascii_case(scheme);
        is_it
            .then(|| Base64::decode_vec(rest.trim()).ok())
            .flatten()
    })
}
