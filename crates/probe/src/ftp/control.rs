//! The connection for commands, and what is said on it (RFC 959, section 4.2).

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use crate::messages::Stream;
use crate::report::{Cause, Halt, Scrubber};

/// As long as a line may be, in bytes.
const MAX_LINE: usize = 4 * 1024;

/// Commands there, replies here.
pub(super) struct Control {
    stream: Box<dyn Stream>,
    /// What came and has not been read yet.
    unread: Vec<u8>,
}

impl Control {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    /// The connection alone. Whoever sends more than was asked for, before TLS, means it to be taken for what comes after.
    pub(super) fn into_stream(self) -> Result<Box<dyn Stream>, Cause> {
        match self.unread.is_empty() {
            true => Ok(self.stream),
            false => Err(Cause::WrongProtocol),
        }
    }

    /// A command without an argument of anybody's.
    pub(super) async fn ask(&mut self, command: &str) -> Result<Reply, Cause> {
        self.ask_with(command, "").await
    }

    /// A command with an argument, which may be a secret: one line, whatever is in it.
    pub(super) async fn ask_with(&mut self, command: &str, argument: &str) -> Result<Reply, Cause> {
        if argument.contains(['\r', '\n', '\0']) {
            return Err(Cause::BadRequest);
        }
        let length = command.len() + argument.len() + 3;
        let mut line = Zeroizing::new(Vec::with_capacity(length));
        line.extend_from_slice(command.as_bytes());
        if !argument.is_empty() {
            line.push(b' ');
            line.extend_from_slice(argument.as_bytes());
        }
        line.extend_from_slice(b"\r\n");
        let sent = self.stream.write_all(&line).await;
        sent.map_err(|_| Cause::Closed)?;
        self.stream.flush().await.map_err(|_| Cause::Closed)?;
        self.read().await
    }

    /// A reply: of one line, or of all until the one that ends it.
    pub(super) async fn read(&mut self) -> Result<Reply, Cause> {
        let first = self.line().await?;
        let (code, has_more) = first_of(&first).ok_or(Cause::WrongProtocol)?;
        let mut last = first;
        if has_more {
            let end = format!("{code} ");
            while !last.starts_with(end.as_bytes()) {
                last = self.line().await?;
            }
        }
        let text = last.get(4..).unwrap_or_default();
        Ok(Reply {
            code,
            text: String::from_utf8_lossy(text).into_owned(),
        })
    }

    async fn line(&mut self) -> Result<Vec<u8>, Cause> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.unread.drain(..=end).collect();
                while line.last().is_some_and(u8::is_ascii_whitespace) {
                    line.pop();
                }
                return Ok(line);
            }
            if self.unread.len() > MAX_LINE {
                return Err(Cause::TooMuch);
            }
            let mut more = [0; 512];
            match self.stream.read(&mut more).await {
                Ok(0) | Err(_) => return Err(Cause::Closed),
                Ok(count) => self.unread.extend_from_slice(&more[..count]),
            }
        }
    }
}

/// The code of a reply by its first line, and whether more lines follow.
fn first_of(line: &[u8]) -> Option<(u16, bool)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let is_code = digits.iter().all(u8::is_ascii_digit) && (b'1'..=b'5').contains(&digits[0]);
    let has_more = match rest.first() {
        None | Some(b' ') => false,
        Some(b'-') => true,
        Some(_) => return None,
    };
    let number = digits.iter().fold(0, |number, digit| {
        number * 10 + u16::from(digit.wrapping_sub(b'0'))
    });
    is_code.then_some((number, has_more))
}

/// What a server answers.
pub(super) struct Reply {
    code: u16,
    text: String,
}

impl Reply {
    pub(super) fn code(&self) -> u16 {
        self.code
    }

    /// Whether it has one of these words, which are lower-case.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        let text = self.text.to_ascii_lowercase();
        words.iter().any(|word| text.contains(word))
    }

    /// For this cause, with its own code and words.
    pub(super) fn halt(&self, cause: Cause, scrubber: &Scrubber) -> Halt {
        Halt {
            code: Some(scrubber.scrub(&self.code.to_string())),
            said: Some(scrubber.scrub(&self.text)),
            ..Halt::from(cause)
        }
    }

    /// For this cause, unless it says goodbye for reasons of its own.
    pub(super) fn refused(&self, cause: Cause, scrubber: &Scrubber) -> Halt {
        let cause = match self.code {
            421 if self.says(&["many", "maximum"]) => Cause::TooManyConnections,
            421 => Cause::NotReady,
            _ => cause,
        };
        self.halt(cause, scrubber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_begins_with_its_code() {
        for (line, expected) in [
            (&b"220 (vsFTPd 3.0.3)"[..], Some((220, false))),
            (b"230-Welcome", Some((230, true))),
            (b"200", Some((200, false))),
            (b"SSH-2.0-OpenSSH_9.2p1", None),
            (b"2200", None),
            (b"999 ", None),
            (b"+20 ", None),
            (b"22", None),
            (b"", None),
        ] {
            assert_eq!(first_of(line), expected, "{line:?}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_argument_stays_in_its_line() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let mut control = Control::new(Box::new(ours));
        for argument in ["a\r\nDELE b", "a\nb", "a\rb", "a\0b"] {
            let found = control.ask_with("USER", argument).await.err();
            assert_eq!(found, Some(Cause::BadRequest));
        }
        drop(control);
        let mut sent = Vec::new();
        theirs.read_to_end(&mut sent).await.unwrap();
        assert!(sent.is_empty());
    }
}
