//! HTTP and what is spoken over it, at nginx; Digest at lighttpd.

mod hostile;
mod ntlm;
mod servers;

use envelope::Secret;
use probe::report::{Cause, Field, Outcome, Stage};
use probe::request::{Destination, Request};

use crate::certificates::{Authority, Leaf};
use crate::told::{Told, request};
pub(crate) use hostile::repeating;
use servers::{CERTIFICATE_PASSPHRASE, Digest, Nginx, key_file};

/// `ann` with the right password.
pub(crate) fn asking(kind: &str, auth: &str, url: &str) -> Request {
    let mut request = request(0);
    request.kind = kind.to_owned();
    request.auth = auth.to_owned();
    request.properties.clear();
    for (name, value) in [("url", url), ("userName", "ann"), ("username", "ann")] {
        request.properties.insert(name.to_owned(), value.to_owned());
    }
    request.destination = Destination::of(kind, &request.properties);
    request
}

fn guessing(mut request: Request) -> Request {
    let guess = Secret::new("guess".to_owned());
    request.secrets.insert("password".to_owned(), guess);
    request
}

fn by_certificate(url: &str, file: &str) -> Request {
    let mut request = asking("Http", "ClientCertificate", url);
    request.secrets.clear();
    let secrets = [
        ("embeddedCertData", key_file(file)),
        ("password", CERTIFICATE_PASSPHRASE.to_owned()),
    ];
    for (name, secret) in secrets {
        request.secrets.insert(name.to_owned(), Secret::new(secret));
    }
    request
}

type Failure = Option<(Stage, Cause, &'static str)>;

const fn failing(stage: Stage, cause: Cause, code: &'static str) -> Failure {
    Some((stage, cause, code))
}

#[tokio::test]
async fn every_state_of_a_web_server() {
    let authority = Authority::new("Authority of the test");
    let nginx = Nginx::start(&authority);
    in_the_clear(&nginx).await;
    over_tls(&nginx, &authority).await;
    by_certificates(&nginx, &authority).await;
    every_certificate(&nginx, &authority).await;
}

async fn in_the_clear(nginx: &Nginx) {
    use Cause as C;
    use Stage as S;
    let rows = [
        ("Http", "Anonymous", "/open", None),
        ("Web", "Anonymous", "/open", None),
        (
            "Http",
            "Anonymous",
            "/none",
            failing(S::Query, C::NothingThere, "404"),
        ),
        (
            "Http",
            "Anonymous",
            "/denied",
            failing(S::Authorise, C::Forbidden, "403"),
        ),
        (
            "Http",
            "Anonymous",
            "/basic/page",
            failing(S::Authenticate, C::SignInRequired, "401"),
        ),
        (
            "Http",
            "Anonymous",
            "/moved",
            failing(S::Query, C::Redirected, "302"),
        ),
        (
            "Http",
            "Anonymous",
            "/busy",
            failing(S::Query, C::NotReady, "503"),
        ),
        (
            "Http",
            "Anonymous",
            "/many",
            failing(S::Query, C::TooManyConnections, "429"),
        ),
        (
            "Http",
            "Anonymous",
            "/broken",
            failing(S::Query, C::StoreRefused, "500"),
        ),
        (
            "Http",
            "Basic",
            "/basic/page",
            failing(S::Authenticate, C::CleartextRefused, "401"),
        ),
        (
            "Http",
            "Digest",
            "/basic/page",
            failing(S::Authenticate, C::MethodOther, "401"),
        ),
        ("OData", "Anonymous", "/odata/", None),
        ("OData", "Anonymous", "/odata.xml", None),
        (
            "OData",
            "Anonymous",
            "/open",
            failing(S::Query, C::WrongContent, "200"),
        ),
        ("Hdfs", "Anonymous", "/webhdfs/v1/", None),
        (
            "Hdfs",
            "Anonymous",
            "/webhdfs/lost/",
            failing(S::Query, C::NothingThere, "404"),
        ),
        (
            "Hdfs",
            "Anonymous",
            "/open",
            failing(S::Query, C::WrongContent, "200"),
        ),
    ];
    for (kind, auth, path, expected) in rows {
        let told = Told::of(&asking(kind, auth, &nginx.clear(path))).await;
        assert_eq!(told.failure(), expected, "{kind} {auth} {path}: {told:?}");
        assert_eq!(told.has_passed(), expected.is_none());
        assert_eq!(told.stage(Stage::Tls).cause, Some(Cause::TlsOff));
    }
    let told = Told::of(&asking("Http", "Anonymous", &nginx.clear("/moved"))).await;
    let said = told.stage(Stage::Query).said.clone().unwrap();
    assert_eq!(said.as_str(), "elsewhere.example");
    let lost = Told::of(&asking("Hdfs", "Anonymous", &nginx.clear("/webhdfs/lost/"))).await;
    let said = lost.stage(Stage::Query).said.clone().unwrap();
    assert_eq!(said.as_str(), "File does not exist");
    let told = Told::of(&asking("Http", "Digest", &nginx.clear("/basic/page"))).await;
    let said = told.stage(Stage::Authenticate).said.clone().unwrap();
    assert_eq!(said.as_str(), "Basic");
    // A way to sign in that nobody has asked for proves nothing.
    let told = Told::of(&asking("Http", "Basic", &nginx.clear("/open"))).await;
    let note = told.stage(Stage::Authenticate).cause;
    assert_eq!(
        (told.has_passed(), note),
        (true, Some(Cause::PasswordNotChecked))
    );
    let told = Told::of(&asking(
        "Http",
        "Anonymous",
        &nginx.clear("/open").replace("http:", "https:"),
    ))
    .await;
    assert_eq!(told.failure(), failing(S::Tls, C::WrongProtocol, ""));
    let tls_port = nginx.tls(&Leaf::Sound, "/open").replace("https:", "http:");
    let told = Told::of(&asking("Http", "Anonymous", &tls_port)).await;
    assert_eq!(told.failure(), failing(S::Query, C::StoreRefused, "400"));
}

async fn over_tls(nginx: &Nginx, authority: &Authority) {
    use Cause as C;
    use Stage as S;
    let at = |path: &str, kind: &str| {
        let mut request = asking(kind, "Basic", &nginx.tls(&Leaf::Sound, path));
        request.authorities = vec![authority.pem()];
        request
    };
    for (kind, path, expected) in [
        ("Http", "/basic/page", None),
        (
            "Http",
            "/basic/none",
            failing(S::Query, C::NothingThere, "404"),
        ),
        (
            "Http",
            "/basic/folder/",
            failing(S::Authorise, C::Forbidden, "403"),
        ),
        (
            "Http",
            "/basic/folder",
            failing(S::Query, C::Redirected, "301"),
        ),
        ("OData", "/basic/odata", None),
        (
            "OData",
            "/basic/page",
            failing(S::Query, C::WrongContent, "200"),
        ),
        // It does not ask, but says no to strangers.
        ("Http", "/hidden/page", None),
    ] {
        let told = Told::of(&at(path, kind)).await;
        assert_eq!(told.failure(), expected, "{path}: {told:?}");
        assert_eq!(told.stage(Stage::Authenticate).cause, None);
        let told = Told::of(&guessing(at(path, kind))).await;
        let wrong = match path {
            "/hidden/page" => failing(S::Query, C::NothingThere, "404"),
            _ => failing(S::Authenticate, C::WrongPassword, "401"),
        };
        assert_eq!(told.failure(), wrong, "{path}: {told:?}");
    }
    let told = Told::of(&guessing(at("/basic/page", "Http"))).await;
    assert_eq!(
        told.ending.cause.and_then(Cause::field),
        Some(Field::Password)
    );
    let mut without = at("/basic/page", "Http");
    without.secrets.clear();
    let told = Told::of(&without).await;
    assert_eq!(
        told.failure(),
        failing(S::Authenticate, C::PasswordMissing, "401")
    );
}

async fn by_certificates(nginx: &Nginx, authority: &Authority) {
    use Cause as C;
    use Stage as S;
    let rows = [
        ("/open", "p-256.aes.pfx", None),
        (
            "/none",
            "p-256.aes.pfx",
            failing(S::Query, C::NothingThere, "404"),
        ),
        (
            "/denied",
            "p-256.aes.pfx",
            failing(S::Authorise, C::Forbidden, "403"),
        ),
        (
            "/open",
            "rsa-2048.aes.pfx",
            failing(S::Authenticate, C::ClientCertificateRefused, "400"),
        ),
        (
            "/open",
            "rsa-2048.without-key.pfx",
            failing(S::Tls, C::KeyUnusable, ""),
        ),
    ];
    for (path, file, expected) in rows {
        let mut request = by_certificate(&nginx.asking_for_certificates(path), file);
        request.authorities = vec![authority.pem()];
        let told = Told::of(&request).await;
        assert_eq!(told.failure(), expected, "{path} {file}: {told:?}");
        assert_eq!(
            told.stage(Stage::Authenticate).result == Outcome::Passed,
            !matches!(expected, Some((S::Authenticate | S::Tls, ..)))
        );
    }
    let mut request = by_certificate(&nginx.asking_for_certificates("/open"), "p-256.aes.pfx");
    request.authorities = vec![authority.pem()];
    let told = Told::of(&guessing(request)).await;
    assert_eq!(told.failure(), failing(S::Tls, C::WrongPassphrase, ""));
    assert_eq!(
        told.ending.cause.and_then(Cause::field),
        Some(Field::Passphrase)
    );

    let mut request = by_certificate(&nginx.tls(&Leaf::Sound, "/open"), "p-256.aes.pfx");
    request.authorities = vec![authority.pem()];
    let told = Told::of(&request).await;
    let note = told.stage(Stage::Authenticate).cause;
    assert_eq!(
        (told.has_passed(), note),
        (true, Some(C::ClientCertificateNotAsked))
    );

    request.secrets.remove("embeddedCertData");
    let told = Told::of(&request).await;
    assert_eq!(told.failure(), failing(S::Tls, C::CertificateElsewhere, ""));
}

async fn every_certificate(nginx: &Nginx, authority: &Authority) {
    for (leaf, by_authority, by_fingerprint) in [
        (Leaf::Sound, None, None),
        (Leaf::OtherName, Some(Cause::CertificateWrongName), None),
        (
            Leaf::Expired,
            Some(Cause::CertificateExpired),
            Some(Cause::CertificateExpired),
        ),
        (
            Leaf::NotYetValid,
            Some(Cause::CertificateNotYetValid),
            Some(Cause::CertificateNotYetValid),
        ),
    ] {
        let mut request = asking("Http", "Basic", &nginx.tls(&leaf, "/basic/page"));
        // It never means that anybody is believed.
        let property = "enableServerCertificateValidation".to_owned();
        request.properties.insert(property, "false".to_owned());
        let told = Told::of(&request).await;
        let untrusted = by_fingerprint.unwrap_or(Cause::CertificateUntrusted);
        assert_eq!(
            told.failure(),
            Some((Stage::Tls, untrusted, "")),
            "{leaf:?}"
        );
        let certificate = told.stage(Stage::Tls).certificate.clone().unwrap();
        assert_eq!(certificate.issuer.as_str(), "CN=Authority of the test");

        request.authorities = vec![authority.pem()];
        let told = Told::of(&request).await;
        assert_eq!(told.ending.cause, by_authority, "{leaf:?}");
        request.authorities.clear();
        request.trusted = vec![certificate.sha256.as_str().to_owned().try_into().unwrap()];
        let told = Told::of(&request).await;
        assert_eq!(told.ending.cause, by_fingerprint, "{leaf:?}");
    }
}

#[tokio::test]
async fn digest() {
    let server = Digest::start();
    let ask = |path: &str| asking("Http", "Digest", &server.url(path));
    let told = Told::of(&ask("/page")).await;
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(told.stage(Stage::Authenticate).cause, None);
    let told = Told::of(&guessing(ask("/page"))).await;
    assert_eq!(
        told.failure(),
        failing(Stage::Authenticate, Cause::WrongPassword, "401")
    );
    let told = Told::of(&ask("/none")).await;
    assert_eq!(
        told.failure(),
        failing(Stage::Query, Cause::NothingThere, "404")
    );
    let told = Told::of(&ask("/folder/")).await;
    assert_eq!(
        told.failure(),
        failing(Stage::Authorise, Cause::Forbidden, "403")
    );
    let mut unknown = ask("/page");
    unknown
        .properties
        .insert("userName".to_owned(), "nobody".to_owned());
    let told = Told::of(&unknown).await;
    assert_eq!(
        told.failure(),
        failing(Stage::Authenticate, Cause::WrongPassword, "401")
    );
    // The other way to sign in is not offered.
    let told = Told::of(&asking("Http", "Basic", &server.url("/page"))).await;
    assert_eq!(
        told.failure(),
        failing(Stage::Authenticate, Cause::MethodOther, "401")
    );
}
