//! The path of one credential: a form is sealed, the envelope sent, the receipt checked; and the same for a test.

use envelope::protocol::ProblemCode;
use envelope::{Binding, Envelope, EnvelopeKey, Operation, Ticket, self_test};

use crate::arguments::General;
use crate::credential_form::CredentialForm;
use crate::failure::Failure;
use crate::gateway_client::GatewayClient;
use crate::key_document::KeyDocument;
use crate::known_gateways::KnownGateways;
use crate::signed_receipt::CheckedReceipt;
use crate::test_report::{Line, Report};
use crate::{tls_trust, trouble};

/// How often a credential is sealed anew because the gateway has replaced its key meanwhile.
const MAX_RESEALS: u8 = 3;

/// Seals a form for a key. From here on there is only the envelope.
///
/// # Errors
/// When it does not fit in, or the encryption fails its known-answer test.
pub(crate) fn seal(
    form: &CredentialForm,
    key: &EnvelopeKey,
    binding: &Binding,
) -> Result<Envelope, Failure> {
    self_test().map_err(|_| trouble::self_test())?;
    form.credential()
        .seal(key, binding, &mut getrandom::SysRng)
        .map_err(trouble::not_sealed)
}

/// A gateway that was found and believed for a ticket.
pub(crate) struct Delivery<'a> {
    gateway: &'a GatewayClient,
    ticket: &'a Ticket,
    known: KnownGateways,
    origin: String,
    general: &'a General,
    document: KeyDocument,
}

impl<'a> Delivery<'a> {
    /// Fetches the gateway's keys and settles that they are the ticket's.
    ///
    /// # Errors
    /// When there is no answer, when the ticket is not valid by the gateway's clock, or the keys cannot be believed.
    pub(crate) async fn prepare(
        general: &'a General,
        gateway: &'a GatewayClient,
        ticket: &'a Ticket,
    ) -> Result<Self, Failure> {
        let document = KeyDocument::fetch(gateway).await?;
        let now = document.at.unwrap_or_else(tls_trust::now);
        let checked = ticket.claims().check(now, &document.statement().gw);
        checked.map_err(trouble::ticket_refused)?;
        let delivery = Self {
            gateway,
            ticket,
            known: general.known_gateways()?,
            origin: gateway.address().to_string(),
            general,
            document,
        };
        delivery.key()?;
        // Only what was believed is remembered. Where that fails the work is done all the same: the ticket has named the key.
        let expectation = general.expectation(&delivery.known, Some(&delivery.origin));
        if let Err(failure) = delivery.document.remember(&expectation) {
            let text = format!("this gateway is not remembered: {}", failure.title);
            general.terminal().warning(&text);
        }
        Ok(delivery)
    }

    fn key(&self) -> Result<&EnvelopeKey, Failure> {
        let expectation = self.general.expectation(&self.known, Some(&self.origin));
        self.document.key_for(self.ticket.claims(), &expectation)
    }

    /// Sends an envelope.
    ///
    /// # Errors
    /// The gateway's refusal, no answer, or a receipt that cannot be believed.
    pub(crate) async fn post(&self, envelope: &Envelope) -> Result<CheckedReceipt, Failure> {
        let answer = self.gateway.set(envelope, self.ticket).await?;
        let identity = self.document.identity();
        CheckedReceipt::read(&answer.success()?, envelope, identity)
    }

    /// Seals and sends, anew if the gateway has replaced its key meanwhile, and after a test if the gateway stores nothing without one.
    ///
    /// # Errors
    /// As for [`Self::post`], [`seal`] and [`Report::passed`].
    pub(crate) async fn set(&mut self, form: &CredentialForm) -> Result<CheckedReceipt, Failure> {
        let refused = match self.resealing(async |now| now.set_once(form).await).await {
            Err(failure) if failure.code == ProblemCode::TestRequired.as_str() => failure,
            done => return done,
        };
        let terminal = self.general.terminal();
        terminal.progress(&format!("{}: it is tested first", refused.title));
        self.pass(form).await?;
        self.resealing(async |now| now.set_once(form).await).await
    }

    /// Has the gateway try it, and tells people how far that has come.
    ///
    /// # Errors
    /// As for [`Self::test`] and [`Report::passed`].
    pub(crate) async fn pass(&mut self, form: &CredentialForm) -> Result<(), Failure> {
        let terminal = self.general.terminal();
        let report = self.test(form, |line| terminal.progress(&line.lines()));
        report.await?.passed()
    }

    /// Has the gateway try it at its data store. `told` is given each line of the report as it comes.
    ///
    /// # Errors
    /// The gateway's refusal, no answer, or a report that is none.
    pub(crate) async fn test(
        &mut self,
        form: &CredentialForm,
        mut told: impl FnMut(&Line),
    ) -> Result<Report, Failure> {
        self.resealing(async |now| {
            let envelope = now.seal(form, Operation::Test)?;
            let mut lines = Vec::new();
            let mut hear = |text: &[u8]| {
                let line = Line::read(text)?;
                told(&line);
                lines.push(line);
                Ok(())
            };
            let answer = now.gateway.test(&envelope, now.ticket, &mut hear).await?;
            answer.success()?;
            Report::of(lines)
        })
        .await
    }

    /// Does it, anew if the gateway has replaced its key meanwhile.
    async fn resealing<T>(
        &mut self,
        mut once: impl AsyncFnMut(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        for _ in 0..MAX_RESEALS {
            match once(self).await {
                Err(failure) if failure.code == ProblemCode::KeyRotated.as_str() => {
                    self.document = KeyDocument::fetch(self.gateway).await?;
                }
                other => return other,
            }
        }
        once(self).await
    }

    async fn set_once(&self, form: &CredentialForm) -> Result<CheckedReceipt, Failure> {
        self.post(&self.seal(form, Operation::Set)?).await
    }

    fn seal(&self, form: &CredentialForm, operation: Operation) -> Result<Envelope, Failure> {
        let binding = Binding::from_ticket(self.ticket.claims(), operation);
        seal(form, self.key()?, &binding)
    }
}

#[cfg(test)]
mod tests;
