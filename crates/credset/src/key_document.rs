//! A gateway's keys, and why one of them is sealed for: the document passes the key policy, the gateway's identity key has signed a
//! statement about it, and a ticket, a fingerprint or an earlier visit says which identity key that has to be.
//!
//! The rules are those of [`envelope::jwk`] and [`envelope::statement`]; here are only the signature's check and what is remembered.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use envelope::protocol::{IdentityJwk, KEYS_PATH};
use envelope::statement::{Seen, SignedStatement, StatementRefusal};
use envelope::{
    EnvelopeKey, JwkSet, KeyStatement, Kid, Operation, TicketClaims, TicketId, UnixSeconds,
};

use crate::failure::{Cause, Failure};
use crate::fingerprint::{self, Fingerprint};
use crate::gateway_client::GatewayClient;
use crate::known_gateways::{KnownGateways, Others};
use crate::{primality, trouble};

/// A key document whose keys passed the policy, and whose statement is signed by the identity key that it names. Nothing else is known yet.
pub(crate) struct KeyDocument {
    /// As it was served.
    pub(crate) text: Vec<u8>,
    keys: JwkSet,
    statement: KeyStatement,
    /// When the gateway answered, by its own clock.
    pub(crate) at: Option<UnixSeconds>,
}

/// Whom a person or an earlier visit says that this gateway is.
pub(crate) struct Expectation<'a> {
    /// What a person was told.
    pub(crate) fingerprint: Option<&'a Fingerprint>,
    /// What was remembered.
    pub(crate) known: &'a KnownGateways,
    /// Where the document came from; nothing for one that was saved.
    pub(crate) origin: Option<&'a str>,
}

impl KeyDocument {
    /// Fetches the document of a gateway.
    ///
    /// # Errors
    /// When there is no answer, or the document breaks a rule.
    pub(crate) async fn fetch(gateway: &GatewayClient) -> Result<Self, Failure> {
        let answer = gateway.get(KEYS_PATH).await?;
        let at = answer.at;
        Ok(Self {
            at,
            ..Self::read(answer.success()?)?
        })
    }

    /// Reads a document.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub(crate) fn read(text: Vec<u8>) -> Result<Self, Failure> {
        let keys = JwkSet::parse(&text).map_err(trouble::key_refused)?;
        primality::check(&keys).map_err(trouble::key_refused)?;
        let refused = |refusal| trouble::statement_refused(&refusal);
        let jws = keys
            .statement()
            .ok_or_else(|| refused(StatementRefusal::Missing))?;
        let statement = verified(jws).ok_or_else(|| refused(StatementRefusal::Signature))?;
        Ok(Self {
            text,
            keys,
            statement,
            at: None,
        })
    }

    /// The identity key that has signed the statement.
    pub(crate) fn identity(&self) -> &IdentityJwk {
        &self.statement.identity
    }

    /// What the identity key says.
    pub(crate) fn statement(&self) -> &KeyStatement {
        &self.statement
    }

    /// The keys, the one in use first.
    pub(crate) fn keys(&self) -> &JwkSet {
        &self.keys
    }

    /// The key to seal for under a ticket, by the rules of [`envelope::statement`].
    ///
    /// # Errors
    /// The first rule that is broken, or another fingerprint than the one that was given.
    pub(crate) fn key_for(
        &self,
        claims: &TicketClaims,
        expectation: &Expectation<'_>,
    ) -> Result<&EnvelopeKey, Failure> {
        let seen = self.expected(expectation)?;
        self.statement
            .key_for(claims, &self.keys, seen.as_ref())
            .map_err(|refusal| trouble::statement_refused(&refusal))
    }

    /// The same for a document that was saved: that it is not of the ticket's time is known, and `longest` says how much older it may be. In
    /// seconds. The keys themselves are still the ticket's gateway's, and what is sealed for one that is gone is refused there.
    ///
    /// # Errors
    /// As for [`Self::key_for`].
    pub(crate) fn kept_key_for(
        &self,
        claims: &TicketClaims,
        expectation: &Expectation<'_>,
        longest: u64,
    ) -> Result<&EnvelopeKey, Failure> {
        let seen = self.expected(expectation)?;
        let age = claims.exp.0.saturating_sub(self.statement.exp.0);
        if age > longest || self.statement.nbf > claims.iat {
            return Err(trouble::statement_refused(&StatementRefusal::Time).advise(format!(
                "The keys were saved for tickets of another time: run `credset keys save` again, or give --max-key-age HOURS (now {}).",
                longest / 3_600
            )));
        }
        let extended = KeyStatement {
            exp: self.statement.exp.max(claims.exp),
            ..self.statement.clone()
        };
        extended
            .key_for(claims, &self.keys, seen.as_ref())
            .map_err(|refusal| trouble::statement_refused(&refusal))
    }

    /// Believes the document without a ticket: by the fingerprint or an earlier visit.
    ///
    /// # Errors
    /// As for [`Self::key_for`]; and when neither says anything, unless this is to be the first use.
    pub(crate) fn believe(
        &self,
        expectation: &Expectation<'_>,
        first_use: FirstUse,
        now: UnixSeconds,
    ) -> Result<(), Failure> {
        let seen = self.expected(expectation)?;
        let told = expectation.fingerprint.is_some();
        if seen.is_none() && !told && first_use == FirstUse::Refused {
            return Err(Failure::new(
                Cause::Trust,
                "not_pinned",
                "Nothing says that this is the right gateway",
            )
            .advise(format!(
                "It says that its words are:\n  {}\nCompare them with the gateway's administrator, by telephone or in person, and give them with --fingerprint; or accept what answers with --trust-on-first-use.",
                fingerprint::in_words(&self.identity().thumbprint())
            )));
        }
        let claims = self.as_if_by_ticket(now)?;
        self.statement
            .key_for(&claims, &self.keys, seen.as_ref())
            .map_err(|refusal| match refusal {
                StatementRefusal::Time => trouble::statement_refused(&refusal).advise(
                    "It is not of this computer's time: one of the two clocks is wrong, or somebody answers with what was recorded earlier. `credset doctor` says by how much.",
                ),
                refusal => trouble::statement_refused(&refusal),
            })?;
        Ok(())
    }

    /// Remembers the identity key at the place that the document came from, instead of other keys of this name or place if a person has compared it.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub(crate) fn remember(&self, expectation: &Expectation<'_>) -> Result<(), Failure> {
        let others = match expectation.fingerprint {
            Some(_) => Others::Replaced,
            None => Others::Kept,
        };
        let (gateway, seen) = (&self.statement.gw, self.statement.seen());
        match expectation.origin {
            Some(origin) => expectation.known.remember(gateway, origin, &seen, others),
            None => Ok(()),
        }
    }

    /// What was seen before, as far as it has a say, and what speaks against this document first: a fingerprint that a person has compared
    /// overrules what was another key's.
    fn expected(&self, expectation: &Expectation<'_>) -> Result<Option<Seen>, Failure> {
        let identity = self.identity().thumbprint();
        let mut seen = expectation
            .known
            .seen(&self.statement.gw, expectation.origin)?;
        match expectation.fingerprint {
            Some(fingerprint) if !fingerprint.is_of(&identity) => {
                return Err(other_fingerprint(&identity));
            }
            Some(_) => seen.retain(|seen| seen.identity == identity),
            None => {}
        }
        let weight = |seen: &Seen| (seen.identity != identity, seen.seq);
        Ok(seen.into_iter().max_by_key(weight))
    }

    /// Claims of a ticket that names the identity key and is used now, so that one set of rules serves for both.
    fn as_if_by_ticket(&self, now: UnixSeconds) -> Result<TicketClaims, Failure> {
        let name = "-".to_owned();
        let invalid = |error: envelope::NameError| Failure::usage(error.to_string());
        Ok(TicketClaims {
            iss: name.clone(),
            aud: self.statement.gw.clone(),
            sub: name.clone(),
            jti: TicketId::parse(&name).map_err(invalid)?,
            iat: now,
            nbf: now,
            exp: UnixSeconds(now.0 + 1),
            op: Operation::Set,
            df: envelope::DataFactoryName::parse(&name).map_err(invalid)?,
            ls: envelope::LinkedServiceName::parse(&name).map_err(invalid)?,
            kind: None,
            thp: self.identity().thumbprint(),
            org: None,
        })
    }
}

/// Whether a gateway that nothing is known of is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstUse {
    /// It is not.
    Refused,
    /// It is, and remembered.
    Trusted,
}

fn other_fingerprint(identity: &Kid) -> Failure {
    Failure::new(
        Cause::Trust,
        "other_fingerprint",
        "The gateway's fingerprint is another one",
    )
    .advise(format!(
        "Somebody may be in between. Nothing was sealed or sent. This one has:\n  {}\n  {identity}",
        fingerprint::in_words(identity)
    ))
}

/// The statement of a key document with the hand-overs after it, if each is signed by the identity key that it names and they fit together.
fn verified(text: &str) -> Option<KeyStatement> {
    let mut signed = text.split(' ').map(verified_alone);
    let mut statement = signed.next()??;
    for hand_over in signed {
        statement.follow(&hand_over?).then_some(())?;
    }
    Some(statement)
}

fn verified_alone(jws: &str) -> Option<KeyStatement> {
    let signed = SignedStatement::parse(jws)?;
    let statement: KeyStatement = serde_json::from_slice(&signed.payload).ok()?;
    let is_by = signed.is_by(&statement.identity.thumbprint());
    let is_signed = is_signed_by(
        &statement.identity,
        signed.signing_input.as_bytes(),
        &signed.signature,
    );
    (is_by && is_signed).then_some(statement)
}

/// Whether an identity key has signed these bytes (RFC 8037 section 3.1).
pub(crate) fn is_signed_by(identity: &IdentityJwk, input: &[u8], signature: &[u8]) -> bool {
    let is_ed25519 = identity.kty == "OKP" && identity.crv == "Ed25519";
    match Base64UrlUnpadded::decode_vec(&identity.x) {
        Ok(key) => {
            is_ed25519
                && UnparsedPublicKey::new(&ED25519, key)
                    .verify(input, signature)
                    .is_ok()
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
