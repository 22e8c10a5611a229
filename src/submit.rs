//! The path of one password, as far as the page goes: field, [`Secret`](envelope::Secret), [`Credential`], seal, [`Envelope`].
//! From there on only the envelope exists.

use std::collections::BTreeMap;

use envelope::receipt::SignedReceipt;
use envelope::{
    Binding, Credential, Envelope, EnvelopeKey, Operation, SealError, SecretChange, Ticket,
    UnixSeconds,
};
use linked_service::{AuthType, Kind, SecretState, validate};
use web_sys::AbortSignal;

use crate::browser::pause;
use crate::capture::SecretFields;
use crate::config::RETRY_PAUSES_MS;
use crate::gateway_client::{self, ReceiptDocument, Refusal, Refused};
use crate::key_file::{Passphrase, passphrase};
use crate::reader_module::learn_words;
use crate::state::{Fault, Form, Line, Step};
use crate::text;
use crate::trouble::Trouble;

/// Why nothing was sent.
#[derive(Debug)]
pub enum Stop {
    /// Fields are missing or wrong.
    Fields(Vec<Fault>),
    /// For another reason.
    Trouble(Trouble),
}

/// A form that keeps every rule: what the receipt screen needs of it once the secrets are gone.
#[derive(Clone, Debug)]
pub struct Described {
    kind: &'static Kind,
    auth: &'static AuthType,
    properties: BTreeMap<String, String>,
    secrets: Vec<(&'static str, SecretState)>,
}

/// Checks the form without reading more of the secrets than their lengths.
///
/// # Errors
/// The faults of single fields, in the form's order.
pub fn describe(form: &Form, fields: &SecretFields) -> Result<Described, Stop> {
    let (Some(kind), Some(auth)) = (form.kind, form.auth) else {
        return Err(Stop::Fields(vec![Fault {
            field: text::KIND_FIELD.to_owned(),
            words: text::CHOOSE_KIND.text().to_owned(),
        }]));
    };
    let mut faults = Vec::new();
    let mut secrets = Vec::new();
    for field in auth.fields.iter().filter(|field| field.is_secret()) {
        let step = form.step(field.name);
        let needless = passphrase(form, fields, field.name) == Passphrase::Needless;
        let settled = match step {
            Step::Type if needless => continue,
            // What opened another key file goes with it.
            _ if needless => Some(SecretState::Cleared),
            Step::Keep => Some(SecretState::Kept),
            Step::Clear => Some(SecretState::Cleared),
            Step::Type | Step::Replace | Step::TypeAgain => None,
        };
        if let Some(settled) = settled {
            secrets.push((field.name, settled));
            continue;
        }
        match fields.read(field.name) {
            // One that is stored does not go because nothing was typed: a rule asks for it, also where it is optional.
            Ok(secret) if secret.is_empty() && step == Step::Type => {}
            Ok(secret) => {
                let bytes = secret.len();
                secrets.push((field.name, SecretState::Replaced { bytes }));
            }
            Err(_) => faults.push(Fault {
                field: field.name.to_owned(),
                words: text::secrets::NOT_TEXT.text().to_owned(),
            }),
        }
    }
    let described = Described {
        kind,
        auth,
        properties: form.shown_properties(),
        secrets,
    };
    if let Err(errors) = validate(kind.id, auth.id, &described.properties, &described.secrets) {
        for error in errors {
            faults.push(Fault {
                words: error.rule.sentence().say(),
                field: error.field,
            });
        }
    }
    if faults.is_empty() {
        Ok(described)
    } else {
        Err(Stop::Fields(in_order(auth, faults)))
    }
}

/// Faults in the order of the form's fields, those of no field first. Picked out instead of sorted: a sorting algorithm weighs
/// more than the rest of this module.
fn in_order(auth: &AuthType, mut faults: Vec<Fault>) -> Vec<Fault> {
    let mut ordered = Vec::new();
    for field in auth.fields.iter().rev() {
        while let Some(at) = faults.iter().rposition(|fault| fault.field == field.name) {
            ordered.push(faults.swap_remove(at));
        }
    }
    ordered.append(&mut faults);
    ordered.reverse();
    ordered
}

/// What leaves the page.
pub struct Sealed {
    /// The form that it was made from.
    pub described: Described,
    /// The envelope.
    pub envelope: Envelope,
}

impl Described {
    /// Reads the secrets and seals them.
    ///
    /// # Errors
    /// A secret that is not text, a credential that is too long, or no randomness.
    pub fn seal(
        self,
        fields: &SecretFields,
        key: &EnvelopeKey,
        ticket: &Ticket,
        operation: Operation,
    ) -> Result<Sealed, Stop> {
        let mut secrets = BTreeMap::new();
        for (name, state) in &self.secrets {
            let change = match state {
                SecretState::Kept => SecretChange::Keep,
                SecretState::Cleared => SecretChange::Clear,
                SecretState::Replaced { .. } => {
                    let secret = fields.read(name);
                    SecretChange::Replace(secret.map_err(|_| Stop::Trouble(Trouble::NotSealed))?)
                }
            };
            secrets.insert((*name).to_owned(), change);
        }
        let credential = Credential {
            kind: self.kind.id.to_owned(),
            auth: self.auth.id.to_owned(),
            properties: self.properties.clone(),
            secrets,
        };
        let binding = Binding::from_ticket(ticket.claims(), operation);
        let envelope = credential
            .seal(key, &binding, &mut getrandom::SysRng)
            .map_err(|error| {
                Stop::Trouble(match error {
                    SealError::TooLong { limit, .. } => Trouble::TooLarge(Some(limit)),
                    _ => Trouble::NotSealed,
                })
            })?;
        Ok(Sealed {
            described: self,
            envelope,
        })
    }

    /// The linked service's JSON with the reference to what a receipt says is stored.
    pub fn linked_service_json(&self, signed: &SignedReceipt) -> Option<String> {
        let validated =
            validate(self.kind.id, self.auth.id, &self.properties, &self.secrets).ok()?;
        let receipt = &signed.receipt;
        let reference = linked_service::reference(
            receipt.gw.as_str(),
            receipt.df.as_str(),
            receipt.ls.as_str(),
            receipt.version,
        );
        Some(validated.linked_service_json(receipt.ls.as_str(), receipt.gw.as_str(), &reference))
    }
}

/// Posts the envelope. One that is to be stored is posted again after a pause when no answer came: the gateway gives the same envelope
/// the same receipt. `stop` ends it, `on_repeat` is told of each repetition, and `told` of each line about a test.
///
/// # Errors
/// The gateway's refusal, or the last silence.
pub async fn deliver(
    envelope: &Envelope,
    ticket: &Ticket,
    stop: Option<AbortSignal>,
    on_repeat: impl Fn(),
    told: impl Fn(Line),
) -> Result<Option<ReceiptDocument>, Refused> {
    let mut pauses = RETRY_PAUSES_MS.iter();
    if envelope.binding().op == Operation::Test {
        pauses = [].iter();
        // What the report is shown in.
        let words = learn_words().await;
        words.map_err(|_| Trouble::GatewayDown)?;
    }
    loop {
        let answer = gateway_client::post(envelope, ticket, stop.as_ref(), &told).await;
        let repeated = matches!(
            &answer,
            Err(Refused { refusal: Refusal::Trouble(trouble), .. })
                if trouble.is_silence() && !matches!(trouble, Trouble::Interrupted)
        );
        match pauses.next() {
            Some(milliseconds) if repeated => {
                on_repeat();
                pause(*milliseconds).await;
            }
            _ => break check(answer?, envelope),
        }
    }
}

/// Whether the receipt is for what was sent; its signature is for the portal to check.
fn check(
    document: Option<ReceiptDocument>,
    envelope: &Envelope,
) -> Result<Option<ReceiptDocument>, Refused> {
    let sent = envelope.binding();
    let same = document.as_ref().is_none_or(|document| {
        let receipt = &document.signed.receipt;
        receipt.gw == sent.gw
            && receipt.df == sent.df
            && receipt.ls == sent.ls
            && receipt.jti == sent.jti
            && receipt.kid == *envelope.kid()
    });
    if same {
        Ok(document)
    } else {
        Err(Trouble::WrongReceipt.into())
    }
}

/// Whether a ticket that a person pasted continues the form: same gateway, data factory, linked service and kind. Another
/// one must not receive what was typed for the first.
pub fn continues(old: &envelope::TicketClaims, new: &envelope::TicketClaims) -> bool {
    old.aud == new.aud
        && old.df == new.df
        && old.ls == new.ls
        && old.kind == new.kind
        && old.op == new.op
}

/// Seconds by the gateway's clock, from the browser's and the difference between the two.
pub fn gateway_time(now_ms: f64, ahead_ms: f64) -> UnixSeconds {
    UnixSeconds(((now_ms + ahead_ms) / 1000.0).max(0.0) as u64)
}

#[cfg(test)]
mod tests;
