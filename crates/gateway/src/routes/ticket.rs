//! The ticket of a request: `Authorization: Bearer` (RFC 6750 §2.1), and what custody says about it.

use std::net::IpAddr;

use envelope::context::{DataFactoryName, LinkedServiceName};
use http::request::Parts;
use http::{HeaderMap, header};

use crate::clock;
use crate::custody::Custody;
use crate::custody::access::{Access, Action, AuthorisedTicket, TicketProblem};
use crate::problem::Refusal;
use crate::server::RemoteAddress;

/// Checks the request's ticket for one action on one linked service, or on the factory. No RSA work is done.
///
/// # Errors
/// [`Refusal::TicketInvalid`], [`Refusal::ContextMismatch`], [`Refusal::Unavailable`].
pub(super) async fn authorise(
    custody: &Custody,
    parts: &Parts,
    action: Action,
    df: DataFactoryName,
    ls: Option<LinkedServiceName>,
) -> Result<AuthorisedTicket, Refusal> {
    let remote: Option<IpAddr> = parts
        .extensions
        .get::<RemoteAddress>()
        .map(|remote| remote.0.ip());
    let ticket = bearer(&parts.headers).ok_or(Refusal::TicketInvalid(
        "A ticket is needed: Authorization: Bearer, once.",
    ))?;
    let access = Access {
        action,
        df,
        ls,
        remote,
    };
    custody
        .authorise(ticket, &access, clock::now())
        .await
        .map_err(|problem| match problem {
            TicketProblem::Refused(reason) => Refusal::TicketInvalid(reason.for_the_caller()),
            TicketProblem::ContextMismatch => Refusal::ContextMismatch,
            TicketProblem::Unavailable => Refusal::Unavailable,
        })
}

/// The one bearer ticket; two `Authorization` fields are none.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut fields = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return None;
    };
    let (scheme, ticket) = field.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then_some(ticket)
}
