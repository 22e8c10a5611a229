//! Object stores: Amazon S3 at moto, Azure Storage at Azurite.

mod amazon_s3;
mod azure;
pub(crate) mod azurite;
mod hostile;
mod moto;

use envelope::Secret;
use probe::report::{Cause, Outcome, Stage};
use probe::request::{Destination, Request};

use crate::told::{Told, request};
pub(crate) use hostile::{
    amazon_s3_repeating, at_amazon_s3, at_azure, azure_repeating, by_address, refusal,
};

/// At this port of this machine, whatever the store's own name is: certificates are for `localhost`.
fn asking(
    kind: &str,
    auth: &str,
    port: u16,
    properties: &[(&str, &str)],
    secret: (&str, &str),
) -> Request {
    let mut request = request(port);
    request.kind = kind.to_owned();
    request.auth = auth.to_owned();
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    request.properties = properties.iter().map(own).collect();
    request.secrets.clear();
    let (name, value) = secret;
    if !value.is_empty() {
        let value = Secret::new(value.to_owned());
        request.secrets.insert(name.to_owned(), value);
    }
    request.destination = Destination {
        host: "localhost".to_owned(),
        port,
    };
    request
}

fn found(stage: Stage, cause: Cause, code: &str) -> (Stage, Cause, String) {
    (stage, cause, code.to_owned())
}

/// It passed, but nobody knows what else the account may do.
fn is_unlisted(told: &Told, code: &str) -> bool {
    let authorise = told.stage(Stage::Authorise);
    told.has_passed()
        && authorise.cause == Some(Cause::NotListed)
        && authorise
            .code
            .as_ref()
            .is_some_and(|told| told.as_str() == code)
        && told.stage(Stage::Query).result == Outcome::Skipped
}
