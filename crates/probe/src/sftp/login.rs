//! As whom: a password, or a key.

use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::{HashAlg, PrivateKeyWithHashAlg};
use russh::{MethodKind, MethodSet};
use std::sync::Arc;

use envelope::Secret;

use super::host_key::Judge;
use super::key::{self, UserKey};
use crate::report::Cause;
use crate::request::Request;

/// As often as a server may ask in a dialogue.
const MAX_QUESTIONS: usize = 4;

/// Logs in; or says what is worth knowing of a login that needed nothing.
pub(super) async fn log_in(
    request: &Request,
    session: &mut Handle<Judge>,
) -> Result<Option<Cause>, Cause> {
    let user = request.property("username").ok_or(Cause::BadRequest)?;
    let offered = match session
        .authenticate_none(user)
        .await
        .map_err(|_| Cause::Closed)?
    {
        AuthResult::Success => return Ok(Some(Cause::PasswordNotChecked)),
        AuthResult::Failure {
            remaining_methods, ..
        } => remaining_methods,
    };
    if offered.is_empty() {
        return Err(Cause::Closed);
    }
    if request.auth == "SshPublicKey" {
        if !offered.contains(&MethodKind::PublicKey) {
            return Err(Cause::MethodOther);
        }
        let key = key::of(request)?;
        let answer = by_key(session, user, key).await?;
        return accepted(answer, Cause::KeyRefused).map(|()| None);
    }
    let password = request.secret("password").ok_or(Cause::PasswordMissing)?;
    if offered.contains(&MethodKind::Password) {
        // EXPOSE: the data store is told it, over SSH.
        let answer = session.authenticate_password(user, password.expose()).await;
        accepted(answer.map_err(|_| Cause::Closed)?, Cause::WrongPassword)?;
    } else if offered.contains(&MethodKind::KeyboardInteractive) {
        by_dialogue(session, user, password).await?;
    } else {
        return Err(Cause::MethodOther);
    }
    Ok(None)
}

fn accepted(answer: AuthResult, refused: Cause) -> Result<(), Cause> {
    match answer {
        AuthResult::Success => Ok(()),
        // It was right, and is not enough.
        AuthResult::Failure {
            partial_success: true,
            ..
        } => Err(Cause::MethodUnknown),
        AuthResult::Failure {
            remaining_methods, ..
        } => Err(or_closed(&remaining_methods, refused)),
    }
}

/// A refusal names what may be tried next; when the connection is gone, nothing does.
fn or_closed(remaining: &MethodSet, refused: Cause) -> Cause {
    match remaining.is_empty() {
        true => Cause::Closed,
        false => refused,
    }
}

async fn by_key(
    session: &mut Handle<Judge>,
    user: &str,
    key: UserKey,
) -> Result<AuthResult, Cause> {
    match key {
        UserKey::Other(key) => {
            let key = PrivateKeyWithHashAlg::new(Arc::new(*key), None);
            let answer = session.authenticate_publickey(user, key).await;
            answer.map_err(|_| Cause::Closed)
        }
        UserKey::Rsa(mut key) => {
            let best = session.best_supported_rsa_hash().await;
            // SHA-1 is not an answer.
            let hash = best.ok().flatten().flatten().unwrap_or(HashAlg::Sha256);
            let public = key.public().ok_or(Cause::KeyUnusable)?;
            let answer = session
                .authenticate_publickey_with(user, public, Some(hash), &mut *key)
                .await;
            answer.map_err(|_| Cause::Closed)
        }
    }
}

/// Servers that have no other way to ask for a password ask one question.
async fn by_dialogue(
    session: &mut Handle<Judge>,
    user: &str,
    password: &Secret,
) -> Result<(), Cause> {
    let began = session.authenticate_keyboard_interactive_start(user, None);
    let mut answer = began.await.map_err(|_| Cause::Closed)?;
    let mut was_asked = false;
    for _ in 0..MAX_QUESTIONS {
        let prompts = match answer {
            KeyboardInteractiveAuthResponse::Success => return Ok(()),
            KeyboardInteractiveAuthResponse::Failure {
                partial_success: true,
                ..
            } => return Err(Cause::MethodUnknown),
            KeyboardInteractiveAuthResponse::Failure {
                remaining_methods, ..
            } => return Err(or_closed(&remaining_methods, Cause::WrongPassword)),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let answers = match prompts.as_slice() {
            [] => Vec::new(),
            [prompt] if !prompt.echo && !was_asked => {
                was_asked = true;
                // EXPOSE: the data store is told it, over SSH.
                vec![password.expose().to_owned()]
            }
            _ => return Err(Cause::MethodUnknown),
        };
        let next = session.authenticate_keyboard_interactive_respond(answers);
        answer = next.await.map_err(|_| Cause::Closed)?;
    }
    Err(Cause::MethodUnknown)
}
