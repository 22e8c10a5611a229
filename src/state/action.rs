//! What can happen to the page, as values.

use envelope::jwk::Kid;
use envelope::ticket::TicketClaims;

use super::{Existing, Fault, Line, Pasted, Saved, Step};
use crate::documents::Description;
use crate::trouble::Trouble;

/// Everything that can happen to the page.
#[derive(Clone, Debug)]
pub enum Action {
    /// The gateway has described itself.
    GatewayDescribed(Description),
    /// The key to seal for is known.
    KeyAccepted {
        /// Its thumbprint.
        kid: Kid,
        /// That of the identity key that has vouched for it.
        identity: Kid,
    },
    /// The key could not be had or was refused.
    KeyFailed(Trouble),
    /// Another kind of data store, by its JSON type.
    KindChosen(String),
    /// Another way to sign in, by its id.
    AuthChosen(String),
    /// A field that is not secret has changed.
    PropertyChanged(&'static str, String),
    /// A secret field has changed; the field keeps the value to itself.
    SecretChanged(&'static str),
    /// A connection string was pasted; its secrets are on their way to their fields.
    Pasted(Pasted),
    /// What was pasted cannot be taken, for this reason.
    PasteRefused(String),
    /// The gateway has said what is stored, or has not.
    Found(Existing),
    /// What is to become of a stored secret.
    StepChosen(&'static str, Step),
    /// What decides where a stored secret goes is to be as it was.
    MovedBack,
    /// Nothing was stored: the gateway does not keep the secrets of these names.
    SecretsRequired(Vec<String>),
    /// Save was pressed, and the key file is looked at.
    KeyFileChecked,
    /// Save was pressed and waits for the key.
    KeyAwaited,
    /// The envelope for a test has left.
    TrialBegun,
    /// The gateway has told something of the test.
    Tried(Line),
    /// The envelope has left.
    Sent,
    /// It is sent once more, because no answer came.
    SentAgain,
    /// Nothing was sent: fields are missing or wrong.
    FieldsRefused(Vec<Fault>),
    /// Nothing is known to be stored.
    SaveFailed(Trouble),
    /// Something is wrong that nobody asked about just now: told without moving the focus.
    Disturbed(Trouble),
    /// The gateway has answered with a receipt.
    Stored(Box<Saved>),
    /// The person has recognised the gateway's new identity key.
    IdentityTrusted,
    /// A new ticket for the same linked service.
    TicketRenewed(Box<TicketClaims>),
    /// The person has given up.
    Cancelled,
}

impl Action {
    /// Whether it changes what an envelope would hold.
    pub fn is_edit(&self) -> bool {
        matches!(
            self,
            Self::KindChosen(_)
                | Self::AuthChosen(_)
                | Self::PropertyChanged(..)
                | Self::SecretChanged(_)
                | Self::Pasted(_)
                | Self::StepChosen(..)
                | Self::MovedBack
        )
    }
}
