//! Recognises and describes the key files that people paste into a form or drop on it: private keys in PEM, DER, OpenSSH's
//! format and PuTTY's, and PKCS#12; mangled as mail, JSON and one-line fields mangle them.
//!
//! Value in, value out: no clock, no file, no log, no randomness. [`recognise`] says what a file is, or names what it is
//! instead. [`KeyFile::check_passphrase`] says whether a passphrase opens it, and what is inside.
//! [`KeyFile::content`] is the normal form, which other programs read.

// What a file is.
mod recognise;
mod wrong_kind;

mod key_file;

// What can be said of it.
mod description;
mod encryption;
mod fingerprint;

mod certificate;
mod identity;

mod error;

// The formats.
mod legacy_pem;
mod openssh;
mod pfx;
mod ppk;
mod private_key;

// What they are written in, and what it is wrapped in.
mod asn1;
mod hex;
mod oid;
mod pasted;
mod pem;

// What protects them.
mod block_cipher;
mod pbe;
mod work;

pub use certificate::{Certificate, Thumbprint};
pub use description::{Algorithm, Container, Curve, Description, Key, Protection};
pub use encryption::{Encryption, Kdf};
pub use error::{Flaw, PassphraseError, Unrecognised};
pub use fingerprint::Fingerprint;
pub use identity::Identity;
pub use key_file::KeyFile;
pub use recognise::{MAX_BYTES, recognise};
pub use wrong_kind::WrongKind;
