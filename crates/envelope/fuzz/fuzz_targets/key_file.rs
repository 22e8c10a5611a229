//! Whatever is pasted as a key file: recognising it ends, its normal form is one, and no passphrase makes it stop.
#![no_main]

use key_file::{Container, Description, Kdf, Protection, recognise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(file) = recognise(bytes) else {
        return;
    };
    let description = file.description();
    assert!(!description.to_string().contains(char::is_control));
    if is_cheap(description) {
        let _ = file.check_passphrase(b"x");
    }
    let content = file.content();
    // PuTTY's comment may say anything, a PEM line too.
    let Ok(again) = recognise(content.as_bytes()) else {
        assert!(is_putty(description.container) || content.len() > key_file::MAX_BYTES);
        return;
    };
    if !is_putty(description.container) {
        assert!(again.description() == description);
        assert!(*again.content() == *content);
    }
});

fn is_putty(container: Container) -> bool {
    matches!(container, Container::Ppk2 | Container::Ppk3)
}

/// The limits allow seconds. PKCS#12 is tried with an empty passphrase anyway, and more than its description says may cost.
fn is_cheap(description: &Description) -> bool {
    let Protection::Encrypted(encryption) = description.protection else {
        return true;
    };
    let cheap = match encryption.kdf {
        Kdf::Pbkdf2 { rounds, .. } | Kdf::Pbkdf1 { rounds, .. } | Kdf::Pkcs12 { rounds } => {
            rounds < 5000
        }
        Kdf::Scrypt {
            cost,
            block,
            parallelism,
        } => cost < 64 && block < 64 && parallelism < 64,
        Kdf::Bcrypt { rounds } => rounds < 2,
        Kdf::Argon2 { memory, passes, .. } => memory < 256 && passes < 4,
        Kdf::OneMd5 | Kdf::OneSha1 | Kdf::Unknown => true,
    };
    cheap && description.container != Container::Pfx
}
