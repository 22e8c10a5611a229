//! A server that lets everybody in and refuses each request in words of ours: OpenSSH's has none but its own.

use std::net::Ipv4Addr;
use std::sync::Arc;

use probe::request::Request;
use russh::keys::{HashAlg, decode_secret_key};
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, Session, run_stream};
use russh::{Channel, ChannelId};
use tokio::net::TcpListener;

use super::{asking, key, trusting};

const INIT: u8 = 1;
const VERSION: [u8; 5] = [2, 0, 0, 0, 3];
const STATUS: u8 = 101;
const FAILURE: u32 = 4;

#[derive(Clone)]
struct Repeating {
    words: String,
}

impl Handler for Repeating {
    type Error = russh::Error;

    async fn auth_password(&mut self, _: &str, _: &str) -> Result<Auth, russh::Error> {
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        _: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        session.channel_success(channel)
    }

    async fn data(
        &mut self,
        channel: ChannelId,
        data: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let text = |text: &str| [&length(text.len()), text.as_bytes()].concat();
        // A length, what it is, and the request's number.
        let answer = match data[4] {
            INIT => VERSION.to_vec(),
            _ => [
                &[STATUS][..],
                &data[5..9],
                &FAILURE.to_be_bytes(),
                &text(&self.words),
                &text(""),
            ]
            .concat(),
        };
        session.data(channel, [&length(answer.len()), &answer[..]].concat())
    }
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap().to_be_bytes()
}

/// A server that refuses in these words, and who asks it. It ends with the test.
pub(crate) async fn repeating(words: &str) -> Request {
    let key = decode_secret_key(&key("ed25519.openssh"), None).unwrap();
    let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
    let config = Arc::new(Config {
        keys: vec![key],
        ..Config::default()
    });
    let handler = Repeating {
        words: words.to_owned(),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let session = run_stream(Arc::clone(&config), stream, handler.clone());
            tokio::spawn(async move { session.await?.await });
        }
    });
    trusting(asking("ann", port, "Basic"), &fingerprint)
}
