//! Azurite, Microsoft's emulator of Azure Storage, with its one account.

use std::fs;
use std::process::Command;

use aws_lc_rs::hmac;
use base64ct::{Base64, Encoding as _};
use tempfile::TempDir;
use url::Url;

use crate::certificates::{Authority, Leaf};
use crate::service::{Service, free_ports, scratch};

/// The account that every Azurite has, with its key, which is in its documentation.
pub(super) const ACCOUNT: &str = "devstoreaccount1";
pub(crate) const KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const VERSION: &str = "2021-12-02";

pub(super) struct Azurite {
    _service: Service,
    folder: TempDir,
    pub(super) port: u16,
}

impl Azurite {
    pub(super) fn start(authority: &Authority) -> Self {
        let program = std::env::var("AZURITE").expect("it is installed by `cargo xtask test`");
        let folder = scratch();
        let [port] = free_ports();
        let (chain, key) = authority.issue(&Leaf::Sound);
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("chain"), chain).unwrap();
        fs::write(path("key"), key).unwrap();
        fs::write(path("authority"), authority.pem()).unwrap();
        let arguments = [
            "node",
            &program,
            "--silent",
            "--disableTelemetry",
            "--inMemoryPersistence",
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            &port.to_string(),
            "--cert",
            &path("chain"),
            "--key",
            &path("key"),
        ];
        let service = Service::start("env", &arguments, &[port]);
        Self {
            _service: service,
            folder,
            port,
        }
    }

    /// The address of the account, or of what is in it, signed for this and until then.
    pub(super) fn signed(
        &self,
        path: &str,
        permissions: &str,
        resources: &str,
        end: &str,
    ) -> String {
        let fields = [
            ACCOUNT,
            permissions,
            "b",
            resources,
            "",
            end,
            "",
            "https",
            VERSION,
            "",
            "",
        ];
        self.address(
            path,
            &[
                ("sv", VERSION),
                ("ss", "b"),
                ("srt", resources),
                ("sp", permissions),
                ("se", end),
                ("spr", "https"),
            ],
            &fields.join("\n"),
        )
    }

    /// The address of one container.
    pub(super) fn signed_container(&self, name: &str, permissions: &str, end: &str) -> String {
        let resource = format!("/blob/{ACCOUNT}/{name}");
        let fields = [
            permissions,
            "",
            end,
            &resource,
            "",
            "",
            "https",
            VERSION,
            "c",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
        ];
        self.address(
            &format!("/{name}"),
            &[
                ("sv", VERSION),
                ("sr", "c"),
                ("sp", permissions),
                ("se", end),
                ("spr", "https"),
            ],
            &fields.join("\n"),
        )
    }

    fn address(&self, path: &str, query: &[(&str, &str)], signed: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &Base64::decode_vec(KEY).unwrap());
        let signature = Base64::encode_string(hmac::sign(&key, signed.as_bytes()).as_ref());
        let address = format!("https://localhost:{}/{ACCOUNT}{path}", self.port);
        let mut url = Url::parse(&address).unwrap();
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(query).append_pair("sig", &signature);
        drop(pairs);
        url.into()
    }

    pub(super) fn make(&self, container: &str) {
        let address = self.signed(&format!("/{container}"), "c", "c", "2999-01-01T00:00:00Z");
        let made = Command::new("curl")
            .args([
                "--silent",
                "--show-error",
                "--fail",
                "--request",
                "PUT",
                "--data",
                "",
            ])
            .arg("--cacert")
            .arg(self.folder.path().join("authority"))
            .arg(format!("{address}&restype=container"))
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
    }
}
