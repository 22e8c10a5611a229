//! What a listener and a database send, in the packets of Oracle's network protocol (TNS).

use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::report::{Cause, Halt};

use super::{refusal, rounds};

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

/// Where it has the first byte of its own flags, and what in that is a short cut.
const FLAGS: usize = HEADER + 33;
const SHORT_CUTS: u8 = 0x10 | 0x02;
/// How messages begin: the call for what a login needs, and an error.
const LOGIN: [u8; 2] = [3, 118];
const NO: u8 = 4;

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
    /// The next one. How its length is written is asked when it has begun.
    ///
    /// # Errors
    /// That none comes, or something else.
    pub(super) async fn read(
        stream: &mut (impl AsyncRead + Unpin),
        length: impl FnOnce() -> Length,
    ) -> Result<Self, Cause> {
        let mut header = [0; HEADER];
        stream
            .read_exact(&mut header)
            .await
            .map_err(|_| Cause::Closed)?;
        let [a, b, c, d, ..] = header;
        let size = match length() {
            // The other two are a checksum that nobody writes.
            Length::Short if c == 0 && d == 0 => usize::from(u16::from_be_bytes([a, b])),
            Length::Short => return Err(Cause::WrongProtocol),
            Length::Long => usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX),
        };
        if size < HEADER {
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
        let flags = self.0[5];
        match self.kind()? {
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

    /// An accepting packet without what makes a login shorter than can be looked at: all of it in one message, and answers that go on
    /// after their end.
    pub(super) fn without_short_cuts(mut self) -> Self {
        if let Some(flags) = self.0.get_mut(FLAGS) {
            *flags &= !SHORT_CUTS;
        }
        self
    }

    /// Whether a database may send it once the connection is accepted; and whether it goes on with the login, if that has begun.
    ///
    /// # Errors
    /// The cause.
    pub(super) fn check(&self, is_login: bool) -> Result<(), Box<Halt>> {
        match self.kind()? {
            // Nothing is proven to whoever says no.
            DATA if is_login && self.message().first() != Some(&NO) => {
                rounds::check(self.message()).map_err(halt)
            }
            DATA | MARKER | CONTROL => Ok(()),
            REDIRECT => Err(halt(Cause::SentElsewhere)),
            _ => Err(halt(Cause::WrongProtocol)),
        }
    }

    /// Whether it is the driver's, and has a database say what a login needs.
    pub(super) fn begins_login(&self) -> bool {
        self.0[4] == DATA && self.message().starts_with(&LOGIN)
    }

    /// Whether it is data.
    pub(super) fn is_data(&self) -> bool {
        self.0[4] == DATA
    }

    /// What is in it, behind flags.
    fn message(&self) -> &[u8] {
        self.0.get(HEADER + 2..).unwrap_or_default()
    }

    /// Its type, if it is as long as one of this type has to be.
    fn kind(&self) -> Result<u8, Box<Halt>> {
        let kind = self.0[4];
        let least = match kind {
            ACCEPT => INSISTS + 1,
            REFUSE => HEADER + 4,
            DATA => HEADER + 2,
            MARKER => HEADER + 3,
            _ => HEADER,
        };
        match self.0.len() < least {
            true => Err(halt(Cause::WrongProtocol)),
            false => Ok(kind),
        }
    }
}

fn halt(cause: Cause) -> Box<Halt> {
    Box::new(cause.into())
}
