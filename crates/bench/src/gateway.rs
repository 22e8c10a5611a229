//! A real gateway process with its own data folder, on a free port.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};
use envelope::context::GatewayId;
use envelope::jwk::{JwkSet, Kid};
use serde_json::Value;
use tempfile::TempDir;

use crate::https_client::Peer;
use crate::issuer::{FACTORY, ISSUER, Issuer};

/// A gateway that runs until it is dropped.
pub(crate) struct Gateway {
    program: PathBuf,
    process: Child,
    folder: TempDir,
    /// `https://localhost:PORT`.
    pub(crate) origin: String,
    port: u16,
    /// What it is called in tickets.
    pub(crate) id: GatewayId,
    /// Base64 of the SHA-256 of its certificate's SPKI.
    pub(crate) spki: String,
}

impl Gateway {
    /// Initialises a data folder, registers the issuer and serves the page in `page`.
    pub(crate) fn start(program: &Path, page: &Path, issuer: &Issuer) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("gateway");
        let run = |arguments: &[&str]| output(program, &data, arguments);
        run(&[
            "init",
            "--id",
            "bench-gateway",
            "--name",
            "Benchmark",
            "--listen",
            "127.0.0.1:0",
            "--page",
            text(page)?,
        ])?;
        let key = folder.path().join("issuer.jwk");
        fs::write(&key, issuer.public_jwk())?;
        run(&[
            "portal",
            "add",
            "https://portal.bench.example",
            "--name",
            ISSUER,
            "--issuer-key",
            text(&key)?,
            "--factory",
            FACTORY,
            "--linked-services",
            "*",
        ])?;
        let fingerprint: Value = serde_json::from_str(&run(&["fingerprint", "--json"])?)?;
        let spki = fingerprint["spki_sha256"]
            .as_str()
            .context("no SPKI hash in `fingerprint --json`")?
            .to_owned();

        let mut process = Command::new(program)
            .arg("--data-folder")
            .arg(&data)
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("log"))?)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let listening = process
            .stdout
            .take()
            .map(|stdout| BufReader::new(stdout).lines().next());
        let mut gateway = Self {
            program: program.to_owned(),
            process,
            folder,
            origin: String::new(),
            port: 0,
            id: GatewayId::parse("bench-gateway")?,
            spki,
        };
        let Some(Some(Ok(line))) = listening else {
            bail!(
                "the gateway did not start: {}",
                fs::read_to_string(gateway.folder.path().join("log"))?
            );
        };
        gateway.origin = line
            .strip_prefix("listening ")
            .context("the gateway's first line")?
            .trim_end_matches('/')
            .to_owned();
        let port = gateway
            .origin
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok());
        gateway.port = port.with_context(|| format!("no port in {line}"))?;
        Ok(gateway)
    }

    /// How to connect without a browser.
    pub(crate) fn peer(&self) -> Result<Peer> {
        Peer::new(
            "localhost",
            self.port,
            &self.data_folder().join("tls/ca.pem"),
        )
    }

    /// The key document, over the network.
    pub(crate) async fn keys(&self) -> Result<(JwkSet, Kid)> {
        let answer = self.peer()?.connect().await?.get("/v1/keys").await?;
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

    /// How many credentials `credential-gateway list` shows.
    pub(crate) fn stored(&self) -> Result<usize> {
        let program = self.program.as_path();
        let list = output(program, &self.data_folder(), &["list", "--json"])?;
        let list: Value = serde_json::from_str(&list)?;
        Ok(list.as_array().context("`list --json` is no array")?.len())
    }

    /// Where it keeps things.
    pub(crate) fn data_folder(&self) -> PathBuf {
        self.folder.path().join("gateway")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // Best effort: the process may have ended by itself, and the folder goes in any case.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn output(program: &Path, data: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .arg("--data-folder")
        .arg(data)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| {
            format!(
                "{} cannot be started; build it with `cargo build --release -p gateway`",
                program.display()
            )
        })?;
    if !output.status.success() {
        bail!(
            "`credential-gateway {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}
