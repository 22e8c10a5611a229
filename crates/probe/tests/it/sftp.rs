//! SFTP, at OpenSSH's server.

mod hostile;
mod repeating;
mod sshd;

use envelope::Secret;
use probe::report::{Cause, Field, Outcome, Stage};
use probe::request::{Destination, Request};

use crate::server::PASSWORD;
use crate::told::{Told, request};
pub(crate) use repeating::repeating;
pub(crate) use sshd::User;
use sshd::{KEYS, Sshd, key, key_passphrase};

pub(crate) fn asking(user: &str, port: u16, auth: &str) -> Request {
    let mut request = request(0);
    request.kind = "Sftp".to_owned();
    request.auth = auth.to_owned();
    request.properties.clear();
    let port = port.to_string();
    for (name, value) in [
        ("host", "localhost"),
        ("port", port.as_str()),
        ("username", user),
    ] {
        request.properties.insert(name.to_owned(), value.to_owned());
    }
    request.destination = Destination::of("Sftp", &request.properties);
    request
}

fn trusting(mut request: Request, fingerprint: &str) -> Request {
    let name = "hostKeyFingerprint".to_owned();
    request.properties.insert(name, fingerprint.to_owned());
    request
}

fn with(mut request: Request, secrets: &[(&str, &str)]) -> Request {
    request.secrets.clear();
    for (name, value) in secrets {
        let secret = Secret::new((*value).to_owned());
        request.secrets.insert((*name).to_owned(), secret);
    }
    request
}

#[tokio::test]
async fn every_state_of_a_server() {
    let sshd = Sshd::start();
    let user = User::new();
    host_keys(&sshd, &user).await;
    keys(&sshd, &user).await;
}

#[tokio::test]
async fn every_state_of_an_account_with_a_password() {
    let sshd = Sshd::start();
    passwords(&sshd, &User::with_password()).await;
}

async fn host_keys(sshd: &Sshd, user: &User) {
    let ask = || {
        with(
            asking(user.name(), sshd.port, "SshPublicKey"),
            &[("privateKeyContent", &key("ed25519.openssh"))],
        )
    };
    let told = Told::of(&ask()).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Tls, Cause::HostKeyUnknown, ""))
    );
    assert_eq!(
        told.ending.cause.and_then(Cause::field),
        Some(Field::HostKey)
    );
    let shown = told.stage(Stage::Tls).certificate.clone().unwrap();
    assert_eq!(shown.subject.as_str(), "ssh-ed25519 localhost");
    assert_eq!(shown.sha256.as_str(), sshd.fingerprint("ed25519", "sha256"));

    // Each key that the server has, in each spelling; it prefers one of them.
    for kind in ["ed25519", "ecdsa"] {
        for hash in ["sha256", "md5"] {
            let told = Told::of(&trusting(ask(), &sshd.fingerprint(kind, hash))).await;
            assert!(told.has_passed(), "{kind} {hash}: {told:?}");
            assert!(told.stage(Stage::Tls).certificate.is_some());
        }
    }
    let other = format!("SHA256:{}", "A".repeat(43));
    let told = Told::of(&trusting(ask(), &other)).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Tls, Cause::HostKeyChanged, ""))
    );
    let found = told.stage(Stage::Tls).certificate.clone().unwrap();
    assert_eq!(found.sha256, shown.sha256);

    let mut unchecked = ask();
    let skip = "skipHostKeyValidation".to_owned();
    unchecked.properties.insert(skip, "true".to_owned());
    let told = Told::of(&unchecked).await;
    let stage = told.stage(Stage::Tls);
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(stage.cause, Some(Cause::HostKeyNotChecked));
    assert_eq!(stage.certificate.as_ref(), Some(&shown));

    let only_rsa = Sshd::with_rsa_only();
    let mut told = Told::of(&ask_at(&ask(), &only_rsa)).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Tls, Cause::SshIncompatible, ""))
    );
    told = Told::of(&trusting(ask_at(&ask(), &only_rsa), &other)).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Tls, Cause::SshIncompatible, ""))
    );
}

fn ask_at(request: &Request, sshd: &Sshd) -> Request {
    asking(&request.properties["username"], sshd.port, "SshPublicKey")
}

async fn passwords(sshd: &Sshd, user: &User) {
    let fingerprint = sshd.fingerprint("ed25519", "sha256");
    let ask = |name: &str, password: &str| {
        let request = trusting(asking(name, sshd.port, "Basic"), &fingerprint);
        with(request, &[("password", password)])
    };
    let told = Told::of(&ask(user.name(), PASSWORD)).await;
    assert!(told.has_passed(), "{told:?}");
    let wrong = Some((Stage::Authenticate, Cause::WrongPassword, ""));
    for (name, password) in [(user.name(), "guess"), ("no-such-user", PASSWORD)] {
        let told = Told::of(&ask(name, password)).await;
        assert_eq!(told.failure(), wrong, "{name}");
    }
    let told = Told::of(&with(ask(user.name(), ""), &[])).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::PasswordMissing, ""))
    );
    let without = Sshd::without_files();
    let request = trusting(
        ask_password_at(user, &without),
        &without.fingerprint("ed25519", "sha256"),
    );
    let told = Told::of(&request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authorise, Cause::NoFileTransfer, ""))
    );
    let fenced = Sshd::without_paths();
    let request = trusting(
        ask_password_at(user, &fenced),
        &fenced.fingerprint("ed25519", "sha256"),
    );
    let told = Told::of(&request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Query, Cause::Forbidden, "PermissionDenied"))
    );
    let lost = Sshd::without_folder();
    let request = trusting(
        ask_password_at(user, &lost),
        &lost.fingerprint("ed25519", "sha256"),
    );
    let told = Told::of(&request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authorise, Cause::NoFileTransfer, ""))
    );
    let only_keys = Sshd::with_keys_only();
    let request = trusting(
        ask_password_at(user, &only_keys),
        &only_keys.fingerprint("ed25519", "sha256"),
    );
    let told = Told::of(&request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::MethodOther, ""))
    );
    let both = Sshd::with_keys_after_passwords();
    let request = trusting(
        ask_password_at(user, &both),
        &both.fingerprint("ed25519", "sha256"),
    );
    let told = Told::of(&request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::MoreWanted, ""))
    );
    // The server tells nobody that an account is locked.
    user.lock();
    let told = Told::of(&ask(user.name(), PASSWORD)).await;
    assert_eq!(told.failure(), wrong);
    user.unlock();
}

fn ask_password_at(user: &User, sshd: &Sshd) -> Request {
    with(
        asking(user.name(), sshd.port, "Basic"),
        &[("password", PASSWORD)],
    )
}

async fn keys(sshd: &Sshd, user: &User) {
    let fingerprint = sshd.fingerprint("ed25519", "sha256");
    let ask = |secrets: &[(&str, &str)]| {
        with(
            trusting(asking(user.name(), sshd.port, "SshPublicKey"), &fingerprint),
            secrets,
        )
    };
    for name in KEYS {
        let (content, passphrase) = (key(name), key_passphrase());
        let secrets = [
            ("privateKeyContent", content.as_str()),
            ("passPhrase", passphrase.as_str()),
        ];
        let told = Told::of(&ask(&secrets)).await;
        assert!(told.has_passed(), "{name}: {told:?}");
    }
    for name in [
        "ed25519.encrypted.openssh",
        "rsa-2048.aes128-sha1.pkcs8.pem",
    ] {
        let content = key(name);
        let secrets = [
            ("privateKeyContent", content.as_str()),
            ("passPhrase", "guess"),
        ];
        let told = Told::of(&ask(&secrets)).await;
        assert_eq!(
            told.failure(),
            Some((Stage::Authenticate, Cause::WrongPassphrase, "")),
            "{name}"
        );
        assert_eq!(
            told.ending.cause.and_then(Cause::field),
            Some(Field::Passphrase)
        );
    }
    let told = Told::of(&ask(&[("privateKeyContent", &key("p-521.openssh"))])).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::KeyRefused, ""))
    );
    assert_eq!(
        told.ending.cause.and_then(Cause::field),
        Some(Field::KeyFile)
    );
    // RSA in PuTTY's format needs the crate that is kept out.
    let told = Told::of(&ask(&[("privateKeyContent", &key("rsa-3072.v3.ppk"))])).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::KeyUnusable, ""))
    );
    let told = Told::of(&ask(&[("privateKeyContent", "nonsense")])).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::KeyUnusable, ""))
    );
    assert_eq!(told.stage(Stage::Tls).result, Outcome::Passed);
}
