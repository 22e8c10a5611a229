//! A gateway process with a data folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::binaries;
use super::process::{Process, log_length, run};

/// A gateway, running unless it was stopped.
pub(crate) struct Gateway {
    program: PathBuf,
    folder: PathBuf,
    logs: PathBuf,
    origin: String,
    log: &'static str,
    process: Option<Process>,
}

/// Whether the page has credentials tried at their data stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trials {
    /// Nowhere: the data stores of most tests do not exist, and none of them is to be asked for over the network.
    Off,
    /// First, on this machine too; a person may save without.
    Chosen,
    /// The same, and nothing else is stored.
    Required,
}

impl Trials {
    fn settings(self) -> &'static str {
        match self {
            Self::Off => "\n[test]\nsave = \"off\"\n",
            Self::Chosen => {
                "\n[test]\nsave = \"chosen\"\nallow = [{ network = \"127.0.0.0/8\" }, { network = \"::1/128\" }]\n"
            }
            Self::Required => {
                "\n[test]\nsave = \"tested\"\nallow = [{ network = \"127.0.0.0/8\" }]\n"
            }
        }
    }
}

/// What `credential-gateway fingerprint` tells.
pub(crate) struct Fingerprint {
    pub(crate) gateway_id: String,
    /// Thumbprint of the envelope key.
    pub(crate) kid: String,
    /// Thumbprint of the identity key: what tickets name.
    pub(crate) identity: String,
    /// The same in words.
    pub(crate) words: String,
    /// The identity key itself: the `x` of its JWK.
    pub(crate) identity_key: String,
    /// SHA-256 of the certificate.
    pub(crate) certificate: String,
    /// SHA-256 of the certificate's public key, base64: what Chromium can be told to accept.
    pub(crate) spki: String,
}

impl Gateway {
    /// Makes a data folder in `home` and starts a gateway that serves `page`, on a free port.
    pub(crate) async fn start(
        home: &Path,
        page: &Path,
        log: &'static str,
        trials: Trials,
    ) -> Result<Self> {
        let mut gateway = Self {
            program: binaries::gateway()?,
            folder: home.join("gateway"),
            logs: home.to_owned(),
            origin: String::new(),
            log,
            process: None,
        };
        run(gateway
            .command("init")
            .args([
                "--listen",
                "127.0.0.1:0",
                "--name",
                "Warehouse gateway",
                "--page",
            ])
            .arg(page))?;
        gateway.set_trials(trials)?;
        gateway.serve().await?;
        Ok(gateway)
    }

    /// Starts it again after a stop, on the same port.
    pub(crate) async fn serve(&mut self) -> Result<()> {
        let from = log_length("gateway", &self.logs);
        let mut process = Process::start("gateway", &mut self.command("serve"), &self.logs)?;
        let origin = process.line_after("listening ", from).await?;
        let origin = origin.trim_end_matches('/').to_owned();
        ensure!(
            origin.starts_with("https://localhost:"),
            "the gateway listens on {origin}"
        );
        if self.origin.is_empty() {
            self.pin_port(&origin)?;
        }
        self.origin = origin;
        self.process = Some(process);
        Ok(())
    }

    fn set_trials(&self, trials: Trials) -> Result<()> {
        let path = self.folder.join("gateway.toml");
        let text = std::fs::read_to_string(&path)?;
        let set = text.replacen("\n[test]\n", trials.settings(), 1);
        ensure!(set != text, "gateway.toml has no `[test]`");
        Ok(std::fs::write(&path, set)?)
    }

    /// Writes the port that was found into the configuration, so that a restart is at the same address.
    fn pin_port(&self, origin: &str) -> Result<()> {
        let port = origin.rsplit(':').next().context("no port")?;
        let path = self.folder.join("gateway.toml");
        let text = std::fs::read_to_string(&path)?;
        let pinned = text.replace(
            "listen = \"127.0.0.1:0\"",
            &format!("listen = \"127.0.0.1:{port}\""),
        );
        ensure!(
            pinned != text,
            "gateway.toml has no `listen = \"127.0.0.1:0\"`"
        );
        Ok(std::fs::write(&path, pinned)?)
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// SIGTERM; fails unless the gateway ends well.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let mut process = self.process.take().context("not running")?;
        let status = process.terminate().await?;
        ensure!(status.success(), "the gateway ended with {status}");
        Ok(())
    }

    /// The id of its process.
    pub(crate) fn process_id(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("not running")?.id())
    }

    /// `https://localhost:<port>`
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn fingerprint(&self) -> Result<Fingerprint> {
        let value = self.json(self.command("fingerprint").arg("--json"))?;
        Ok(Fingerprint {
            gateway_id: text(&value, "gateway")?,
            kid: text(&value, "envelope_kid")?,
            identity: text(&value, "identity")?,
            words: text(&value, "words")?,
            identity_key: text(&value, "identity_key")?,
            certificate: text(&value, "certificate_sha256")?,
            spki: text(&value, "spki_sha256")?,
        })
    }

    /// Registers an issuer of tickets for all linked services of a factory, for windows and for frames.
    pub(crate) fn register_issuer(
        &self,
        name: &str,
        origin: &str,
        public_key: &Path,
        factory: &str,
    ) -> Result<()> {
        let mut command = self.command("issuer");
        command.args([
            "add",
            origin,
            "--name",
            name,
            "--factory",
            factory,
            "--linked-services",
            "*",
            "--modes",
            "popup,frame",
            "--issuer-key",
        ]);
        run(command.arg(public_key))?;
        Ok(())
    }

    /// A link with a ticket, as an administrator makes it.
    pub(crate) fn ticket_link(&self, linked_service: &str, factory: &str) -> Result<String> {
        let out = run(self
            .command("ticket")
            .arg(linked_service)
            .args(["--factory", factory]))?;
        let out = String::from_utf8(out)?;
        let link = out
            .split_whitespace()
            .find(|word| word.starts_with("https://"))
            .context("no link was printed")?;
        Ok(link.to_owned())
    }

    /// Replaces the envelope key; the one before is gone at once.
    pub(crate) fn rotate_now(&self) -> Result<()> {
        run(self.command("key").args(["rotate", "--now"])).map(drop)
    }

    /// The bytes of one stored secret.
    pub(crate) fn reveal_secret(&self, linked_service: &str, secret: &str) -> Result<Vec<u8>> {
        run(self
            .command("reveal")
            .arg(linked_service)
            .args(["--secret", secret]))
    }

    /// The whole revealed credential.
    pub(crate) fn reveal(&self, linked_service: &str) -> Result<Vec<u8>> {
        run(self.command("reveal").arg(linked_service).arg("--json"))
    }

    /// Metadata of one stored credential.
    pub(crate) fn show(&self, linked_service: &str) -> Result<Value> {
        self.json(self.command("show").arg(linked_service).arg("--json"))
    }

    /// Metadata of all stored credentials.
    pub(crate) fn list(&self) -> Result<Vec<Value>> {
        let value = self.json(self.command("list").arg("--json"))?;
        Ok(value
            .as_array()
            .context("`list --json` printed no array")?
            .clone())
    }

    fn json(&self, command: &mut Command) -> Result<Value> {
        Ok(serde_json::from_slice(&run(command)?)?)
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(name)
            .env("CREDENTIAL_GATEWAY_DATA", &self.folder)
            .env("RUST_LOG", self.log);
        command
    }
}

fn text(value: &Value, name: &str) -> Result<String> {
    let found = value.get(name).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("no member `{name}` in {value}"))?
        .to_owned())
}
