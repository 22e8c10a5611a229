//! The names in a path.

use axum::extract::{FromRequestParts, RawPathParams};
use envelope::context::{DataFactoryName, LinkedServiceName};
use http::request::Parts;
use utoipa::IntoParams;

use crate::problem::Refusal;

/// `/v1/factories/{df}/…`
pub struct FactoryPath(pub DataFactoryName);

/// `/v1/factories/{df}/linked-services/{ls}…`
pub struct LinkedServicePath(pub DataFactoryName, pub LinkedServiceName);

/// What [`FactoryPath`] reads, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "declared, not read")]
pub(super) struct FactoryName {
    /// The data factory.
    #[param(example = "factory")]
    df: DataFactoryName,
}

/// What [`LinkedServicePath`] reads, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "declared, not read")]
pub(super) struct LinkedServiceNames {
    /// The data factory.
    #[param(example = "factory")]
    df: DataFactoryName,
    /// The linked service.
    #[param(example = "orders")]
    ls: LinkedServiceName,
}

impl<S: Send + Sync> FromRequestParts<S> for FactoryPath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let names = names(parts, state).await?;
        let df = DataFactoryName::parse(named(&names, "df"))
            .map_err(|error| Refusal::InvalidName(error.to_string()))?;
        Ok(Self(df))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for LinkedServicePath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let names = names(parts, state).await?;
        let df = DataFactoryName::parse(named(&names, "df"))
            .map_err(|error| Refusal::InvalidName(error.to_string()))?;
        let ls = LinkedServiceName::parse(named(&names, "ls"))
            .map_err(|error| Refusal::InvalidName(error.to_string()))?;
        Ok(Self(df, ls))
    }
}

/// The path's segments, percent-decoded once, after the path was split: an encoded separator stays inside its name.
async fn names<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Refusal> {
    RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| Refusal::InvalidName("a name in the path is not UTF-8".to_owned()))
}

fn named<'a>(names: &'a RawPathParams, wanted: &str) -> &'a str {
    names
        .iter()
        .find_map(|(name, value)| (name == wanted).then_some(value))
        .unwrap_or_default()
}
