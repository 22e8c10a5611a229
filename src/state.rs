//! What the page shows, as a value: every change is an [`Action`], every screen a [`Stage`].
//!
//! The types derive `Clone` and `Debug` on purpose: a secret implements neither, so the compiler proves that none is in here.

mod action;
mod existing;
mod pasting;
mod trial;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::documents::{Description, Policy};
use envelope::context::UnixSeconds;
use envelope::jwk::Kid;
use envelope::receipt::SignedReceipt;
use envelope::ticket::TicketClaims;
use linked_service::{AuthType, Kind};

use crate::text;
use crate::trouble::Trouble;
pub use action::Action;
pub use existing::{Existing, Moved, Step, Stored};
pub use pasting::{Paste, Pasted};
pub use trial::{Cause, Certificate, Line, Outcome, Trial, Wish};

/// The whole page.
#[derive(Clone, Debug)]
pub struct Page {
    /// What the gateway says about itself, once it has.
    pub gateway: Option<Description>,
    /// The screen.
    pub stage: Stage,
}

/// The screens.
#[derive(Clone, Debug)]
pub enum Stage {
    /// There is no ticket that would let anything be saved, so nothing may be typed.
    Closed(Trouble),
    /// The form.
    Editing(Box<Form>),
    /// The receipt.
    Saved(Box<Saved>),
    /// The person has given up; nothing was stored.
    Cancelled,
}

/// A credential being typed: everything about it that is not secret.
#[derive(Clone, Debug)]
pub struct Form {
    /// What the ticket says, unverified: the gateway decides.
    pub claims: TicketClaims,
    /// The kind of data store, once chosen.
    pub kind: Option<&'static Kind>,
    /// How the gateway signs in there.
    pub auth: Option<&'static AuthType>,
    /// What was typed, by field name. Values of fields that are not shown now are kept for when they are again. The choice of
    /// an authentication type is among them.
    pub properties: Vec<(&'static str, String)>,
    /// What came of a connection string.
    pub paste: Paste,
    /// What is stored already.
    pub existing: Existing,
    /// What a person wants to become of secrets that are stored; of the others, or where nothing else is possible, it does not count.
    pub steps: Vec<(&'static str, Step)>,
    /// The secrets that the gateway has refused to keep.
    pub required: Vec<&'static str>,
    /// Counts how often stored values were put back, so that the view draws lists anew.
    pub restored: u32,
    /// The gateway's key.
    pub keys: Keys,
    /// The identity key that has vouched for it, by its thumbprint.
    pub identity: Option<Kid>,
    /// What is going on.
    pub work: Work,
    /// Why the last step failed.
    pub trouble: Option<Trouble>,
    /// What is wrong with single fields.
    pub faults: Vec<Fault>,
    /// The test that is under way, or the last one.
    pub trial: Option<Trial>,
    /// Counts failed saves, so that the view knows when to move the focus to the summary.
    pub failures: u32,
}

/// The gateway's key, as far as the form needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Asked for; the form can be used meanwhile.
    Loading,
    /// Accepted: statement and ticket agree on it.
    Accepted(Kid),
    /// Not usable now; Save asks again.
    Missing,
    /// Vouched for by another identity key than before ([`Trouble::IdentityChanged`]): nothing goes on until a person has said that they
    /// trust it, whatever else happens meanwhile.
    Untrusted(Rc<Trouble>),
}

/// What is going on with the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// The program is still loading: this is the form that index.html holds until then. What only the program can do waits.
    Starting,
    /// Nothing: it can be edited and saved.
    Idle,
    /// Save was pressed, and the key file is looked at.
    Checking,
    /// Save was pressed before the key arrived.
    AwaitingKey,
    /// The gateway tries the credential; nothing is stored by that.
    Testing,
    /// The envelope is on its way.
    Sending,
    /// It is sent once more, because no answer came.
    SendingAgain,
}

impl Work {
    /// Whether something goes on that a person waits for.
    pub fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::Checking | Self::AwaitingKey | Self::Testing | Self::Sending | Self::SendingAgain
        )
    }
}

/// What is wrong with one field, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field's name in the catalogue.
    pub field: String,
    /// What to do about it.
    pub words: String,
}

/// What the receipt screen shows.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The gateway's receipt.
    pub signed: SignedReceipt,
    /// The gateway's word for what came of a test before, if it says one.
    pub tested: Option<String>,
    /// The linked service's JSON with the reference in its place.
    pub linked_service_json: Option<String>,
}

impl Page {
    /// The page as it opens, by what the link held.
    pub fn open(ticket: Result<&TicketClaims, Trouble>) -> Self {
        let stage = match ticket.and_then(Form::new) {
            Ok(form) => Stage::Editing(Box::new(form)),
            Err(trouble) => Stage::Closed(trouble),
        };
        Self {
            gateway: None,
            stage,
        }
    }

    /// The form, if it is what is shown.
    pub fn form(&self) -> Option<&Form> {
        match &self.stage {
            Stage::Editing(form) => Some(form),
            _ => None,
        }
    }

    /// Whether the gateway can try what the form is for, and how it wants it.
    pub fn tests(&self) -> Option<Policy> {
        let (form, gateway) = (self.form()?, self.gateway.as_ref()?);
        gateway.tests(form.kind?, form.auth?)
    }

    /// The page after `action`. An action that does not fit the screen changes nothing.
    pub fn reduce(&mut self, action: Action) {
        match action {
            Action::GatewayDescribed(description) => {
                if let Stage::Editing(form) = &mut self.stage
                    && form.claims.aud != description.id
                {
                    form.trouble = Some(Trouble::WrongGateway);
                }
                self.gateway = Some(description);
            }
            action => self.reduce_stage(action),
        }
    }

    fn reduce_stage(&mut self, action: Action) {
        let Stage::Editing(form) = &mut self.stage else {
            return;
        };
        match action {
            Action::Stored(saved) => self.stage = Stage::Saved(saved),
            Action::Cancelled => self.stage = Stage::Cancelled,
            action => form.reduce(action),
        }
    }
}

impl Form {
    /// An empty form for a ticket; `Err` when the ticket is for something that this page does not do.
    fn new(claims: &TicketClaims) -> Result<Self, Trouble> {
        if claims.op != envelope::context::Operation::Set {
            return Err(Trouble::WrongOperation);
        }
        let mut form = Self {
            claims: claims.clone(),
            kind: None,
            auth: None,
            properties: Vec::new(),
            paste: Paste::Nothing,
            existing: Existing::Asked,
            steps: Vec::new(),
            required: Vec::new(),
            restored: 0,
            keys: Keys::Loading,
            identity: None,
            work: Work::Idle,
            trouble: None,
            faults: Vec::new(),
            trial: None,
            failures: 0,
        };
        if let Some(id) = &claims.kind {
            let kind = linked_service::kind(id).ok_or_else(|| Trouble::UnknownKind(id.clone()))?;
            let auth = kind.auth_type_of_json(id);
            form.show_fields(Some(kind), auth.or(kind.auth_types.first()));
        }
        Ok(form)
    }

    /// What the form sends: the values of the fields that are shown, without the empty ones.
    pub fn shown_properties(&self) -> BTreeMap<String, String> {
        // Not collected: a map that is made from an iterator brings two sorting algorithms into the page.
        let mut shown = BTreeMap::new();
        for field in self.fields().chain(self.unwritten()) {
            if field.is_secret() {
                continue;
            }
            let value = self.value(field.name);
            if !value.is_empty() {
                shown.insert(field.name.to_owned(), value.to_owned());
            }
        }
        shown
    }

    /// The fields that are shown, in the catalogue's order.
    pub fn fields(&self) -> impl Iterator<Item = &'static linked_service::Field> + use<> {
        self.auth.map_or(&[][..], |auth| auth.fields).iter()
    }

    /// The properties of the kind that no form asks for.
    pub fn unwritten(&self) -> impl Iterator<Item = &'static linked_service::Field> + use<> {
        self.kind.map_or(&[][..], Kind::unwritten).iter()
    }

    /// Seconds until the ticket runs out.
    pub fn seconds_left(&self, now: UnixSeconds) -> u64 {
        self.claims.exp.0.saturating_sub(now.0)
    }

    /// What there is to tell about the form as a whole.
    pub fn notice(&self) -> Option<&Trouble> {
        match &self.keys {
            Keys::Untrusted(trouble) => Some(trouble),
            _ => self.trouble.as_ref(),
        }
    }

    fn reduce(&mut self, action: Action) {
        if let (Some(trial), true) = (&mut self.trial, action.is_edit()) {
            trial.outdated = true;
        }
        match action {
            Action::KeyAccepted { kid, identity } => {
                self.keys = Keys::Accepted(kid);
                self.identity = Some(identity);
            }
            Action::KeyFailed(trouble) => {
                self.keys = match trouble {
                    Trouble::IdentityChanged(_) => Keys::Untrusted(Rc::new(trouble.clone())),
                    _ => Keys::Missing,
                };
                self.identity = None;
                if self.work == Work::Idle {
                    self.trouble = Some(trouble);
                } else {
                    self.fail(trouble);
                }
            }
            Action::KindChosen(id) => {
                let kind = linked_service::kind(&id);
                self.forget(text::AUTH_FIELD);
                self.show_fields(kind, kind.and_then(|kind| self.usual_auth(kind)));
            }
            Action::AuthChosen(id) => {
                let auth = self
                    .kind
                    .and_then(|kind| kind.auth_types.iter().find(|auth| auth.id == id));
                self.show_fields(self.kind, auth);
                self.put(text::AUTH_FIELD, id);
            }
            Action::PropertyChanged(name, value) => {
                self.faults.retain(|fault| fault.field != name);
                self.put(name, value);
            }
            Action::SecretChanged(name) => {
                // Typed before it was known that one is stored, it takes that one's place.
                self.choose(name, Step::Replace);
            }
            Action::Pasted(pasted) => self.take_pasted(pasted),
            Action::PasteRefused(why) => self.paste = Paste::Refused(why),
            Action::Found(existing) => self.found(existing),
            Action::StepChosen(name, step) => self.choose(name, step),
            Action::MovedBack => self.move_back(),
            Action::SecretsRequired(names) => {
                self.require(&names);
                self.fail(Trouble::SecretRequired);
            }
            Action::KeyFileChecked => self.begin(Work::Checking),
            Action::KeyAwaited => self.begin(Work::AwaitingKey),
            Action::TrialBegun => {
                self.begin(Work::Testing);
                self.trial = Some(Trial::default());
            }
            Action::Tried(line) => {
                if line.stage.is_empty() {
                    self.work = Work::Idle;
                }
                self.trial.get_or_insert_default().lines.push(Rc::new(line));
            }
            Action::Sent => self.begin(Work::Sending),
            Action::SentAgain => self.work = Work::SendingAgain,
            Action::FieldsRefused(faults) => {
                self.stop();
                self.trouble = None;
                self.faults = faults;
                self.failures += 1;
            }
            Action::SaveFailed(trouble) => self.fail(trouble),
            Action::Disturbed(trouble) => self.trouble = Some(trouble),
            Action::IdentityTrusted => self.ask_again(),
            Action::TicketRenewed(claims) => {
                self.claims = *claims;
                self.ask_again();
            }
            Action::GatewayDescribed(_) | Action::Stored(_) | Action::Cancelled => {}
        }
    }

    fn ask_again(&mut self) {
        self.keys = Keys::Loading;
        self.identity = None;
        self.trouble = None;
    }

    fn begin(&mut self, work: Work) {
        self.work = work;
        self.trouble = None;
        self.faults.clear();
    }

    /// Nothing goes on any more. Half of a test says nothing.
    fn stop(&mut self) {
        self.work = Work::Idle;
        self.trial.take_if(|trial| trial.ending().is_none());
    }

    fn fail(&mut self, trouble: Trouble) {
        self.stop();
        self.trouble = Some(trouble);
        self.faults.clear();
        self.failures += 1;
    }

    /// Shows another set of fields. What was typed stays; what nobody touched is the new fields' own.
    fn show_fields(&mut self, kind: Option<&'static Kind>, auth: Option<&'static AuthType>) {
        (self.kind, self.auth) = (kind, auth);
        self.faults.clear();
    }

    fn put(&mut self, name: &'static str, value: String) {
        self.forget(name);
        self.properties.push((name, value));
    }

    fn forget(&mut self, name: &str) {
        self.properties.retain(|typed| typed.0 != name);
    }
}

#[cfg(test)]
pub(crate) mod tests;
