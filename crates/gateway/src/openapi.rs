//! The OpenAPI 3.1 document. Each handler declares beside itself what it takes and answers; the router makes of one line a route and its
//! entry here, so that neither has what the other lacks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use envelope::protocol::{FieldProblem, MEDIA_TYPE_PROBLEM};
use http::{StatusCode, header};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
    RefOr, Response, ResponseBuilder,
};
use utoipa::{IntoResponses, ToSchema};

use crate::problem::{Document, Oversized, Refusal};
use crate::router;

/// The document's media type. The one that OpenAPI has registered since (`application/openapi+json`) is known to few readers.
pub const MEDIA_TYPE: &str = "application/json";

/// The security scheme of calls that take a ticket.
pub(crate) const TICKET: &str = "ticket";

/// What any call may be refused for, before its handler is reached.
pub(crate) const ANY_CALL: &[Refusal] = &[
    Refusal::TooLarge(Oversized::Uri),
    Refusal::TooLarge(Oversized::Header),
    Refusal::TooLarge(Oversized::Body),
    Refusal::Misdirected,
    Refusal::Timeout,
    Refusal::Internal,
];

/// What a call that changes something may be refused for as well.
pub(crate) const WRITES: &[Refusal] = &[Refusal::CrossSite];

/// What a call that takes a ticket may be refused for as well.
pub(crate) const TAKES_TICKET: &[Refusal] = &[
    Refusal::TicketInvalid(""),
    Refusal::ContextMismatch,
    Refusal::Unavailable,
];

/// What a call with names in its path may be refused for as well.
pub(crate) const NAMES: &[Refusal] = &[Refusal::InvalidName(String::new())];

/// The document as JSON text, for `GET /openapi.json` and the command `openapi`.
#[must_use]
pub fn text() -> &'static str {
    // A document of strings and numbers always has a JSON text.
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let document = router::routes(&[]).into_openapi();
        document.to_json().unwrap_or_default() + "\n"
    });
    &TEXT
}

/// Everything but the routes.
pub(crate) fn without_routes() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Credential gateway")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(
            LicenseBuilder::new()
                .name("MIT")
                .identifier(Some("MIT"))
                .build(),
        ));
    let ticket = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWS")
        .description(Some(
            "A ticket: a compact JWS by a registered portal or the gateway, good for one linked service and ten minutes.",
        ));
    let components = ComponentsBuilder::new()
        .schema_from::<Document<'_>>()
        .schema_from::<FieldProblem>()
        .security_scheme(
            TICKET,
            utoipa::openapi::security::SecurityScheme::Http(ticket.build()),
        );
    OpenApiBuilder::new()
        .info(info.build())
        .components(Some(components.build()))
        .build()
}

const ABOUT: &str = "Keys are published here, sealed credentials are taken and kept. No call takes or gives a secret in the clear. \
Every refusal is a problem document (RFC 9457) with a stable `code`; a path or method that is not in here is answered 404 or 405 \
likewise, and what is no HTTP, or has more than 32 KiB of header, with an empty 400 or 431.";

/// The problem documents of these refusals, by status. [`crate::problem::write`] writes them.
pub(crate) fn refused(refusals: &[&[Refusal]]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<StatusCode, Vec<&Refusal>>::new();
    for refusal in refusals.iter().copied().flatten() {
        by_status.entry(refusal.status()).or_default().push(refusal);
    }
    let by_status = by_status.into_iter();
    by_status
        .map(|(status, refusals)| {
            (
                status.as_str().to_owned(),
                problem(status, &refusals).into(),
            )
        })
        .collect()
}

fn problem(status: StatusCode, refusals: &[&Refusal]) -> Response {
    let titles: BTreeSet<_> = refusals.iter().map(|refusal| refusal.title()).collect();
    let codes: BTreeSet<_> = refusals.iter().map(|refusal| refusal.code()).collect();
    let narrowed = ObjectBuilder::new()
        .property(
            "status",
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .enum_values(Some([status.as_u16()])),
        )
        .property(
            "code",
            ObjectBuilder::new()
                .schema_type(Type::String)
                .enum_values(Some(codes)),
        );
    let schema = AllOfBuilder::new()
        .item(Ref::from_schema_name(Document::name()))
        .item(narrowed);
    let response = ResponseBuilder::new()
        .description(Vec::from_iter(titles).join(" Or: "))
        .content(
            MEDIA_TYPE_PROBLEM,
            ContentBuilder::new().schema(Some(schema)).build(),
        );
    let with = |response: ResponseBuilder, name: header::HeaderName, says: &str| {
        let header = HeaderBuilder::new()
            .schema(ObjectBuilder::new().schema_type(Type::String))
            .description(Some(says));
        response.header(name.as_str(), header.build())
    };
    match status {
        StatusCode::UNAUTHORIZED => with(response, header::WWW_AUTHENTICATE, "Bearer"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => with(
            response,
            header::RETRY_AFTER,
            "Seconds after which a caller may try again.",
        ),
        _ => response,
    }
    .build()
}

/// The refusals of a call that anybody may make and that looks nothing up.
pub(crate) struct AnyCall;

impl IntoResponses for AnyCall {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refused(&[ANY_CALL])
    }
}

/// The refusals of a call that anybody may make and that asks the store.
pub(crate) struct AsksStore;

impl IntoResponses for AsksStore {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refused(&[ANY_CALL, &[Refusal::Unavailable]])
    }
}
