//! What a line says of itself, compared with what is known: its spelling, whose trail it is, its signature, and what the
//! store and others remember of it.

use std::path::Path;

use super::super::Kind;
use super::super::remembered::Given;
use super::{Beginning, Chain, Seen, Told};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::line::{Entry, LineHash, write_front};
use crate::audit::members::are_there_once;
use crate::audit::rotation::Rotated;

/// No gateway writes so many lines without a checkpoint.
const MAX_UNSIGNED: u64 = 2048;

impl Chain {
    /// There is one spelling of what the gateway adds to an event.
    pub(super) fn check_front(&mut self, entry: &Entry<'_>, line: &[u8], seen: &mut Seen) {
        self.front.clear();
        let prev = LineHash::parse(entry.prev).unwrap_or(LineHash::NONE);
        let beginning = entry.beginning();
        write_front(
            &mut self.front,
            entry.seq,
            &prev,
            beginning.as_ref(),
            entry.jws,
        );
        if !line.starts_with(self.front.as_bytes()) {
            let expected = format!("a line that begins {}", self.front);
            self.tell(seen, Some(entry.seq), Kind::Changed, expected);
        } else if !are_there_once(line) {
            let expected = "each member once".to_owned();
            self.tell(seen, Some(entry.seq), Kind::Changed, expected);
        } else if entry.jws.is_some() && !entry.is_checkpoint() {
            let expected = "no signature but a checkpoint's".to_owned();
            self.tell(seen, Some(entry.seq), Kind::Changed, expected);
        }
    }

    /// A file's first line says whose trail it is.
    pub(super) fn check_beginning(&mut self, entry: &Entry<'_>, seen: &mut Seen) {
        let seq = Some(entry.seq);
        let Some(beginning) = entry.beginning() else {
            let expected = "a file's first line, which names the gateway".to_owned();
            return self.tell(seen, seq, Kind::Changed, expected);
        };
        match &self.gateway {
            None => self.gateway = Some(beginning.gateway.to_owned()),
            Some(gateway) if gateway != beginning.gateway => {
                let expected = format!("the gateway {gateway}");
                self.tell(seen, seq, Kind::OtherGateway, expected);
            }
            Some(_) => {}
        }
        let key = beginning.identity_key.to_owned();
        if self.signers.begin(&key, seen) {
            self.witness();
        } else {
            let expected = format!("the identity key {}", self.signers.present());
            self.tell(seen, seq, Kind::OtherGateway, expected);
        }
    }

    /// A checkpoint is signed, for this place; other lines have one among so many.
    pub(super) fn check_checkpoint(
        &mut self,
        entry: &Entry<'_>,
        line: &[u8],
        prev: &LineHash,
        seen: &mut Seen,
    ) {
        let seq = Some(entry.seq);
        if !entry.is_checkpoint() {
            self.unsigned += 1;
            if self.unsigned == MAX_UNSIGNED {
                let expected = format!("a checkpoint within {MAX_UNSIGNED} lines");
                self.tell(seen, seq, Kind::NoCheckpoint, expected);
                seen.told = Told::Nothing;
            }
            return;
        }
        let verified = |jws| Some((Checkpoint::verify(self.signers.key()?, jws)?, jws));
        let Some((signed, jws)) = entry.jws.and_then(verified) else {
            let expected = format!("a signature by the identity key {}", self.signers.present());
            return self.tell(seen, seq, Kind::ForgedCheckpoint, expected);
        };
        let last_head = self.last.as_ref().map(|last| last.head);
        if signed.head() == last_head && last_head != Some(*prev) {
            // The line before is as it was; it is this one's `prev` that is not.
            self.doubted = None;
            let expected = format!("{} in `prev`", signed.head);
            return self.tell(seen, seq, Kind::Changed, expected);
        }
        let is_here = signed.seq == entry.seq - 1 && signed.head() == Some(*prev);
        if !is_here || self.gateway.as_ref() != Some(&signed.gateway) {
            let expected = format!("it after line {}", signed.seq);
            return self.tell(seen, seq, Kind::MisplacedCheckpoint, expected);
        }
        let told = signed.told();
        if line.strip_prefix(self.front.as_bytes()) != Some(told.as_bytes()) {
            return self.tell(seen, seq, Kind::Changed, told);
        }
        self.unsigned = 0;
        self.signers.confirm();
        self.accepted.append(&mut self.unconfirmed);
        self.report.checkpoints += 1;
        self.report.signed_through = entry.seq;
        self.report.last_checkpoint = Some(jws.to_owned());
        if let Beginning::Declared { .. } = self.beginning {
            self.beginning = Beginning::Whole;
        }
    }

    /// The trail may say that its beginning was removed.
    pub(super) fn check_removal(&mut self, entry: &Entry<'_>, seen: &Seen) {
        if entry.event != "audit_file_removed" || seen.told == Told::Fault {
            return;
        }
        let removed = entry
            .file
            .as_deref()
            .map(Path::new)
            .and_then(Rotated::parse);
        if let Beginning::Later { place } = &self.beginning
            && removed.is_some_and(|removed| removed.last == place.seq - 1)
        {
            self.beginning = Beginning::Declared {
                place: place.clone(),
            };
        }
    }

    /// Compares with what the store and others remember of this line.
    pub(super) fn compare(&mut self, line: &[u8], seen: &mut Seen) {
        let seq = Some(seen.seq);
        if let Some(store) = &self.store {
            let is_other = store.mark.seq == seen.seq && store.mark.head != seen.head;
            let told = store.rows.get(&seen.seq);
            let tells = line.strip_prefix(self.front.as_bytes());
            let tells_other = told.is_some_and(|told| tells != Some(told.as_bytes()));
            if is_other {
                // It is changed itself: that explains why it does not fit the line before.
                self.doubted = None;
            }
            if (is_other || tells_other) && seen.told == Told::Nothing {
                let expected =
                    format!("{}, as the store remembers it", self.line_written(seen.seq));
                self.tell(seen, seq, Kind::Changed, expected);
            }
        }
        self.check_number(seen);
        let is_other =
            |given: &Checkpoint| given.seq == seen.seq && given.head() != Some(seen.head);
        if self.witnessed.iter().any(is_other) && seen.told == Told::Nothing {
            let expected = "the line that the given checkpoint was signed for".to_owned();
            self.tell(seen, seq, Kind::Changed, expected);
        }
    }

    /// No line has a number that the store has not given. It is told of the first, at the end.
    fn check_number(&mut self, seen: &Seen) {
        let given = self.store.as_ref().map(|store| store.given);
        if let Some(Given::Through(given)) = given
            && seen.seq > given
            && self.beyond.is_none()
        {
            self.beyond = Some(seen.clone());
        }
    }

    /// What the store remembers has its seal, and tells of every line.
    pub(super) fn check_store(&mut self) {
        if let Some(mut beyond) = self.beyond.take()
            && beyond.told == Told::Nothing
        {
            let seq = beyond.seq;
            let expected = "the end: the store has given no such number yet".to_owned();
            self.tell(&mut beyond, Some(seq), Kind::NotGiven, expected);
        }
        if self.store.as_ref().is_some_and(|store| store.has_strange) {
            let mut nowhere = self.nowhere();
            let expected =
                "it under the gateway's seal; a gateway that starts mends that and says so"
                    .to_owned();
            self.tell(&mut nowhere, None, Kind::StoreChanged, expected);
        }
    }

    /// A former identity key says which one takes its place.
    pub(super) fn check_hand_over(&mut self, entry: &Entry<'_>, seen: &mut Seen) {
        if !entry.replaces_identity() || seen.told == Told::Fault {
            return;
        }
        let gateway = self.gateway.clone().unwrap_or_default();
        let hand_over = entry.hand_over.as_ref();
        if hand_over.is_some_and(|told| self.signers.follow(told, &gateway, seen)) {
            return self.witness();
        }
        let present = self.signers.present();
        let expected = format!("one that the identity key {present} signed");
        self.tell(seen, Some(entry.seq), Kind::ForgedHandOver, expected);
    }

    /// The trail leads to the key that is known, and that key has signed it.
    pub(super) fn check_signers(&mut self) {
        if let Some((mut place, expected)) = self.signers.missing() {
            let seq = Some(place.seq);
            self.tell(&mut place, seq, Kind::OtherGateway, expected);
        }
        for _ in 0..std::mem::take(&mut self.given).len() {
            let expected = "--checkpoint with a checkpoint of this identity key".to_owned();
            let mut nowhere = self.nowhere();
            self.tell(&mut nowhere, None, Kind::ForgedCheckpoint, expected);
        }
    }

    /// Another identity key is known from here on: some of the checkpoints from elsewhere may be by it.
    pub(super) fn witness(&mut self) {
        let Some(key) = self.signers.key() else {
            return;
        };
        let witnessed = &mut self.witnessed;
        self.given
            .retain(|jws| match Checkpoint::verify(key, jws.trim()) {
                Some(checkpoint) => {
                    witnessed.push(checkpoint);
                    false
                }
                None => true,
            });
    }
}
