//! Windows' own: `CryptProtectData`, for the account that this process runs as.
//!
//! ```text
//! wrapped = CryptProtectData(key, optional entropy = context)
//! ```

use std::ptr;

use windows_sys::Win32::Foundation::{GetLastError, LocalFree};
use windows_sys::Win32::Security::Cryptography::{
    CRYPT_INTEGER_BLOB, CRYPTPROTECT_UI_FORBIDDEN, CryptProtectData, CryptUnprotectData,
};
use zeroize::{Zeroize, Zeroizing};

use crate::{Kek, KekError, KekId, Key, key_from};

/// The account's protection, under a name that was chosen when it was first used.
pub struct DpapiKek {
    id: KekId,
}

impl DpapiKek {
    /// By its name.
    #[must_use]
    pub fn new(id: KekId) -> Self {
        Self { id }
    }

    /// The KEK's name.
    #[must_use]
    pub fn id(&self) -> &KekId {
        &self.id
    }

    pub(crate) fn wrap_key(&self, key: &Key, context: &[u8]) -> Result<Vec<u8>, KekError> {
        protect(key.as_slice(), context)
    }

    pub(crate) fn unwrap_key(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, KekError> {
        key_from(&unprotect(wrapped, context)?)
    }
}

impl From<DpapiKek> for Kek {
    fn from(kek: DpapiKek) -> Self {
        Self::Dpapi(kek)
    }
}

#[expect(unsafe_code, reason = "the system's interface is C")]
fn protect(plaintext: &[u8], context: &[u8]) -> Result<Vec<u8>, KekError> {
    let (input, entropy) = (described(plaintext)?, described(context)?);
    let mut output = empty();
    // SAFETY: `input` and `entropy` describe slices that outlive the call and are only read; `output` is written by it.
    let succeeded = unsafe {
        CryptProtectData(
            &raw const input,
            ptr::null(),
            &raw const entropy,
            ptr::null(),
            ptr::null(),
            CRYPTPROTECT_UI_FORBIDDEN,
            &raw mut output,
        )
    };
    if succeeded == 0 {
        return Err(refused("CryptProtectData"));
    }
    Ok(taken(output).to_vec())
}

#[expect(unsafe_code, reason = "the system's interface is C")]
fn unprotect(wrapped: &[u8], context: &[u8]) -> Result<Zeroizing<Vec<u8>>, KekError> {
    let (input, entropy) = (described(wrapped)?, described(context)?);
    let mut output = empty();
    // SAFETY: as in `protect`; no description is asked for.
    let succeeded = unsafe {
        CryptUnprotectData(
            &raw const input,
            ptr::null_mut(),
            &raw const entropy,
            ptr::null(),
            ptr::null(),
            CRYPTPROTECT_UI_FORBIDDEN,
            &raw mut output,
        )
    };
    if succeeded == 0 {
        // ERROR_INVALID_DATA and its like: changed, another context, another account. Which of them is not told here either.
        return Err(KekError::DoesNotOpen);
    }
    Ok(taken(output))
}

/// A slice as the system takes it. It does not write to it.
fn described(bytes: &[u8]) -> Result<CRYPT_INTEGER_BLOB, KekError> {
    Ok(CRYPT_INTEGER_BLOB {
        cbData: u32::try_from(bytes.len()).map_err(|_| KekError::DoesNotOpen)?,
        pbData: bytes.as_ptr().cast_mut(),
    })
}

fn empty() -> CRYPT_INTEGER_BLOB {
    CRYPT_INTEGER_BLOB {
        cbData: 0,
        pbData: ptr::null_mut(),
    }
}

/// Copies what the system has allocated, wipes it, and gives it back.
#[expect(unsafe_code, reason = "the system's interface is C")]
fn taken(output: CRYPT_INTEGER_BLOB) -> Zeroizing<Vec<u8>> {
    // SAFETY: the call that filled `output` succeeded: this memory is ours until LocalFree.
    let bytes = unsafe { std::slice::from_raw_parts_mut(output.pbData, output.cbData as usize) };
    let copy = Zeroizing::new(bytes.to_vec());
    bytes.zeroize();
    // SAFETY: allocated by the system with LocalAlloc, and given back once.
    unsafe { LocalFree(output.pbData.cast()) };
    copy
}

#[expect(unsafe_code, reason = "the system's interface is C")]
fn refused(call: &str) -> KekError {
    // SAFETY: takes nothing and reads this thread's own number.
    let code = unsafe { GetLastError() };
    KekError::Refused(format!("{call}: Windows error {code}"))
}
