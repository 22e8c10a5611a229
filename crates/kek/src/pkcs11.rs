//! A KEK in a PKCS#11 token: an AES-256 key that cannot be taken out. The token wraps with AES-GCM, the context is its AAD.
//!
//! ```text
//! wrapped = nonce (12 random bytes), C_Encrypt(CKM_AES_GCM, key, aad = context)
//! ```

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

use crate::{KEY_BYTES, Kek, KekError, KekId, Key, key_from};

const NONCE_BYTES: usize = 12;
const TAG_BITS: u64 = 128;
const ID_BYTES: usize = 16;

/// Where the key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPlace {
    /// The module: the shared library of the token's maker.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The key's label.
    pub key: String,
}

/// The key, with a session of its own, which ends with the process: while that ends, some thread may let go of the key last, and the
/// module may have taken itself down by then.
pub struct TokenKek {
    session: Mutex<ManuallyDrop<Session>>,
    handle: ObjectHandle,
    id: KekId,
}

impl TokenPlace {
    /// Whether the module can be loaded. No token is asked for anything.
    ///
    /// # Errors
    /// [`KekError::Missing`].
    pub fn check_module(&self) -> Result<(), KekError> {
        // It stays: not every module can be loaded a second time.
        client(self).map(std::mem::forget)
    }
}

impl TokenKek {
    /// Finds the key. Its name is its `CKA_ID`.
    ///
    /// # Errors
    /// [`KekError::Missing`] when module, token or key is not there; [`KekError::Refused`] when the PIN is wrong, when there are
    /// several keys of that label, or when the key can be taken out of the token.
    pub fn open(place: &TokenPlace, pin: Zeroizing<String>) -> Result<Self, KekError> {
        let session = session(place, pin)?;
        match find(&session, place)? {
            Some(handle) => Self::of(session, handle, place),
            None => Err(KekError::Missing(format!(
                "the token {:?} has no AES key {:?}",
                place.token, place.key
            ))),
        }
    }

    /// Finds the key, or has the token make it.
    ///
    /// # Errors
    /// As [`TokenKek::open`], but for the missing key.
    pub fn open_or_make(place: &TokenPlace, pin: Zeroizing<String>) -> Result<Self, KekError> {
        let session = session(place, pin)?;
        let handle = match find(&session, place)? {
            Some(handle) => handle,
            None => make(&session, place)?,
        };
        Self::of(session, handle, place)
    }

    /// The KEK's name.
    #[must_use]
    pub fn id(&self) -> &KekId {
        &self.id
    }

    pub(crate) fn wrap_key(&self, key: &Key, context: &[u8]) -> Result<Vec<u8>, KekError> {
        let mut nonce = [0; NONCE_BYTES];
        aws_lc_rs::rand::fill(&mut nonce).map_err(|_| KekError::Library)?;
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let gcm = GcmParams::new(&mut nonce, context, TAG_BITS.into()).map_err(|e| refused(&e))?;
        let ciphertext = session
            .encrypt(&Mechanism::AesGcm(gcm), self.handle, key.as_slice())
            .map_err(|error| refused(&error))?;
        drop(session);
        // A token may take a nonce of its own, and puts it in the place of the one that it was given.
        let wrapped = [nonce.as_slice(), &ciphertext].concat();
        match self.unwrap_key(&wrapped, context) {
            Ok(opened) if opened == *key => Ok(wrapped),
            _ => Err(KekError::Refused(
                "PKCS#11: the token does not open what it has just wrapped; it may not say which nonce it took"
                    .to_owned(),
            )),
        }
    }

    pub(crate) fn unwrap_key(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, KekError> {
        let (nonce, ciphertext) = wrapped
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(KekError::DoesNotOpen)?;
        if ciphertext.len() != KEY_BYTES + TAG_BITS as usize / 8 {
            return Err(KekError::DoesNotOpen);
        }
        let mut nonce = *nonce;
        let gcm = GcmParams::new(&mut nonce, context, TAG_BITS.into()).map_err(|e| refused(&e))?;
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        match session.decrypt(&Mechanism::AesGcm(gcm), self.handle, ciphertext) {
            Ok(key) => key_from(&Zeroizing::new(key)),
            // SoftHSM2 has a general error for a wrong tag, others are more exact.
            Err(Error::Pkcs11(
                RvError::GeneralError
                | RvError::EncryptedDataInvalid
                | RvError::EncryptedDataLenRange
                | RvError::FunctionFailed,
                _,
            )) => Err(KekError::DoesNotOpen),
            Err(error) => Err(refused(&error)),
        }
    }

    fn of(session: Session, handle: ObjectHandle, place: &TokenPlace) -> Result<Self, KekError> {
        let wanted = [AttributeType::Id, AttributeType::Extractable];
        let found = session
            .get_attributes(handle, &wanted)
            .map_err(|error| refused(&error))?;
        if !found.contains(&Attribute::Extractable(false)) {
            return Err(KekError::Refused(format!(
                "the key {:?} can be taken out of the token {:?}: make one that cannot",
                place.key, place.token
            )));
        }
        let id = found.iter().find_map(|attribute| match attribute {
            Attribute::Id(id) if !id.is_empty() => Some(KekId::from_bytes(id)),
            _ => None,
        });
        let id =
            id.ok_or_else(|| KekError::Refused(format!("the key {:?} has no CKA_ID", place.key)))?;
        Ok(Self {
            session: Mutex::new(ManuallyDrop::new(session)),
            handle,
            id,
        })
    }
}

impl From<TokenKek> for Kek {
    fn from(kek: TokenKek) -> Self {
        Self::Token(kek)
    }
}

fn client(place: &TokenPlace) -> Result<Pkcs11, KekError> {
    let module = place.module.display();
    Pkcs11::new(&place.module)
        .map_err(|error| KekError::Missing(format!("the PKCS#11 module {module}: {error}")))
}

fn session(place: &TokenPlace, mut pin: Zeroizing<String>) -> Result<Session, KekError> {
    let module = place.module.display();
    let client = client(place)?;
    match client.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // A process has a module once, however often it is opened.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(refused(&error)),
    }
    let slots = client.get_slots_with_token().map_err(|e| refused(&e))?;
    let slot = slots.into_iter().find(|slot| {
        let token = client.get_token_info(*slot);
        token.is_ok_and(|token| token.label() == place.token)
    });
    let slot = slot.ok_or_else(|| {
        KekError::Missing(format!(
            "the module {module} has no token {:?}",
            place.token
        ))
    })?;
    let session = client.open_rw_session(slot).map_err(|e| refused(&e))?;
    let pin = AuthPin::new(std::mem::take(&mut *pin).into());
    match session.login(UserType::User, Some(&pin)) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
        Err(error) => Err(refused(&error)),
    }
}

fn find(session: &Session, place: &TokenPlace) -> Result<Option<ObjectHandle>, KekError> {
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(place.key.as_bytes().to_vec()),
    ];
    let found = session.find_objects(&template).map_err(|e| refused(&e))?;
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(KekError::Refused(format!(
            "the token {:?} has several AES keys {:?}",
            place.token, place.key
        ))),
    }
}

fn make(session: &Session, place: &TokenPlace) -> Result<ObjectHandle, KekError> {
    let mut id = [0; ID_BYTES];
    aws_lc_rs::rand::fill(&mut id).map_err(|_| KekError::Library)?;
    let template = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::ValueLen((KEY_BYTES as u64).into()),
        Attribute::Label(place.key.as_bytes().to_vec()),
        Attribute::Id(id.to_vec()),
    ];
    session
        .generate_key(&Mechanism::AesKeyGen, &template)
        .map_err(|error| refused(&error))
}

fn refused(error: &Error) -> KekError {
    KekError::Refused(format!("PKCS#11: {error}"))
}
