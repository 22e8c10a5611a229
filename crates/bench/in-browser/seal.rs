//! The page's sealing code with nothing around it, for a browser to time: `envelope`'s own `seal`, the page's allocator, the page's
//! source of randomness, the page's profile.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, reason = "wasm-bindgen adds undocumented items")]

use std::collections::BTreeMap;

use envelope::context::{Binding, Operation};
use envelope::credential::{Credential, SecretChange};
use envelope::jwk::{JwkSet, Kid};
use envelope::secret::Secret;
use envelope::ticket::Ticket;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<rlsf::SmallGlobalTlsf> =
    zeroizing_alloc::ZeroAlloc(rlsf::SmallGlobalTlsf::new());

/// What to bind envelopes to, and the thumbprint of the key to seal for.
#[wasm_bindgen]
pub struct Permission {
    kid: Kid,
    binding: Binding,
}

#[wasm_bindgen]
impl Permission {
    /// Reads the ticket.
    #[wasm_bindgen(constructor)]
    pub fn new(ticket: &str) -> Result<Self, JsError> {
        let ticket = Ticket::parse(ticket)?;
        Ok(Self {
            kid: ticket.claims().thp.clone(),
            binding: Binding::from_ticket(ticket.claims(), Operation::Set),
        })
    }

    /// Accepts the key document by the page's own rules.
    pub fn take_key(self, keys: &str) -> Result<Sealer, JsError> {
        let keys = JwkSet::parse(keys.as_bytes())?;
        keys.select(&self.kid)?;
        Ok(Sealer {
            keys,
            permission: self,
        })
    }
}

/// An accepted key set and what to bind envelopes to.
#[wasm_bindgen]
pub struct Sealer {
    keys: JwkSet,
    permission: Permission,
}

#[wasm_bindgen]
impl Sealer {
    /// Seals one credential; `properties` and `secrets` are name, value, name, value.
    pub fn seal(
        &self,
        kind: String,
        auth: String,
        properties: Vec<String>,
        secrets: Vec<String>,
    ) -> Result<String, JsError> {
        let credential = Credential {
            kind,
            auth,
            properties: pairs(properties).collect(),
            secrets: pairs(secrets)
                .map(|(name, value)| (name, SecretChange::Replace(Secret::new(value))))
                .collect::<BTreeMap<_, _>>(),
        };
        let envelope = credential.seal(
            self.keys.select(&self.permission.kid)?,
            &self.permission.binding,
            &mut UnwrapErr(SysRng),
        )?;
        Ok(envelope.as_str().to_owned())
    }
}

fn pairs(flat: Vec<String>) -> impl Iterator<Item = (String, String)> {
    let mut flat = flat.into_iter();
    std::iter::from_fn(move || Some((flat.next()?, flat.next()?)))
}
