//! As whom: a password, or a key.

use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse, Prompt};
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
        } => Err(Cause::MoreWanted),
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
    let mut dialogue = Dialogue::default();
    for _ in 0..MAX_QUESTIONS {
        let prompts = match answer {
            KeyboardInteractiveAuthResponse::Success => return Ok(()),
            KeyboardInteractiveAuthResponse::Failure {
                partial_success: true,
                ..
            } => return Err(Cause::MoreWanted),
            KeyboardInteractiveAuthResponse::Failure {
                remaining_methods, ..
            } => return Err(or_closed(&remaining_methods, Cause::WrongPassword)),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let answers = dialogue.answers(&prompts, password)?;
        let next = session.authenticate_keyboard_interactive_respond(answers);
        answer = next.await.map_err(|_| Cause::Closed)?;
    }
    Err(dialogue.not_understood())
}

/// What has been asked so far.
#[derive(Default)]
struct Dialogue {
    has_password: bool,
}

impl Dialogue {
    fn answers(&mut self, prompts: &[Prompt], password: &Secret) -> Result<Vec<String>, Cause> {
        match prompts {
            [] => Ok(Vec::new()),
            [prompt] if !prompt.echo && !self.has_password => {
                self.has_password = true;
                // EXPOSE: the data store is told it, over SSH.
                Ok(vec![password.expose().to_owned()])
            }
            _ => Err(self.not_understood()),
        }
    }

    fn not_understood(&self) -> Cause {
        match self.has_password {
            true => Cause::MoreWanted,
            false => Cause::MethodUnknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(prompt: &str, echo: bool) -> Prompt {
        Prompt {
            prompt: prompt.to_owned(),
            echo,
        }
    }

    #[test]
    fn a_second_question_is_asked_of_somebody_who_has_told_the_password() {
        let password = Secret::new("s3cret".to_owned());
        let (asked, code) = ([prompt("Password: ", false)], [prompt("Code: ", false)]);
        let mut dialogue = Dialogue::default();
        let shown = [prompt("User: ", true)];
        let found = dialogue.answers(&shown, &password).err();
        assert_eq!(found, Some(Cause::MethodUnknown));
        // Words alone are no question.
        assert_eq!(dialogue.answers(&[], &password).unwrap().len(), 0);
        assert_eq!(dialogue.answers(&asked, &password).unwrap().len(), 1);
        assert_eq!(dialogue.answers(&[], &password).unwrap().len(), 0);
        let found = dialogue.answers(&code, &password).err();
        assert_eq!(found, Some(Cause::MoreWanted));
    }
}
