//! A terminal that does not show what is typed. It shows it again however the program ends, as long as that is by a signal that can be taken.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

/// The terminal and how it was, while one is quiet.
static QUIET: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// The character of a key that has no meaning.
const NONE: u8 = match cfg!(target_os = "linux") {
    true => 0,
    false => 0xff,
};

/// While it lives, nothing that is typed is shown, and each character arrives alone. Ctrl-C is still a signal; Ctrl-Z is none: whoever would
/// get the terminal then would get it quiet.
pub(crate) struct QuietTerminal(());

impl QuietTerminal {
    /// Makes it quiet.
    ///
    /// # Errors
    /// When it is no terminal.
    pub(crate) fn begin(terminal: &File) -> io::Result<Self> {
        let mut quiet = lock();
        let before = tcgetattr(terminal)?;
        let mut modes = before.clone();
        modes.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON;
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        modes.special_codes[SpecialCodeIndex::VSUSP] = NONE;
        *quiet = Some((terminal.try_clone()?, before));
        tcsetattr(terminal, OptionalActions::Now, &modes)?;
        Ok(Self(()))
    }
}

impl Drop for QuietTerminal {
    fn drop(&mut self) {
        show(&mut lock());
    }
}

/// As it was. As long as what is returned lives, no terminal is made quiet.
pub(crate) fn shown_for_good() -> impl Drop {
    let mut quiet = lock();
    show(&mut quiet);
    quiet
}

fn show(quiet: &mut Option<(File, Termios)>) {
    if let Some((mut terminal, before)) = quiet.take() {
        // A terminal that is gone shows nothing. What is printed next does not stand behind the question.
        let _ = tcsetattr(&terminal, OptionalActions::Now, &before);
        let _ = terminal.write_all(b"\n");
    }
}

fn lock() -> MutexGuard<'static, Option<(File, Termios)>> {
    QUIET.lock().unwrap_or_else(PoisonError::into_inner)
}
