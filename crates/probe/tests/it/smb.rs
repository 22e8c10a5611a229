//! Shares, at Samba's server.

mod hostile;
mod samba;

use envelope::Secret;
use probe::report::{Cause, Field, Stage};
use probe::request::{Destination, Request};

use crate::server::PASSWORD;
use crate::sftp::User;
use crate::told::{Told, request};
use samba::Samba;

pub(crate) fn asking(port: u16, share: &str, user: &str, password: &str) -> Request {
    let mut request = request(0);
    request.kind = "OnPremisesFileServer".to_owned();
    request.auth = "Windows".to_owned();
    request.properties.clear();
    for (name, value) in [("host", share), ("userid", user)] {
        request.properties.insert(name.to_owned(), value.to_owned());
    }
    request.secrets.clear();
    if !password.is_empty() {
        let secret = Secret::new(password.to_owned());
        request.secrets.insert("password".to_owned(), secret);
    }
    // A share has no port of its own, and the usual one is root's.
    request.destination = Destination {
        port,
        ..Destination::of(&request.kind, &request.properties)
    };
    request
}

fn found(stage: Stage, cause: Cause, code: &str) -> (Stage, Cause, String) {
    (stage, cause, code.to_owned())
}

#[tokio::test]
async fn every_state_of_a_server() {
    let user = User::with_password();
    let samba = Samba::start(user.name(), "");
    shares(&samba, user.name()).await;
    accounts(&samba, user.name()).await;
    protection(user.name()).await;
}

async fn shares(samba: &Samba, user: &str) {
    let at = |share: &str| asking(samba.port, share, user, PASSWORD);
    for share in [
        r"\\localhost",
        r"\\localhost\files",
        r"\\localhost\sealed",
        r"\\localhost\files\2026\sales and stock",
    ] {
        let told = Told::of(&at(share)).await;
        assert!(told.has_passed(), "{share}: {told:?}");
    }
    for (share, expected) in [
        (
            r"\\localhost\none",
            found(Stage::Authorise, Cause::NothingThere, "0xC00000CC"),
        ),
        (
            r"\\localhost\others",
            found(Stage::Authorise, Cause::Forbidden, "0xC0000022"),
        ),
        (
            r"\\localhost\files\none",
            found(Stage::Query, Cause::NothingThere, "0xC0000034"),
        ),
        (
            r"\\localhost\files\none\none",
            found(Stage::Query, Cause::NothingThere, "0xC000003A"),
        ),
        (
            r"\\localhost\files\closed",
            found(Stage::Query, Cause::Forbidden, "0xC0000022"),
        ),
    ] {
        assert_eq!(Told::failure_of(&at(share)).await, expected, "{share}");
    }
    let mut own = at(r"\\localhost\files");
    own.properties.insert("host".to_owned(), "Local".to_owned());
    assert_eq!(
        Told::failure_of(&own).await,
        found(Stage::Tls, Cause::NoDriver, "")
    );
}

async fn accounts(samba: &Samba, user: &str) {
    let share = r"\\localhost\files";
    let ask = |user: &str, password: &str| asking(samba.port, share, user, password);
    let of = |cause, code| found(Stage::Authenticate, cause, code);
    for name in [
        format!("{}\\{user}", Samba::DOMAIN),
        format!("WRONG\\{user}"),
    ] {
        let told = Told::of(&ask(&name, PASSWORD)).await;
        // A server that is in no domain looks at the name alone.
        assert!(told.has_passed(), "{name}: {told:?}");
    }
    let wrong = of(Cause::WrongPassword, "0xC000006D");
    for (name, password) in [(user, "guess"), ("no-such-user", PASSWORD)] {
        assert_eq!(
            Told::failure_of(&ask(name, password)).await,
            wrong,
            "{name}"
        );
    }
    assert_eq!(Cause::WrongPassword.field(), Some(Field::Password));
    let missing = of(Cause::PasswordMissing, "");
    assert_eq!(Told::failure_of(&ask(user, "")).await, missing);

    samba.disable(user);
    let locked = of(Cause::AccountLocked, "0xC0000072");
    assert_eq!(Told::failure_of(&ask(user, PASSWORD)).await, locked);
    samba.enable(user);
    samba.expire_password(user);
    let expired = of(Cause::PasswordExpired, "0xC0000224");
    assert_eq!(Told::failure_of(&ask(user, PASSWORD)).await, expired);
    samba.renew_password(user);
    assert!(Told::of(&ask(user, PASSWORD)).await.has_passed());

    samba.lock_out_after_one();
    assert_eq!(Told::failure_of(&ask(user, "guess")).await, wrong);
    let locked = of(Cause::AccountLocked, "0xC0000234");
    assert_eq!(Told::failure_of(&ask(user, PASSWORD)).await, locked);
}

async fn protection(user: &str) {
    let share = r"\\localhost\files";
    for settings in [
        "server signing = mandatory",
        "server signing = disabled",
        "smb encrypt = required",
        "smb encrypt = required\nserver max protocol = SMB3_00",
        "server max protocol = SMB2_02",
        "server max protocol = SMB2_10",
        "server max protocol = SMB3_00",
    ] {
        let samba = Samba::start(user, settings);
        let told = Told::of(&asking(samba.port, share, user, PASSWORD)).await;
        assert!(told.has_passed(), "{settings}: {told:?}");
    }
    // Whoever is not known is let in as nobody: that is no proof of a password.
    let open = Samba::start(user, "map to guest = bad user");
    let unknown = asking(open.port, share, "no-such-user", PASSWORD);
    let refused = found(Stage::Authenticate, Cause::WrongPassword, "");
    assert_eq!(Told::failure_of(&unknown).await, refused);
    let signed = Samba::start(user, "");
    hostile::nobody_between_changes_anything(&signed, user).await;
    let old = Samba::start(user, "server max protocol = NT1\nserver min protocol = NT1");
    let (stage, cause, _) = Told::failure_of(&asking(old.port, share, user, PASSWORD)).await;
    assert_eq!(stage, Stage::Tls);
    assert!(
        matches!(cause, Cause::WrongProtocol | Cause::Closed),
        "{cause:?}"
    );
}
