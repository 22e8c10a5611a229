//! Fetches credentials from the gateway of this machine, through its credential socket. Blocking, without a runtime.
//!
//! ```
//! use credential_client::{CredentialSocket, Error, Problem};
//!
//! # use std::io::{BufRead, BufReader, Write};
//! # let folder = std::env::temp_dir().join(format!("credential-client-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # let path = folder.join("credential.sock");
//! # let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
//! # let gateway = std::thread::spawn(move || {
//! #     for answer in [
//! #         r#"{"v":1,"df":"sales","ls":"orders","version":3,"kind":"Http","auth":"Basic","properties":{"url":"https://a.corp/"},
//! #            "secrets":{"password":"p\u00e4ss"},"connection_string":"x"}"#,
//! #         r#"{"v":1,"problem":{"code":"not_found","title":"There is no credential for this linked service."}}"#,
//! #     ] {
//! #         let (stream, _) = listener.accept().unwrap();
//! #         BufReader::new(&stream).read_line(&mut String::new()).unwrap();
//! #         writeln!(&stream, "{}", answer.replace('\n', " ")).unwrap();
//! #     }
//! # });
//! // The path that the gateway's configuration has: "/run/credential-gateway/credential.sock".
//! let socket = CredentialSocket::new(&path);
//! let credential = socket.credential("sales", "orders")?;
//! assert_eq!(credential.kind(), "Http");
//! assert_eq!(credential.property("url"), Some("https://a.corp/"));
//! let password = credential.secret("password").ok_or("no password")?;
//! // EXPOSE: this is what the data store is asked with.
//! assert!(password.expose() == "päss");
//!
//! match socket.credential("sales", "nothing") {
//!     Err(Error::Refused { problem: Problem::NotFound, .. }) => {}
//!     _ => return Err("it should not be there".into()),
//! }
//! # gateway.join().unwrap();
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What the library itself holds of secrets is wiped when it is dropped. What your program copies of them is yours to wipe.

mod answer;
mod credential;
mod error;
mod json_text;
mod socket;

pub use credential::{Credential, Secret};
pub use error::{Error, Problem};
pub use socket::CredentialSocket;
