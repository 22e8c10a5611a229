//! A module's side: what it was asked, and what it answers. There is one of each at a time, and both are wiped.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

#[derive(Default)]
struct Memory {
    asked: Zeroizing<Vec<u8>>,
    answer: Zeroizing<Vec<u8>>,
}

static MEMORY: LazyLock<Mutex<Memory>> = LazyLock::new(Mutex::default);

fn memory() -> MutexGuard<'static, Memory> {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for what is asked, in bytes, and gives its address.
pub fn room(length: usize) -> *mut u8 {
    let mut memory = memory();
    memory.asked = Zeroizing::new(vec![0; length]);
    memory.asked.as_mut_ptr()
}

/// Has what was asked read, and gives the address of the answer.
pub fn read(answer: fn(&[u8]) -> Zeroizing<Vec<u8>>) -> *const u8 {
    let mut memory = memory();
    memory.answer = answer(&memory.asked);
    memory.answer.as_ptr()
}

/// How long the answer is, in bytes.
pub fn answer_length() -> usize {
    memory().answer.len()
}

/// Forgets what was asked and answered.
pub fn wipe() {
    *memory() = Memory::default();
}
