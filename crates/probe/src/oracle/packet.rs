//! What a listener and a database send, in the packets of Oracle's network protocol (TNS).

use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::report::{Cause, Halt};

use super::refusal;

/// A packet's own beginning, in bytes.
const HEADER: usize = 8;
/// As large as one may be, in bytes; eight times what the driver asks for.
const MAX_PACKET: usize = 64 * 1024;

/// Types of packets.
const ACCEPT: u8 = 2;
const REFUSE: u8 = 4;
const REDIRECT: u8 = 5;
const DATA: u8 = 6;
const RESEND: u8 = 11;
const MARKER: u8 = 12;
const CONTROL: u8 = 14;

/// In a packet's flags: go on with TLS.
const WITH_TLS: u8 = 0x08;
/// Where an accepting packet says what the server insists on, and that this is encryption of Oracle's own.
const INSISTS: usize = HEADER + 14;
const OWN_ENCRYPTION: u8 = 0x10;
/// Where it has the protocol's version; the first that the driver speaks (Oracle Database 12.1).
const VERSION: usize = HEADER;
const FIRST_VERSION: u16 = 315;

/// How a packet's length is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// Until the connection is accepted, in two bytes.
    Short,
    /// Afterwards, in four.
    Long,
}

/// One packet, as it came.
pub(super) struct Packet(Vec<u8>);

impl Packet {
    /// The next one.
    ///
    /// # Errors
    /// That none comes, or something else.
    pub(super) async fn read(
        stream: &mut (impl AsyncRead + Unpin),
        length: Length,
    ) -> Result<Self, Cause> {
        let mut header = [0; HEADER];
        stream
            .read_exact(&mut header)
            .await
            .map_err(|_| Cause::Closed)?;
        let [a, b, c, d, kind, ..] = header;
        let size = match length {
            // The other two are a checksum that nobody writes.
            Length::Short if c == 0 && d == 0 => usize::from(u16::from_be_bytes([a, b])),
            Length::Short => return Err(Cause::WrongProtocol),
            Length::Long => usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX),
        };
        let least = match kind {
            ACCEPT => INSISTS + 1,
            REFUSE => HEADER + 4,
            REDIRECT | CONTROL | RESEND => HEADER,
            DATA => HEADER + 2,
            MARKER => HEADER + 3,
            _ => return Err(Cause::WrongProtocol),
        };
        if size < least {
            return Err(Cause::WrongProtocol);
        }
        if size > MAX_PACKET {
            return Err(Cause::TooMuch);
        }
        let mut packet = header.to_vec();
        packet.resize(size, 0);
        let rest = stream.read_exact(&mut packet[HEADER..]).await;
        rest.map_err(|_| Cause::Closed)?;
        Ok(Self(packet))
    }

    /// All of it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it accepts the connection; if it does neither that nor ask once more, why the driver must not see it.
    ///
    /// # Errors
    /// The cause.
    pub(super) fn accepts(&self) -> Result<bool, Box<Halt>> {
        let (kind, flags) = (self.0[4], self.0[5]);
        match kind {
            ACCEPT => {
                let version = u16::from_be_bytes([self.0[VERSION], self.0[VERSION + 1]]);
                let is_known = version >= FIRST_VERSION && self.0[INSISTS] & OWN_ENCRYPTION == 0;
                match is_known {
                    true => Ok(true),
                    false => Err(halt(Cause::MethodUnknown)),
                }
            }
            RESEND if flags & WITH_TLS != 0 => Err(halt(Cause::TlsRequired)),
            RESEND => Ok(false),
            REDIRECT => Err(halt(Cause::SentElsewhere)),
            REFUSE => Err(Box::new(refusal::of_listener(&self.0[HEADER + 4..]))),
            _ => Err(halt(Cause::WrongProtocol)),
        }
    }

    /// Whether a database may send it once the connection is accepted.
    ///
    /// # Errors
    /// The cause.
    pub(super) fn check(&self) -> Result<(), Box<Halt>> {
        match self.0[4] {
            // An account that has only what versions before 12.1 can verify.
            DATA if self.has(b"AUTH_VFR_DATA") && !self.has(b"AUTH_PBKDF2_VGEN_COUNT") => {
                Err(halt(Cause::MethodUnknown))
            }
            DATA | MARKER | CONTROL => Ok(()),
            REDIRECT => Err(halt(Cause::SentElsewhere)),
            _ => Err(halt(Cause::WrongProtocol)),
        }
    }

    fn has(&self, word: &[u8]) -> bool {
        self.0.windows(word.len()).any(|part| part == word)
    }
}

fn halt(cause: Cause) -> Box<Halt> {
    Box::new(cause.into())
}
