//! FTP, at vsftpd, with TLS and without.

mod hostile;
mod vsftpd;

use envelope::Secret;
use probe::report::{Cause, Field, Outcome, Stage};
use probe::request::{Destination, Encryption, Request};

use crate::certificates::{Authority, Leaf};
use crate::server::PASSWORD;
use crate::sftp::User;
use crate::told::{Told, request};
pub(crate) use hostile::repeating;
use vsftpd::Vsftpd;

pub(crate) fn asking(port: u16, auth: &str) -> Request {
    let mut request = request(0);
    request.kind = "FtpServer".to_owned();
    request.auth = auth.to_owned();
    request.encryption = Encryption::Required;
    request.properties.clear();
    let port = port.to_string();
    for (name, value) in [("host", "localhost"), ("port", port.as_str())] {
        request.properties.insert(name.to_owned(), value.to_owned());
    }
    request.destination = Destination::of("FtpServer", &request.properties);
    request
}

pub(crate) fn in_the_clear(mut request: Request) -> Request {
    let name = "enableSsl".to_owned();
    request.properties.insert(name, "false".to_owned());
    request
}

pub(crate) fn as_user(mut request: Request, user: &str, password: &str) -> Request {
    let name = "username".to_owned();
    request.properties.insert(name, user.to_owned());
    request.secrets.clear();
    if !password.is_empty() {
        let secret = Secret::new(password.to_owned());
        request.secrets.insert("password".to_owned(), secret);
    }
    request
}

fn believing(mut request: Request, authority: &Authority) -> Request {
    request.authorities = vec![authority.pem()];
    request
}

#[tokio::test]
async fn anybody_is_let_in_or_not() {
    let server = Vsftpd::start("anonymous_enable=YES\nlocal_enable=NO\n");
    let told = Told::of(&in_the_clear(asking(server.port, "Anonymous"))).await;
    assert!(told.has_passed(), "{told:?}");
    let stage = told.stage(Stage::Tls);
    assert_eq!(
        (stage.result, stage.cause),
        (Outcome::Skipped, Some(Cause::TlsOff))
    );
    // An account at a server that has none.
    let request = in_the_clear(asking(server.port, "Basic"));
    let (stage, cause, code) = Told::failure_of(&as_user(request, "ann", PASSWORD)).await;
    assert_eq!(
        (stage, cause, code.as_str()),
        (Stage::Authenticate, Cause::MethodOther, "530")
    );
    let closed = Vsftpd::start("anonymous_enable=NO\nlocal_enable=YES\n");
    let (stage, cause, code) =
        Told::failure_of(&in_the_clear(asking(closed.port, "Anonymous"))).await;
    assert_eq!(
        (stage, cause, code.as_str()),
        (Stage::Authenticate, Cause::SignInRequired, "530")
    );
}

#[tokio::test]
async fn tls_is_offered_or_not_and_its_certificate_is_believed_or_not() {
    let authority = Authority::new("Files");
    let of = |leaf: &Leaf| {
        let settings = "anonymous_enable=YES\nlocal_enable=NO\nallow_anon_ssl=YES\n";
        Vsftpd::with_tls(settings, &authority.issue(leaf))
    };
    let sound = of(&Leaf::Sound);
    let told = Told::of(&believing(asking(sound.port, "Anonymous"), &authority)).await;
    assert!(told.has_passed(), "{told:?}");
    let shown = told.stage(Stage::Tls).certificate.clone().unwrap();
    let tls = |cause| (Stage::Tls, cause, String::new());
    let stranger = asking(sound.port, "Anonymous");
    assert_eq!(
        Told::failure_of(&stranger).await,
        tls(Cause::CertificateUntrusted)
    );
    let mut unchecked = stranger;
    let name = "enableServerCertificateValidation".to_owned();
    unchecked.properties.insert(name, "false".to_owned());
    assert_eq!(
        Told::failure_of(&unchecked).await,
        tls(Cause::CertificateUntrusted)
    );
    let mut trusting = unchecked;
    trusting.trusted = vec![shown.sha256.as_str().parse().unwrap()];
    let told = Told::of(&trusting).await;
    assert!(told.has_passed(), "{told:?}");
    for (leaf, cause) in [
        (Leaf::Expired, Cause::CertificateExpired),
        (Leaf::NotYetValid, Cause::CertificateNotYetValid),
        (Leaf::OtherName, Cause::CertificateWrongName),
    ] {
        let server = of(&leaf);
        let request = believing(asking(server.port, "Anonymous"), &authority);
        assert_eq!(Told::failure_of(&request).await, tls(cause), "{leaf:?}");
    }
    let without = Vsftpd::start("anonymous_enable=YES\nlocal_enable=NO\n");
    let (stage, cause, _) = Told::failure_of(&asking(without.port, "Anonymous")).await;
    assert_eq!((stage, cause), (Stage::Tls, Cause::TlsNotOffered));
}

#[tokio::test]
async fn passwords() {
    let user = User::with_password();
    let authority = Authority::new("Files");
    let leaf = authority.issue(&Leaf::Sound);
    let server = Vsftpd::with_tls("local_enable=YES\nforce_local_logins_ssl=YES\n", &leaf);
    let at = |server: &Vsftpd, password: &str| {
        let request = believing(asking(server.port, "Basic"), &authority);
        as_user(request, user.name(), password)
    };
    let told = Told::of(&at(&server, PASSWORD)).await;
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(told.stage(Stage::Authenticate).cause, None);

    let wrong = (Stage::Authenticate, Cause::WrongPassword, "530".to_owned());
    assert_eq!(Told::failure_of(&at(&server, "guess")).await, wrong);
    assert_eq!(Cause::WrongPassword.field(), Some(Field::Password));
    let unknown = as_user(at(&server, ""), "no-such-user", PASSWORD);
    assert_eq!(Told::failure_of(&unknown).await, wrong);
    let missing = (Stage::Authenticate, Cause::PasswordMissing, String::new());
    assert_eq!(Told::failure_of(&at(&server, "")).await, missing);
    let smuggling = as_user(at(&server, PASSWORD), "ann\r\nPASS x", PASSWORD);
    let bad = (Stage::Authenticate, Cause::BadRequest, String::new());
    assert_eq!(Told::failure_of(&smuggling).await, bad);
    // The server asks for TLS before it asks for the password.
    let clear = Told::failure_of(&in_the_clear(at(&server, PASSWORD))).await;
    let expected = (Stage::Authenticate, Cause::TlsRequired, "530".to_owned());
    assert_eq!(clear, expected);

    let denying = format!("{}\n", user.name());
    let denying = Vsftpd::denying("local_enable=YES\n", &denying);
    let clear = Told::failure_of(&in_the_clear(at(&denying, PASSWORD))).await;
    let expected = (Stage::Authenticate, Cause::AccountLocked, "530".to_owned());
    assert_eq!(clear, expected);
    // The server tells nobody that an account is locked.
    user.lock();
    assert_eq!(Told::failure_of(&at(&server, PASSWORD)).await, wrong);
    user.unlock();

    // Nothing is encrypted, as chosen, and the password goes over in the clear.
    let plain = Vsftpd::start("local_enable=YES\n");
    let told = Told::of(&in_the_clear(at(&plain, PASSWORD))).await;
    assert!(told.has_passed(), "{told:?}");
    for folder in [
        "/nowhere-at-all".to_owned(),
        server.closed_folder().display().to_string(),
    ] {
        user.live_in(&folder);
        let (stage, cause, code) = Told::failure_of(&in_the_clear(at(&plain, PASSWORD))).await;
        let expected = (Stage::Authorise, Cause::HomeClosed, "500");
        assert_eq!((stage, cause, code.as_str()), expected, "{folder}");
    }
    // Within TLS, vsftpd says it outside of TLS.
    let closed = (Stage::Authenticate, Cause::Closed, String::new());
    assert_eq!(Told::failure_of(&at(&server, PASSWORD)).await, closed);
    user.live_in("/");
    let fenced = Vsftpd::start("local_enable=YES\ncmds_denied=CWD\n");
    let (stage, cause, code) = Told::failure_of(&in_the_clear(at(&fenced, PASSWORD))).await;
    let expected = (Stage::Query, Cause::Forbidden, "550");
    assert_eq!((stage, cause, code.as_str()), expected);
}
