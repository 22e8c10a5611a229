//! As whom: with a password, or as anybody.

use envelope::Secret;

use super::control::{Control, Reply};
use crate::report::{Cause, Halt, Scrubber};
use crate::request::Request;

/// Whom servers let in who let everybody in, and what is usual as the password.
const ANONYMOUS: (&str, &str) = ("anonymous", "anonymous@");

/// What is said of oneself.
pub(super) enum Login<'a> {
    Anonymous,
    Basic {
        user: &'a str,
        password: Option<&'a Secret>,
    },
}

impl<'a> Login<'a> {
    pub(super) fn of(request: &'a Request) -> Result<Self, Cause> {
        if request.auth == "Anonymous" {
            return Ok(Self::Anonymous);
        }
        Ok(Self::Basic {
            user: request.property("username").ok_or(Cause::BadRequest)?,
            password: request.secret("password"),
        })
    }

    /// Logs in; or says what is worth knowing of a login that needed nothing.
    pub(super) async fn log_in(
        &self,
        control: &mut Control,
        is_encrypted: bool,
        scrubber: &Scrubber,
    ) -> Result<Option<Cause>, Halt> {
        let user = match self {
            Self::Anonymous => ANONYMOUS.0,
            Self::Basic { user, .. } => user,
        };
        let answer = control.ask_with("USER", user).await?;
        match answer.code() {
            331 => {}
            230 | 232 => {
                let was_needless = matches!(self, Self::Basic { .. });
                return Ok(was_needless.then_some(Cause::PasswordNotChecked));
            }
            332 => return Err(answer.halt(Cause::MethodUnknown, scrubber)),
            code => {
                let cause = match (code, self) {
                    // Every server of FTP has USER.
                    (500 | 502, _) => Cause::WrongProtocol,
                    _ if wants_tls(&answer, is_encrypted) => Cause::TlsRequired,
                    (530, Self::Anonymous) => Cause::SignInRequired,
                    (530, Self::Basic { .. }) if answer.says(&["anonymous"]) => Cause::MethodOther,
                    (530, Self::Basic { .. }) => Cause::AccountLocked,
                    _ => Cause::StoreRefused,
                };
                return Err(answer.refused(cause, scrubber));
            }
        }
        let answer = match self {
            Self::Anonymous => control.ask_with("PASS", ANONYMOUS.1).await?,
            Self::Basic { password, .. } => {
                let password = password.ok_or(Cause::PasswordMissing)?;
                // EXPOSE: the data store is told it, in the clear only where TLS was switched off.
                control.ask_with("PASS", password.expose()).await?
            }
        };
        let cause = match (answer.code(), self) {
            (202 | 230 | 232, _) => return Ok(None),
            (332, _) => Cause::MoreWanted,
            // In whatever words: too many wrong passwords may be what there were too many of.
            (421, Self::Basic { .. }) => return Err(answer.halt(Cause::Closed, scrubber)),
            _ if wants_tls(&answer, is_encrypted) => Cause::TlsRequired,
            (530, Self::Anonymous) => Cause::SignInRequired,
            (530, Self::Basic { .. }) => Cause::WrongPassword,
            // As vsftpd says it, of a folder that is missing and of one that is closed to the account.
            (500, _) if answer.says(&["cannot change directory"]) => Cause::HomeClosed,
            _ => Cause::StoreRefused,
        };
        Err(answer.refused(cause, scrubber))
    }
}

/// In the server's own words, or by the codes for it (RFC 4217, section 4; RFC 2228, section 5.1).
fn wants_tls(answer: &Reply, is_encrypted: bool) -> bool {
    let is_said = || answer.says(&["encrypt", "tls", "ssl"]);
    !is_encrypted && (matches!(answer.code(), 521 | 522 | 533 | 534) || is_said())
}
