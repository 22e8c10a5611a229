//! Envelopes exchanged with two JOSE libraries of other people, run for real. See `tests/interop/README.md`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64ct::{Base64, Encoding};
use envelope::{EnvelopePrivateKey, JwkSet, open};
use getrandom::SysRng;
use serde_json::{Value, json};

use crate::forgery::{Forgery, bind, object};
use crate::sample::{KEY, MORE_KEYS, binding, credential, envelope, password, public, receive};

/// One of the two libraries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Library {
    Jose,
    Jwcrypto,
}

pub(crate) const LIBRARIES: [Library; 2] = [Library::Jose, Library::Jwcrypto];

impl Library {
    /// The command that makes or opens one envelope.
    fn command(self) -> Command {
        let folder = folder();
        let script = |name: &str| {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/interop")
                .join(name)
        };
        let (needed, program, arguments) = match self {
            Self::Jose => (
                folder.join("node_modules/jose/package.json"),
                PathBuf::from("node"),
                vec![script("exchange.mjs"), folder],
            ),
            Self::Jwcrypto => {
                let python = folder.join("python/bin/python");
                (python.clone(), python, vec![script("exchange.py")])
            }
        };
        assert!(
            needed.exists(),
            "{} is missing: `cargo xtask test` installs it, and crates/envelope/tests/interop/README.md says how to do it by hand",
            needed.display()
        );
        let mut command = Command::new(program);
        command.args(arguments);
        command
    }

    /// Runs the command with a request and returns its answer, or what it wrote to stderr.
    pub(crate) fn exchange(self, request: &Value) -> Result<Value, String> {
        let mut child = self
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{self:?} cannot be started: {error}"));
        child
            .stdin
            .take()
            .unwrap()
            .write_all(request.to_string().as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

fn folder() -> PathBuf {
    match std::env::var_os("ENVELOPE_INTEROP_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/interop"),
    }
}

fn open_request(envelope: &str, key: &EnvelopePrivateKey) -> Value {
    json!({ "do": "open", "pkcs8": Base64::encode_string(&key.to_pkcs8().unwrap()), "envelope": envelope })
}

/// Everything a person may type, in one secret.
const DIFFICULT: &str =
    "\0 \"quoted\" {braces};%41 \\ line\nnext\r\n\t\u{7f}\u{2028} Größe 売上 \u{1F511}";

#[test]
fn they_open_what_is_sealed_here() {
    let keys = [&*KEY].into_iter().chain(&*MORE_KEYS);
    for (library, key) in keys.flat_map(|key| LIBRARIES.map(|library| (library, key))) {
        let sealed = credential(DIFFICULT)
            .seal(&public(key), &binding(), &mut SysRng)
            .unwrap();
        let answer = library
            .exchange(&open_request(sealed.as_str(), key))
            .unwrap_or_else(|error| panic!("{library:?}: {error}"));

        let plaintext = Base64::decode_vec(answer["plaintext"].as_str().unwrap()).unwrap();
        assert_eq!(plaintext.len(), 256, "{library:?}");
        let plaintext: Value = serde_json::from_slice(&plaintext).unwrap();
        assert!(
            plaintext
                == json!({
                    "v": 1, "kind": "OnPremisesSqlServer", "auth": "SQL",
                    "properties": { "server": "sql01.example" },
                    "secrets": { "password": { "replace": DIFFICULT } },
                }),
            "{library:?} reads another plaintext"
        );
        let expected = json!({
            "alg": "RSA-OAEP-256", "enc": "A256GCM", "typ": "credential+jwe", "cty": "json", "kid": key.kid().as_str(),
            "crit": ["bind"],
            "bind": {
                "gw": "gateway-1", "df": "demo-factory", "ls": "Größe \"1\" 売上", "op": "set", "jti": "ticket-1",
                "iat": 1_800_000_000, "exp": 1_800_000_600,
            },
        });
        assert_eq!(answer["header"], expected, "{library:?}");
    }
}

#[test]
fn what_they_seal_opens_here() {
    let keys = [&*KEY].into_iter().chain(&*MORE_KEYS);
    for (library, key) in keys.flat_map(|key| LIBRARIES.map(|library| (library, key))) {
        // The key document as the gateway serves it, the header and plaintext as the format's description has them.
        let document = JwkSet::from_keys([key.public_jwk().clone()])
            .unwrap()
            .to_json();
        let header = format!(
            r#"{{"alg":"RSA-OAEP-256","bind":{},"crit":["bind"],"cty":"json","enc":"A256GCM","kid":"{}","typ":"credential+jwe"}}"#,
            object(&bind()),
            key.kid()
        );
        let mut plaintext = format!(
            r#"{{"auth":"SQL","kind":"K","properties":{{}},"secrets":{{"password":{{"replace":{}}}}},"v":1}}"#,
            serde_json::to_string(DIFFICULT).unwrap()
        );
        plaintext.extend(std::iter::repeat_n(' ', 256 - plaintext.len()));
        let request = json!({
            "do": "seal", "keys": document, "header": header, "plaintext": Base64::encode_string(plaintext.as_bytes()),
        });
        let answer = library
            .exchange(&request)
            .unwrap_or_else(|error| panic!("{library:?}: {error}"));

        assert_eq!(answer["thumbprint"], key.kid().as_str(), "{library:?}");
        let received = envelope::Envelope::parse(answer["envelope"].as_str().unwrap().as_bytes())
            .unwrap_or_else(|rejected| panic!("{library:?}: {}", rejected.reason()));
        let opened = open(&received, key, &binding())
            .unwrap_or_else(|rejected| panic!("{library:?}: {}", rejected.reason()));
        assert!(
            password(&opened.credential) == DIFFICULT,
            "{library:?} sealed another secret"
        );
    }
}

#[test]
fn they_reject_what_is_rejected_here() {
    let good = envelope();
    let (body, tag) = good.as_str().rsplit_once('.').unwrap();
    let first = if tag.starts_with('A') { 'B' } else { 'A' };
    let altered = format!("{body}.{first}{}", &tag[1..]);
    assert!(receive(altered.as_bytes()).is_err());
    for library in LIBRARIES {
        assert!(
            library.exchange(&open_request(good.as_str(), &KEY)).is_ok(),
            "{library:?}"
        );
        assert!(
            library.exchange(&open_request(&altered, &KEY)).is_err(),
            "{library:?}"
        );
    }
    // The forgeries that other tests rest on are valid JWEs, `zip` aside.
    let forged = Forgery::good().seal();
    for library in LIBRARIES {
        assert!(
            library.exchange(&open_request(&forged, &KEY)).is_ok(),
            "{library:?}"
        );
    }
}
