//! The user's key, out of its file.

use envelope::Secret;
use key_file::PassphraseError;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::KeypairData;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;

use super::rsa::RsaKey;
use crate::report::Cause;
use crate::request::Request;

/// What signs.
pub(super) enum UserKey {
    Rsa(Box<RsaKey>),
    Other(Box<PrivateKey>),
}

/// The request's.
pub(super) fn of(request: &Request) -> Result<UserKey, Cause> {
    let file = request.secrets.get("privateKeyContent");
    let file = file
        .filter(|file| !file.is_empty())
        .ok_or(Cause::BadRequest)?;
    let empty = Secret::new(String::new());
    let passphrase = request.secrets.get("passPhrase").unwrap_or(&empty);
    // EXPOSE: the file is taken apart.
    let file = key_file::recognise(file.expose().as_bytes()).map_err(|_| Cause::KeyUnusable)?;
    // EXPOSE: the file is opened with it.
    let passphrase = passphrase.expose();
    let content = file.unlocked(passphrase.as_bytes());
    let content = content.map_err(|error| match error {
        PassphraseError::Wrong => Cause::WrongPassphrase,
        _ => Cause::KeyUnusable,
    })?;
    let rsa = match PrivateKeyDer::from_pem_slice(content.as_bytes()) {
        Ok(PrivateKeyDer::Pkcs1(der)) => RsaKey::from_pkcs1(der.secret_pkcs1_der()),
        Ok(PrivateKeyDer::Pkcs8(der)) => RsaKey::from_pkcs8(der.secret_pkcs8_der()),
        _ => None,
    };
    if let Some(rsa) = rsa {
        return Ok(UserKey::Rsa(Box::new(rsa)));
    }
    let passphrase = file.needs_passphrase().then_some(passphrase);
    let key = russh::keys::decode_secret_key(&content, passphrase)
        // Encryption has been taken away where the format allows it.
        .or_else(|_| russh::keys::decode_secret_key(&content, None))
        .map_err(|_| Cause::KeyUnusable)?;
    if let KeypairData::Rsa(pair) = key.key_data() {
        let rsa = RsaKey::from_pair(pair).ok_or(Cause::KeyUnusable)?;
        return Ok(UserKey::Rsa(Box::new(rsa)));
    }
    Ok(UserKey::Other(Box::new(key)))
}
