//! A certificate's signature under a given key. Whether one certificate of a chain signed another, rustls-webpki says; of a root it
//! takes the key, and does not ask who signed it.

use rustls::pki_types::CertificateDer;
use x509_cert::der::asn1::BitString;
use x509_cert::der::{Decode, Encode, Error, Reader, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::tls;

/// Whether this key has signed the certificate; none if nobody here knows the algorithm.
///
/// # Errors
/// The bytes are no certificate.
pub(super) fn is_by(
    certificate: &CertificateDer<'_>,
    key: &SubjectPublicKeyInfoOwned,
) -> Result<Option<bool>, Error> {
    // The three parts as they lie there: what was signed is these bytes, however they might be written otherwise.
    let (signed, algorithm, signature) = SliceReader::new(certificate)?.sequence(|reader| {
        let signed = reader.tlv_bytes()?.to_vec();
        let algorithm = reader.tlv_bytes()?.to_vec();
        Ok::<_, Error>((signed, algorithm, BitString::decode(reader)?))
    })?;
    let of_key = key.algorithm.to_der()?;
    let (algorithm, of_key) = (content(&algorithm)?, content(&of_key)?);
    let provider = tls::provider();
    let known = provider.signature_verification_algorithms.all.iter();
    let mut fits = known.filter(|known| {
        known.signature_alg_id().as_ref() == algorithm
            && known.public_key_alg_id().as_ref() == of_key
    });
    let verified = fits.next().map(|known| {
        let key = key.subject_public_key.raw_bytes();
        let verified = known.verify_signature(key, &signed, signature.raw_bytes());
        verified.is_ok()
    });
    Ok(verified)
}

/// What is in a sequence.
fn content(sequence: &[u8]) -> Result<&[u8], Error> {
    SliceReader::new(sequence)?.sequence(|reader| {
        let length = reader.remaining_len();
        reader.read_slice(length)
    })
}
