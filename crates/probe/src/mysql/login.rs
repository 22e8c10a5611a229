//! From the server's greeting to its word that it believes the account.

use std::collections::HashMap;

use mysql_common::auth::plugins::{AuthProc, ChallengeResponsePlugin as _, Context};
use mysql_common::constants::CapabilityFlags;
use mysql_common::io::ParseBuf;
use mysql_common::packets::{
    AuthPlugin, AuthSwitchRequest, HandshakePacket, HandshakeResponse, SslRequest,
};
use mysql_common::proto::MySerialize;

use super::packets::{ERROR, Packets};
use super::refusal::Refusal;
use crate::report::Cause;

/// What the account's administrator sees of the test (`program_name`).
const APPLICATION: &str = "credential-gateway test";
/// As long as a packet of ours may be, in bytes.
const MAX_PACKET: u32 = 64 * 1024;
/// `utf8mb4_general_ci`, which MySQL and MariaDB have both.
const COLLATION: u8 = 45;
/// As many steps as a login takes at most.
const MAX_STEPS: usize = 8;
/// Neither compression nor files nor a second answer to one question: what is not asked for need not be understood.
const WANTED: CapabilityFlags = CapabilityFlags::CLIENT_LONG_PASSWORD
    .union(CapabilityFlags::CLIENT_PROTOCOL_41)
    .union(CapabilityFlags::CLIENT_TRANSACTIONS)
    .union(CapabilityFlags::CLIENT_SECURE_CONNECTION)
    .union(CapabilityFlags::CLIENT_PLUGIN_AUTH)
    .union(CapabilityFlags::CLIENT_CONNECT_ATTRS);

/// Who logs in, and over what.
#[derive(Clone, Copy)]
pub(super) struct Account<'a> {
    pub(super) user: &'a str,
    pub(super) password: &'a str,
    pub(super) is_over_tls: bool,
}

/// What the server began with.
pub(super) struct Greeting(HandshakePacket<'static>);

impl Greeting {
    /// Waits for it: this protocol's server speaks first.
    pub(super) async fn read(packets: &mut Packets) -> Result<Self, Refusal> {
        let packet = packets.read().await?;
        if packet.first() == Some(&ERROR) {
            return Err(Refusal::of(&packet));
        }
        if !has_room_for_scramble(&packet) {
            return Err(Cause::WrongProtocol.into());
        }
        let greeting: HandshakePacket = ParseBuf(&packet)
            .parse(())
            .map_err(|_| Cause::WrongProtocol)?;
        let greeting = Self(greeting.into_owned());
        if greeting.offers(CapabilityFlags::CLIENT_PROTOCOL_41) {
            Ok(greeting)
        } else {
            Err(Cause::WrongProtocol.into())
        }
    }

    /// Asks for TLS, if the server has it.
    pub(super) async fn ask_for_tls(&self, packets: &mut Packets) -> Result<(), Cause> {
        if !self.offers(CapabilityFlags::CLIENT_SSL) {
            return Err(Cause::TlsNotOffered);
        }
        let asked = SslRequest::new(self.capabilities(true), MAX_PACKET, COLLATION);
        packets.answer(&written(&asked)).await
    }

    fn offers(&self, flag: CapabilityFlags) -> bool {
        self.0.capabilities().contains(flag)
    }

    fn capabilities(&self, is_over_tls: bool) -> CapabilityFlags {
        let mut wanted = WANTED;
        wanted.set(CapabilityFlags::CLIENT_SSL, is_over_tls);
        wanted.intersection(self.0.capabilities())
    }

    /// Logs in, without a database.
    pub(super) async fn log_in(
        &self,
        packets: &mut Packets,
        account: Account<'_>,
    ) -> Result<(), Refusal> {
        // Servers say which method they would like before they know the account: one that we do not have need not be the account's.
        let nonce = self.0.nonce();
        let suggested = self.0.auth_plugin();
        let begun = suggested.and_then(|plugin| Method::begin(&plugin, account, &nonce).ok());
        let (mut method, proof) = match begun {
            Some(begun) => begun,
            None => Method::begin(&AuthPlugin::MysqlNativePassword, account, &nonce)?,
        };
        packets
            .answer(&self.response(account, &method, proof))
            .await?;
        for _ in 0..MAX_STEPS {
            let packet = packets.read().await?;
            let answer = match *packet {
                [0, ..] => return Ok(()),
                [1, ref challenge @ ..] => method.answer(challenge)?,
                // One byte: the method of MySQL before 4.1.
                [0xfe] => return Err(Cause::MethodUnknown.into()),
                [0xfe, ..] => {
                    let other: AuthSwitchRequest = ParseBuf(&packet)
                        .parse(())
                        .map_err(|_| Cause::WrongProtocol)?;
                    let begun = Method::begin(&other.auth_plugin(), account, other.plugin_data())?;
                    method = begun.0;
                    begun.1
                }
                _ => return Err(Refusal::of(&packet)),
            };
            if let Some(answer) = answer {
                packets.answer(&answer).await?;
            }
        }
        Err(Cause::TooMuch.into())
    }

    fn response(
        &self,
        account: Account<'_>,
        method: &Method<'_>,
        proof: Option<Vec<u8>>,
    ) -> Vec<u8> {
        let capabilities = self.capabilities(account.is_over_tls);
        let plugin = capabilities
            .contains(CapabilityFlags::CLIENT_PLUGIN_AUTH)
            .then(|| method.plugin.clone());
        let attributes = capabilities
            .contains(CapabilityFlags::CLIENT_CONNECT_ATTRS)
            .then(|| HashMap::from([("program_name".to_owned(), APPLICATION.to_owned())]));
        let no_database: Option<Vec<u8>> = None;
        written(&HandshakeResponse::new(
            proof,
            // Of versions before 5.5.3 only the collation's number would be another.
            (5, 5, 3),
            Some(account.user.as_bytes()),
            no_database,
            plugin,
            capabilities,
            attributes,
            MAX_PACKET,
        ))
    }
}

/// The library reckons the length of the scramble's second part in a signed byte.
fn has_room_for_scramble(packet: &[u8]) -> bool {
    /// What is between the end of the version and that length.
    const BETWEEN: usize = 4 + 8 + 1 + 2 + 1 + 2 + 2;
    let version_ends = packet.iter().skip(1).position(|&byte| byte == 0);
    let length = version_ends.and_then(|end| packet.get(1 + end + 1 + BETWEEN));
    length.is_some_and(u8::is_ascii)
}

fn written(packet: &impl MySerialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    packet.serialize(&mut bytes);
    bytes
}

/// A way to prove that we know the password.
struct Method<'a> {
    plugin: AuthPlugin<'static>,
    procedure: AuthProc,
    account: Account<'a>,
}

impl<'a> Method<'a> {
    /// Its first answer, too. Those that would send the password in the clear are for TLS only; so is one that encrypts it for a key that anybody could send.
    fn begin(
        plugin: &AuthPlugin<'_>,
        account: Account<'a>,
        challenge: &[u8],
    ) -> Result<(Self, Option<Vec<u8>>), Cause> {
        match plugin {
            AuthPlugin::MysqlClearPassword | AuthPlugin::Sha256Password if !account.is_over_tls => {
                return Err(Cause::CleartextRefused);
            }
            // Whoever hears one of its proofs can log in.
            AuthPlugin::MysqlOldPassword => return Err(Cause::MethodUnknown),
            _ => {}
        }
        let mut method = Self {
            plugin: plugin.clone().into_owned(),
            procedure: AuthProc::init(plugin).map_err(|_| Cause::MethodUnknown)?,
            account,
        };
        let answer = method.answer(challenge)?;
        Ok((method, answer))
    }

    fn answer(&mut self, challenge: &[u8]) -> Result<Option<Vec<u8>>, Cause> {
        /// `caching_sha2_password` wants the password itself.
        const WHOLE: [u8; 1] = [4];
        let is_caching = self.plugin == AuthPlugin::CachingSha2Password;
        if is_caching && challenge == WHOLE && !self.account.is_over_tls {
            return Err(Cause::CleartextRefused);
        }
        let response = self
            .procedure
            .run(self.account, challenge)
            .map_err(|_| Cause::WrongProtocol)?;
        Ok(response.data().map(<[u8]>::to_vec))
    }
}

impl Context for Account<'_> {
    fn pass(&self) -> &[u8] {
        self.password.as_bytes()
    }

    fn is_ipc_transport(&self) -> bool {
        false
    }

    fn is_tls_transport(&self) -> bool {
        self.is_over_tls
    }

    fn scramble(&self) -> &[u8] {
        &[]
    }

    fn server_key_pem(&self) -> Option<&[u8]> {
        None
    }
}
