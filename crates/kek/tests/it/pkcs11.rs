//! A PKCS#11 token: SoftHSM2, in a process of its own because its configuration is in the environment.

use std::path::Path;
use std::process::Command;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::Attribute;
use cryptoki::session::UserType;
use kek::pkcs11::{TokenKek, TokenPlace};
use kek::{KEY_BYTES, Kek, KekError, Key};
use zeroize::Zeroizing;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const INSIDE: &str = "KEK_TEST_INSIDE";
const PIN: &str = "1234";

#[test]
fn a_token_wraps_for_one_context_and_its_key_stays_in_it() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let outer = tempfile::tempdir().unwrap();
    let conf = outer.path().join("conf");
    let text = format!("directories.tokendir = {}\n", outer.path().display());
    std::fs::write(&conf, text).unwrap();
    run(
        Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", "vault"])
            .args(["--pin", PIN, "--so-pin", "5678"]),
        &conf,
    );
    let name = "pkcs11::a_token_wraps_for_one_context_and_its_key_stays_in_it";
    let said = run(
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(INSIDE, "1"),
        &conf,
    );
    assert!(said.contains("1 passed"), "{said}");
}

fn run(command: &mut Command, conf: &Path) -> String {
    let output = command.env("SOFTHSM2_CONF", conf).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

fn place(key: &str) -> TokenPlace {
    TokenPlace {
        module: MODULE.into(),
        token: "vault".to_owned(),
        key: key.to_owned(),
    }
}

fn pin() -> Zeroizing<String> {
    Zeroizing::new(PIN.to_owned())
}

fn inside() {
    let missing = TokenKek::open(&place("key"), pin()).err();
    assert!(matches!(missing, Some(KekError::Missing(_))), "{missing:?}");
    let kek = Kek::from(TokenKek::open_or_make(&place("key"), pin()).unwrap());
    let key = Key::new([7; KEY_BYTES]);
    let wrapped = kek.wrap_key(&key, b"term 1").unwrap();
    assert!(kek.unwrap_key(&wrapped, b"term 1").unwrap() == key);
    let refused = |kek: &Kek, wrapped: &[u8], context: &[u8]| {
        kek.unwrap_key(wrapped, context).err() == Some(KekError::DoesNotOpen)
    };
    assert!(refused(&kek, &wrapped, b"term 2"));
    for position in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[position] ^= 1;
        assert!(refused(&kek, &changed, b"term 1"), "byte {position}");
    }
    for length in 0..wrapped.len() {
        assert!(refused(&kek, &wrapped[..length], b"term 1"));
    }
    // After what was refused it still works, and so does a second look at the same key.
    let again = Kek::from(TokenKek::open(&place("key"), pin()).unwrap());
    assert_eq!(again.id(), kek.id());
    assert!(again.unwrap_key(&wrapped, b"term 1").unwrap() == key);
    let other = Kek::from(TokenKek::open_or_make(&place("other"), pin()).unwrap());
    assert!(other.id() != kek.id());
    assert!(refused(&other, &wrapped, b"term 1"));

    // A key that could be taken out of the token protects nothing.
    let client = Pkcs11::new(MODULE).unwrap();
    // It was initialised above.
    let _ = client.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slot = client.get_slots_with_initialized_token().unwrap()[0];
    let session = client.open_rw_session(slot).unwrap();
    // So was this user logged in.
    let _ = session.login(UserType::User, None);
    let template = [
        Attribute::Token(true),
        Attribute::Extractable(true),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::ValueLen(32.into()),
        Attribute::Label(b"loose".to_vec()),
        Attribute::Id(b"loose".to_vec()),
    ];
    session
        .generate_key(&Mechanism::AesKeyGen, &template)
        .unwrap();
    let loose = TokenKek::open(&place("loose"), pin()).err();
    assert!(
        matches!(&loose, Some(KekError::Refused(said)) if said.contains("taken out")),
        "{loose:?}"
    );
    session
        .generate_key(&Mechanism::AesKeyGen, &template)
        .unwrap();
    let two = TokenKek::open(&place("loose"), pin()).err();
    assert!(
        matches!(&two, Some(KekError::Refused(said)) if said.contains("several")),
        "{two:?}"
    );
}
