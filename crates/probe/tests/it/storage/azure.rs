//! Keys, and shared access signatures.

use probe::report::{Cause, Stage};
use probe::request::{Destination, Request};

use super::azurite::{ACCOUNT, Azurite, KEY};
use super::{asking, found, is_unlisted};
use crate::certificates::Authority;
use crate::told::Told;

const LATER: &str = "2999-01-01T00:00:00Z";
const OVER: &str = "2020-01-01T00:00:00Z";

#[tokio::test]
async fn every_state_of_an_account() {
    let authority = Authority::new("Authority of the test");
    let azurite = Azurite::start(&authority);
    keys(&azurite, &authority).await;
    signatures(&azurite, &authority).await;
}

async fn keys(azurite: &Azurite, authority: &Authority) {
    let ask = |account: &str, key: &str| -> Request {
        let properties = [("AccountName", account)];
        let secret = ("AccountKey", key);
        let port = azurite.port;
        let mut request = asking("AzureStorage", "AccountKey", port, &properties, secret);
        request.authorities = vec![authority.pem()];
        request
    };
    let told = Told::of(&ask(ACCOUNT, KEY)).await;
    assert!(told.has_passed(), "{told:?}");
    let other_key = KEY.replacen('E', "F", 1);
    for (account, key, cause, code) in [
        (
            ACCOUNT,
            other_key.as_str(),
            Cause::WrongKey,
            "AuthorizationFailure",
        ),
        // At Azure itself, its name is unknown.
        ("nobody", KEY, Cause::NothingThere, "ResourceNotFound"),
        (ACCOUNT, "half a key", Cause::KeyGarbled, ""),
        (ACCOUNT, "", Cause::PasswordMissing, ""),
    ] {
        let (_, found_cause, found_code) = Told::failure_of(&ask(account, key)).await;
        assert_eq!(
            (found_cause, found_code.as_str()),
            (cause, code),
            "{account}"
        );
    }
    let mut unknown = ask("no-such-account", KEY);
    unknown.destination.host = "no-such-account.invalid".to_owned();
    let expected = found(Stage::Resolve, Cause::UnknownHost, "");
    assert_eq!(Told::failure_of(&unknown).await, expected);
}

async fn signatures(azurite: &Azurite, authority: &Authority) {
    let ask = |address: &str| -> Request {
        let mut request = asking("AzureStorage", "SAS", 1, &[], ("sasUri", address));
        // It is in the secret, and nowhere else.
        request.destination = Destination::of("AzureStorage", &request.properties);
        request.authorities = vec![authority.pem()];
        request
    };
    azurite.make("sales");
    for address in [
        azurite.signed("", "l", "s", LATER),
        azurite.signed("/sales", "l", "c", LATER),
        azurite.signed_container("sales", "rl", LATER),
    ] {
        let told = Told::of(&ask(&address)).await;
        assert!(told.has_passed() && !is_unlisted(&told, ""), "{told:?}");
    }
    for (address, code) in [
        (
            azurite.signed("", "r", "s", LATER),
            "AuthorizationPermissionMismatch",
        ),
        (
            azurite.signed("", "l", "o", LATER),
            "AuthorizationResourceTypeMismatch",
        ),
        (
            azurite.signed_container("sales", "r", LATER),
            "AuthorizationPermissionMismatch",
        ),
    ] {
        let told = Told::of(&ask(&address)).await;
        assert!(is_unlisted(&told, code), "{told:?}");
    }
    let right = azurite.signed("", "l", "s", LATER);
    let at_login = |cause, code| found(Stage::Authenticate, cause, code);
    for (address, expected) in [
        (
            azurite.signed("", "l", "s", OVER),
            at_login(Cause::SasExpired, "AuthorizationFailure"),
        ),
        (
            azurite.signed_container("sales", "l", OVER),
            at_login(Cause::SasExpired, "AuthorizationFailure"),
        ),
        (
            right.replace("sp=l", "sp=rwl"),
            at_login(Cause::WrongKey, "AuthorizationFailure"),
        ),
        (
            azurite.signed_container("none", "l", LATER),
            found(Stage::Query, Cause::NothingThere, "ContainerNotFound"),
        ),
        (
            right.replace("https:", "http:"),
            found(Stage::Tls, Cause::CleartextRefused, ""),
        ),
        (
            right.replace("sig=", "gis="),
            found(Stage::Tls, Cause::KeyGarbled, ""),
        ),
        (
            "nonsense".to_owned(),
            found(Stage::Policy, Cause::BadHost, ""),
        ),
    ] {
        assert_eq!(Told::failure_of(&ask(&address)).await, expected);
    }
    // Where it goes is looked at as everything else is.
    let mut elsewhere = ask(&right);
    elsewhere.policy = probe::policy::Policy::default();
    let expected = found(Stage::Resolve, Cause::PolicyLoopback, "");
    assert_eq!(Told::failure_of(&elsewhere).await, expected);
}
