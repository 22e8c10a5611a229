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
    let ticket = bearer(&parts.headers)?;
    let access = Access {
        action,
        df,
        ls,
        remote: remote(parts),
    };
    custody
        .authorise(ticket, &access, clock::now())
        .await
        .map_err(refusal)
}

/// What a ticket's holder is told of a problem with it.
pub(super) fn refusal(problem: TicketProblem) -> Refusal {
    match problem {
        TicketProblem::Refused(reason) => Refusal::TicketInvalid(reason.for_the_caller()),
        TicketProblem::ContextMismatch => Refusal::ContextMismatch,
        TicketProblem::Unavailable => Refusal::Unavailable,
    }
}

/// Who calls, for the audit trail.
pub(super) fn remote(parts: &Parts) -> Option<IpAddr> {
    let remote = parts.extensions.get::<RemoteAddress>();
    remote.map(|remote| remote.0.ip())
}

/// The one bearer ticket; two `Authorization` fields are none.
///
/// # Errors
/// [`Refusal::TicketInvalid`].
pub(super) fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut fields = headers.get_all(header::AUTHORIZATION).iter();
    let only = match (fields.next(), fields.next()) {
        (Some(field), None) => field.to_str().ok(),
        _ => None,
    };
    only.and_then(|field| field.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, ticket)| ticket)
        .ok_or(Refusal::TicketInvalid(
            "A ticket is needed: Authorization: Bearer, once.",
        ))
}
