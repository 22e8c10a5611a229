//! A real gateway process with its own data folder, on a free port.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};
use envelope::context::GatewayId;
use envelope::jwk::{JwkSet, Kid};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tempfile::TempDir;

use crate::https_client::Peer;
use crate::issuer::{FACTORY, ISSUER, Issuer};

/// A data folder that was made, with the issuer registered.
pub struct Installation {
    program: PathBuf,
    folder: TempDir,
    /// What it is called in tickets.
    pub id: GatewayId,
    /// Base64 of the SHA-256 of its certificate's SPKI.
    pub spki: String,
}

/// A process that serves until it is killed or dropped.
pub struct Serving {
    process: Child,
    /// `https://localhost:PORT`.
    pub origin: String,
    port: u16,
}

/// An installation that is served until it is dropped.
pub struct Gateway {
    /// What is served.
    pub installation: Installation,
    /// By which process.
    pub serving: Serving,
}

impl Gateway {
    /// Makes an installation and serves it, with the page in `page`.
    ///
    /// # Errors
    /// When the program fails.
    pub fn start(program: &Path, page: &Path, issuer: &Issuer) -> Result<Self> {
        let page = page.to_str().context("a path that is not UTF-8")?;
        let installation =
            Installation::make(program, tempfile::tempdir()?, issuer, &["--page", page])?;
        let serving = installation.serve()?;
        Ok(Self {
            installation,
            serving,
        })
    }

    /// How to connect without a browser.
    ///
    /// # Errors
    /// When its authority cannot be read.
    pub fn peer(&self) -> Result<Peer> {
        self.serving.peer(&self.installation)
    }

    /// The key document, over the network.
    ///
    /// # Errors
    /// When there is none.
    pub async fn keys(&self) -> Result<(JwkSet, Kid)> {
        self.serving.keys(&self.installation).await
    }
}

impl Installation {
    /// Initialises a data folder in `folder`, and registers the issuer.
    ///
    /// # Errors
    /// When the program fails.
    pub fn make(program: &Path, folder: TempDir, issuer: &Issuer, more: &[&str]) -> Result<Self> {
        let mut installation = Self {
            program: program.to_owned(),
            folder,
            id: GatewayId::parse("load-gateway")?,
            spki: String::new(),
        };
        let made = [
            "init",
            "--id",
            "load-gateway",
            "--name",
            "Load",
            "--listen",
            "127.0.0.1:0",
        ];
        installation.output(&[&made, more].concat())?;
        let key = installation.folder.path().join("issuer.jwk");
        fs::write(&key, issuer.public_jwk())?;
        let key = key.to_str().context("a path that is not UTF-8")?;
        installation.output(&[
            "portal",
            "add",
            "https://portal.load.example",
            "--name",
            ISSUER,
            "--issuer-key",
            key,
            "--factory",
            FACTORY,
            "--linked-services",
            "*",
        ])?;
        let fingerprint: Value =
            serde_json::from_str(&installation.output(&["fingerprint", "--json"])?)?;
        installation.spki = fingerprint["spki_sha256"]
            .as_str()
            .context("no SPKI hash in `fingerprint --json`")?
            .to_owned();
        Ok(installation)
    }

    /// Adds to its gateway.toml.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn configure(&self, lines: &str) -> Result<()> {
        let file = self.data_folder().join("gateway.toml");
        let mut file = OpenOptions::new().append(true).open(file)?;
        Ok(file.write_all(lines.as_bytes())?)
    }

    /// Writes something else in its gateway.toml.
    ///
    /// # Errors
    /// When the file cannot be read or written, or does not have the text once.
    pub fn reconfigure(&self, text: &str, other: &str) -> Result<()> {
        let file = self.data_folder().join("gateway.toml");
        let configuration = fs::read_to_string(&file)?;
        if configuration.matches(text).count() != 1 {
            bail!("gateway.toml does not have {text:?} once");
        }
        Ok(fs::write(file, configuration.replace(text, other))?)
    }

    /// Where it keeps things.
    #[must_use]
    pub fn data_folder(&self) -> PathBuf {
        self.folder.path().join("gateway")
    }

    /// What the last process logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// How many credentials `credential-gateway list` shows.
    ///
    /// # Errors
    /// When the program fails.
    pub fn stored(&self) -> Result<usize> {
        let list: Value = serde_json::from_str(&self.output(&["list", "--json"])?)?;
        Ok(list.as_array().context("`list --json` is no array")?.len())
    }

    /// Serves it.
    ///
    /// # Errors
    /// When the program does not begin to listen.
    pub fn serve(&self) -> Result<Serving> {
        self.begin(&[], &[])?.listening(self)
    }

    /// Starts the program, by way of another if `wrapper` names one. Nothing is known of it yet.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn begin(&self, wrapper: &[OsString], environment: &[(&str, &str)]) -> Result<Serving> {
        let words: Vec<OsString> = wrapper
            .iter()
            .cloned()
            .chain([
                self.program.clone().into_os_string(),
                "--data-folder".into(),
            ])
            .chain([self.data_folder().into_os_string(), "serve".into()])
            .collect();
        let (program, arguments) = words.split_first().context("no program")?;
        let process = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(self.folder.path().join("log"))?)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        Ok(Serving {
            process,
            origin: String::new(),
            port: 0,
        })
    }

    /// Runs one of the program's commands, and gives what it prints.
    ///
    /// # Errors
    /// When it fails, with what it says.
    pub fn output(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(&self.program)
            .arg("--data-folder")
            .arg(self.data_folder())
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        if !output.status.success() {
            bail!(
                "`credential-gateway {}` failed: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Serving {
    /// Waits until it listens.
    ///
    /// # Errors
    /// When it ends before, with what it logged.
    pub fn listening(mut self, installation: &Installation) -> Result<Self> {
        let stdout = self.process.stdout.take().context("listened to before")?;
        let Some(Ok(line)) = BufReader::new(stdout).lines().next() else {
            bail!("the gateway did not start: {}", installation.log());
        };
        let origin = line
            .strip_prefix("listening ")
            .context("the gateway's first line")?;
        self.origin = origin.trim_end_matches('/').to_owned();
        let port = self
            .origin
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        self.port = port.with_context(|| format!("no port in {line}"))?;
        Ok(self)
    }

    /// The process group: whatever wraps the program, too.
    #[must_use]
    pub fn group(&self) -> Option<Pid> {
        i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw)
    }

    /// Whether it has come to its end by itself.
    #[must_use]
    pub fn has_ended(&mut self) -> bool {
        self.process.try_wait().is_ok_and(|status| status.is_some())
    }

    /// SIGKILL, and waits for the end.
    pub fn kill(&mut self) {
        if let Some(group) = self.group() {
            kill(group);
        }
        let _ = self.process.wait();
    }

    /// How to connect without a browser.
    ///
    /// # Errors
    /// When its authority cannot be read.
    pub fn peer(&self, installation: &Installation) -> Result<Peer> {
        let authority = installation.data_folder().join("tls/ca.pem");
        Peer::new("localhost", self.port, &authority)
    }

    /// The key document, over the network.
    ///
    /// # Errors
    /// When there is none.
    pub async fn keys(&self, installation: &Installation) -> Result<(JwkSet, Kid)> {
        let answer = self
            .peer(installation)?
            .connect()
            .await?
            .get("/v1/keys")
            .await?;
        if answer.status != 200 {
            bail!("GET /v1/keys gave {}", answer.status);
        }
        let document: Value = serde_json::from_slice(&answer.body)?;
        let kid = Kid::parse(document["keys"][0]["kid"].as_str().context("no key")?)?;
        Ok((
            JwkSet::parse(&answer.body).map_err(|refusal| anyhow!("{refusal}"))?,
            kid,
        ))
    }
}

/// SIGKILL for a whole group.
pub fn kill(group: Pid) {
    // It may have ended by itself.
    let _ = kill_process_group(group, Signal::KILL);
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.kill();
    }
}
