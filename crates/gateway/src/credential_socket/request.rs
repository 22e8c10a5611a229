//! The request: `{"v":1,"df":"factory","ls":"orders"}`, with `"version":3` behind it if no other version will do.

use envelope::{DataFactoryName, LinkedServiceName};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::answer::Problem;

/// Longest request, its newline included, in bytes.
pub(super) const MAX_REQUEST_BYTES: usize = 4096;
/// The version of the protocol.
pub(super) const PROTOCOL: u64 = 1;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(super) struct Request {
    #[serde(rename = "v")]
    _protocol: u64,
    pub(super) df: DataFactoryName,
    pub(super) ls: LinkedServiceName,
    #[serde(default)]
    pub(super) version: Option<u64>,
}

/// The one member that every version of the protocol has.
#[derive(Deserialize)]
struct Versioned {
    v: u64,
}

/// Reads one line, or everything up to the end.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Request, Problem> {
    let mut buffer = [0; MAX_REQUEST_BYTES];
    let mut length = 0;
    loop {
        let read = stream.read(&mut buffer[length..]).await;
        let read = read.map_err(|_| Problem::Malformed)?;
        let new = &buffer[length..length + read];
        if let Some(end) = new.iter().position(|byte| *byte == b'\n') {
            // One request per connection: nothing comes behind it.
            return match end + 1 == read {
                true => parse(&buffer[..length + end]),
                false => Err(Problem::Malformed),
            };
        }
        length += read;
        match read {
            0 if length == MAX_REQUEST_BYTES => return Err(Problem::TooLarge),
            0 => return parse(&buffer[..length]),
            _ => {}
        }
    }
}

fn parse(line: &[u8]) -> Result<Request, Problem> {
    let Versioned { v } = serde_json::from_slice(line).map_err(|_| Problem::Malformed)?;
    if v != PROTOCOL {
        return Err(Problem::UnknownProtocol);
    }
    serde_json::from_slice(line).map_err(|_| Problem::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn of(text: &[u8]) -> Result<Request, Problem> {
        read(&mut &text[..]).await
    }

    #[tokio::test]
    async fn a_request_is_one_line() {
        let orders = of(b"{\"v\":1,\"df\":\"factory\",\"ls\":\"orders\",\"version\":3}\n").await;
        let orders = orders.unwrap();
        assert_eq!(
            (orders.df.as_str(), orders.ls.as_str()),
            ("factory", "orders")
        );
        assert_eq!(orders.version, Some(3));
        let without_newline = of(br#"{"v":1,"df":"factory","ls":"orders"}"#).await;
        assert_eq!(without_newline.unwrap().version, None);
    }

    #[tokio::test]
    async fn everything_else_is_refused_with_its_reason() {
        for (text, problem) in [
            ("", Problem::Malformed),
            ("\n", Problem::Malformed),
            ("[]\n", Problem::Malformed),
            ("{\"v\":1,\"df\":\"f\"}\n", Problem::Malformed),
            (
                "{\"v\":1,\"df\":\"f\",\"ls\":\"a/b\"}\n",
                Problem::Malformed,
            ),
            (
                "{\"v\":1,\"df\":\"f\",\"ls\":\"l\",\"ls\":\"l\"}\n",
                Problem::Malformed,
            ),
            (
                "{\"v\":1,\"df\":\"f\",\"ls\":\"l\",\"who\":\"root\"}\n",
                Problem::Malformed,
            ),
            (
                "{\"v\":1,\"df\":\"f\",\"ls\":\"l\",\"version\":-1}\n",
                Problem::Malformed,
            ),
            (
                "{\"v\":1,\"df\":\"f\",\"ls\":\"l\"}\n{}",
                Problem::Malformed,
            ),
            ("{\"v\":2,\"kind\":\"new\"}\n", Problem::UnknownProtocol),
        ] {
            assert_eq!(of(text.as_bytes()).await.err(), Some(problem), "{text}");
        }
        let long = " ".repeat(MAX_REQUEST_BYTES);
        assert_eq!(of(long.as_bytes()).await.err(), Some(Problem::TooLarge));
        let mut fits = " ".repeat(MAX_REQUEST_BYTES - 37).into_bytes();
        fits.extend(b"{\"v\":1,\"df\":\"factory\",\"ls\":\"orders\"}\n");
        assert!(fits.len() == MAX_REQUEST_BYTES && of(&fits).await.is_ok());
    }
}
