//! What is known of the key file in a field. None of it is secret.

use super::Slot;

/// What is known of what a field holds, if a key file belongs there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// Nothing yet: it was typed, or came with something else that was pasted.
    #[default]
    Unread,
    /// It could not be looked at, or its passphrase could not be tried, and the person was told so.
    Unchecked,
    /// It needs no passphrase.
    Open,
    /// It needs one.
    Sealed,
}

impl Slot {
    /// What is known of what it holds.
    pub fn known(&self) -> Known {
        self.known.get()
    }

    /// What there is to say of it.
    pub fn words(&self) -> String {
        self.words.borrow().clone()
    }

    /// Takes note of what it holds.
    pub fn learn(&self, known: Known, words: String) {
        self.known.set(known);
        self.words.replace(words);
        self.redraw.emit(());
    }

    /// Begins something that takes its time; what was begun before has nothing to say any more.
    pub fn begin(&self) -> u32 {
        self.turn.set(self.turn.get().wrapping_add(1));
        self.turn.get()
    }

    /// Whether nothing was begun, edited or wiped since.
    pub fn is_at(&self, turn: u32) -> bool {
        self.turn.get() == turn
    }

    /// The text is about to be another one.
    pub(super) fn forget(&self) {
        self.begin();
        self.known.take();
        self.words.take();
    }
}
