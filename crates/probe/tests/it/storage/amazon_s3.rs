//! Every state of an account.

use probe::report::{Cause, Field, Stage};
use probe::request::Request;

use super::moto::Moto;
use super::{asking, found, is_unlisted};
use crate::certificates::Authority;
use crate::told::Told;

#[tokio::test]
async fn every_state_of_an_account() {
    let authority = Authority::new("Authority of the test");
    let moto = Moto::start(&authority);
    let ask = |[id, secret]: [&str; 2]| -> Request {
        let properties = [("accessKeyID", id)];
        let secret = ("secretAccessKey", secret);
        let mut request = asking("AwsAccessKey", "AccessKey", moto.port, &properties, secret);
        request.authorities = vec![authority.pem()];
        request
    };
    let ann = moto.key("ann");
    let told = Told::of(&ask(ann)).await;
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(told.stage(Stage::Authorise).cause, None);

    for (key, cause, code) in [
        (
            [ann[0], moto.key("nobody")[1]],
            Cause::WrongKey,
            "SignatureDoesNotMatch",
        ),
        (
            ["AKIAIOSFODNN7EXAMPLE", ann[1]],
            Cause::AccessKeyUnknown,
            "InvalidAccessKeyId",
        ),
        ([ann[0], ""], Cause::PasswordMissing, ""),
    ] {
        let expected = found(Stage::Authenticate, cause, code);
        assert_eq!(Told::failure_of(&ask(key)).await, expected);
    }
    assert_eq!(Cause::WrongKey.field(), Some(Field::Password));
    assert_eq!(Cause::AccessKeyUnknown.field(), Some(Field::Username));

    for user in ["one", "nobody", "denied"] {
        let told = Told::of(&ask(moto.key(user))).await;
        assert!(is_unlisted(&told, "AccessDenied"), "{user}: {told:?}");
    }

    let mut stranger = ask(ann);
    stranger.authorities.clear();
    let expected = found(Stage::Tls, Cause::CertificateUntrusted, "");
    assert_eq!(Told::failure_of(&stranger).await, expected);
}
