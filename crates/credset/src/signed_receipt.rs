//! A gateway's receipt: whether it is for what was sent, and signed by the gateway.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use envelope::protocol::IdentityJwk;
use envelope::receipt::RECEIPT_TYP;
use envelope::{Envelope, Receipt, SignedReceipt};
use linked_service::reference;
use serde::Serialize;

use crate::failure::Failure;
use crate::key_document::is_signed_by;
use crate::trouble;

/// A receipt that was checked.
pub(crate) struct CheckedReceipt(SignedReceipt);

/// What programs are told.
#[derive(Serialize)]
pub(crate) struct Stored<'a> {
    receipt: &'a Receipt,
    jws: &'a str,
    /// What stands for the credential in the linked service's JSON.
    reference: String,
}

impl CheckedReceipt {
    /// Reads the answer to setting a credential.
    ///
    /// # Errors
    /// [`trouble::wrong_receipt`].
    pub(crate) fn read(
        body: &[u8],
        envelope: &Envelope,
        identity: &IdentityJwk,
    ) -> Result<Self, Failure> {
        let signed: SignedReceipt = serde_json::from_slice(body)
            .map_err(|_| trouble::wrong_receipt("It cannot be read."))?;
        let (receipt, sent) = (&signed.receipt, envelope.binding());
        let same = receipt.gw == sent.gw
            && receipt.df == sent.df
            && receipt.ls == sent.ls
            && receipt.jti == sent.jti
            && receipt.kid == *envelope.kid();
        if !same {
            return Err(trouble::wrong_receipt("It names something else."));
        }
        if says(&signed.jws, identity).as_ref() != Some(receipt) {
            return Err(trouble::wrong_receipt(
                "It is not signed by the gateway's identity key.",
            ));
        }
        Ok(Self(signed))
    }

    /// What was stored.
    pub(crate) fn receipt(&self) -> &Receipt {
        &self.0.receipt
    }

    /// What stands for the credential in the linked service's JSON.
    pub(crate) fn reference(&self) -> String {
        let receipt = self.receipt();
        reference(
            receipt.gw.as_str(),
            receipt.df.as_str(),
            receipt.ls.as_str(),
            receipt.version,
        )
    }

    /// For programs.
    pub(crate) fn document(&self) -> Stored<'_> {
        Stored {
            receipt: &self.0.receipt,
            jws: &self.0.jws,
            reference: self.reference(),
        }
    }

    /// For people.
    pub(crate) fn lines(&self) -> String {
        let receipt = self.receipt();
        let mut lines = String::new();
        let account = receipt.account.clone().unwrap_or_default();
        for (name, value) in [
            ("stored", receipt.ls.to_string()),
            ("data factory", receipt.df.to_string()),
            ("gateway", receipt.gw.to_string()),
            ("kind", format!("{}, {}", receipt.kind, receipt.auth)),
            ("target", receipt.target.clone()),
            ("account", account),
            ("version", receipt.version.to_string()),
            ("key", receipt.kid.to_string()),
            ("by", receipt.sub.clone()),
            ("at", at(receipt.at.0)),
            ("reference", self.reference()),
        ] {
            if !value.is_empty() {
                lines += &format!("{name:<13} {value}\n");
            }
        }
        lines
    }
}

/// The receipt in a JWS, if this identity key has signed it.
fn says(jws: &str, identity: &IdentityJwk) -> Option<Receipt> {
    #[derive(serde::Deserialize)]
    struct Header {
        alg: String,
        typ: String,
        kid: String,
    }
    let (input, signature) = jws.rsplit_once('.')?;
    let (header, payload) = input.split_once('.')?;
    let decoded = |text| Base64UrlUnpadded::decode_vec(text).ok();
    let header: Header = serde_json::from_slice(&decoded(header)?).ok()?;
    let as_it_must_be = header.alg == "EdDSA"
        && header.typ == RECEIPT_TYP
        && header.kid == identity.thumbprint().as_str();
    let is_signed = is_signed_by(identity, input.as_bytes(), &decoded(signature)?);
    (as_it_must_be && is_signed)
        .then(|| serde_json::from_slice(&decoded(payload)?).ok())
        .flatten()
}

fn at(seconds: u64) -> String {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    httpdate::fmt_http_date(time)
}

#[cfg(test)]
mod tests;
