//! What a program signs in with: a private key and the certificate that says whose it is.

use zeroize::Zeroizing;

/// Taken out of a file that a passphrase has opened. The key is a secret: this cannot be printed, copied or compared.
pub struct Identity {
    /// PKCS#8, not encrypted, in DER.
    pub private_key: Zeroizing<Vec<u8>>,
    /// X.509 in DER: the key's own, then the others in the file's order.
    pub certificates: Vec<Vec<u8>>,
}
