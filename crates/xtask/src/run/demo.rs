//! `.demo/`: the data of a gateway and a portal that know each other, made on first use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::Options;
use super::settings;
use crate::programs::Programs;
use crate::workspace::Workspace;
use crate::{process, terminal};

/// The portal's name as an issuer of tickets, and its data factory.
const ISSUER: &str = "demo-portal";
const FACTORY: &str = "demo-factory";

/// Both programs with their folders.
pub(super) struct Demo {
    programs: Programs,
    folder: PathBuf,
    /// The module of `<credential-setter>`, the same as in the package.
    element: PathBuf,
    options: Options,
}

/// What identifies the gateway.
pub(super) struct Identification {
    /// Where the certificate authority of its certificate is.
    pub(super) ca_certificate: Option<PathBuf>,
    /// Everything that an administrator reads out, in the gateway's own words.
    pub(super) fingerprint: String,
    gateway: String,
    identity: String,
    identity_key: String,
}

impl Demo {
    /// Makes what is not there yet, and brings ports and page up to date in what is.
    pub(super) fn prepare(
        workspace: &Workspace,
        programs: Programs,
        options: &Options,
    ) -> Result<Self> {
        let demo = Self {
            programs,
            folder: workspace.path(".demo"),
            element: workspace.dist().join("embed/credential-setter.js"),
            options: *options,
        };
        demo.prepare_gateway(&workspace.dist())?;
        demo.prepare_portal()?;
        Ok(demo)
    }

    /// Asks the gateway who it is.
    pub(super) fn identify(&self) -> Result<Identification> {
        #[derive(Deserialize)]
        struct Printed {
            gateway: String,
            identity: String,
            identity_key: String,
            ca_certificate: Option<PathBuf>,
        }
        let printed = process::capture(self.command().args(["fingerprint", "--json"]))?;
        let Printed {
            gateway,
            identity,
            identity_key,
            ca_certificate,
        } = serde_json::from_str(&printed)
            .context("`credential-gateway fingerprint --json` printed something else")?;
        let fingerprint = process::capture(self.command().arg("fingerprint"))?;
        let fingerprint = fingerprint
            .lines()
            .map(|line| format!("  {line}\n"))
            .collect();
        Ok(Identification {
            ca_certificate,
            fingerprint,
            gateway,
            identity,
            identity_key,
        })
    }

    /// The command that serves the gateway.
    pub(super) fn gateway(&self) -> Command {
        let mut command = self.command();
        command.arg("serve");
        command
    }

    /// The command that serves the portal.
    pub(super) fn portal(&self, of: &Identification) -> Command {
        let mut command = Command::new(&self.programs.portal);
        command
            .arg("serve")
            .arg("--folder")
            .arg(self.portal_folder())
            .args([
                "--listen",
                &format!("127.0.0.1:{}", self.options.portal_port),
            ])
            .args([
                "--gateway",
                &format!("https://localhost:{}", self.options.gateway_port),
            ])
            .args([
                "--gateway-id",
                &of.gateway,
                "--thumbprint",
                &of.identity,
                "--identity-key",
                &of.identity_key,
                "--factory",
                FACTORY,
            ])
            .arg("--element")
            .arg(&self.element);
        command
    }

    /// The gateway's data folder.
    pub(super) fn gateway_folder(&self) -> PathBuf {
        self.folder.join("gateway")
    }

    /// The gateway's program.
    pub(super) fn gateway_program(&self) -> &Path {
        &self.programs.gateway
    }

    fn prepare_gateway(&self, page: &Path) -> Result<()> {
        let listen = format!("127.0.0.1:{}", self.options.gateway_port);
        let configuration = self.gateway_folder().join("gateway.toml");
        if !configuration.exists() {
            terminal::step(
                "credential-gateway init",
                "a demo gateway in .demo/, kept for the next time",
            );
            process::capture(
                self.command()
                    .args([
                        "init",
                        "--id",
                        "demo-gateway",
                        "--name",
                        "Demo gateway",
                        "--listen",
                        &listen,
                        "--page",
                    ])
                    .arg(page),
            )?;
        }
        let text = fs::read_to_string(&configuration)?;
        let updated = settings::set(&text, "listen", &listen)?;
        let updated = settings::set(&updated, "page", &page.to_string_lossy())?;
        if updated != text {
            fs::write(&configuration, updated)?;
        }
        Ok(())
    }

    fn prepare_portal(&self) -> Result<()> {
        let mut init = Command::new(&self.programs.portal);
        let public_key =
            process::capture(init.arg("init").arg("--folder").arg(self.portal_folder()))?;
        let origin = format!("http://localhost:{}", self.options.portal_port);
        let registration = self
            .gateway_folder()
            .join("issuers")
            .join(format!("{ISSUER}.toml"));
        match fs::read_to_string(&registration) {
            Ok(text) if text.contains(&format!("\"{origin}\"")) => return Ok(()),
            // Registered with another port.
            Ok(_) => fs::remove_file(&registration)?,
            Err(_) => {}
        }
        terminal::step(
            "credential-gateway portal add",
            "the gateway accepts the demo portal's tickets",
        );
        let arguments = [
            "portal",
            "add",
            &origin,
            "--name",
            ISSUER,
            "--factory",
            FACTORY,
            "--issuer-key",
        ];
        process::capture(self.command().args(arguments).arg(public_key.trim())).map(drop)
    }

    fn portal_folder(&self) -> PathBuf {
        self.folder.join("portal")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.programs.gateway);
        command.arg("--data-folder").arg(self.gateway_folder());
        command
    }
}
