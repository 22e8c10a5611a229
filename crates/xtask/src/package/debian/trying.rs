//! The installed gateway tries a credential at a real data store, under all that its unit forbids: the process that does it is the
//! service's child, and has nothing that the service has not.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::PROGRAM;
use super::confinement::Confinement;
use super::data_store::{ACCOUNT, DataStore};
use super::installation::FOLDER;
use super::user::User;
use crate::process;

const LINKED_SERVICE: &str = "warehouse";

pub(super) struct Trial<'u> {
    user: &'u User,
    store: DataStore,
}

impl<'u> Trial<'u> {
    /// A data store, and a gateway that may go there. Before the gateway is started.
    pub(super) fn prepare(user: &'u User) -> Result<Self> {
        let store = DataStore::start(user)?;
        let path = Path::new(FOLDER).join("gateway.toml");
        let text = fs::read_to_string(&path)?;
        let allow = format!(
            "[test]\nallow = [{{ network = \"127.0.0.0/8\", ports = [{}] }}]",
            store.port
        );
        let allowed = text.replacen("[test]", &allow, 1);
        ensure!(allowed != text, "gateway.toml has no [test]");
        // In place: the file stays its owner's.
        fs::write(&path, allowed)?;
        Ok(Self { user, store })
    }

    /// `POST …/test` of a credential, which is then stored.
    pub(super) fn of_service(&self, credset: &Path, address: &str) -> Result<()> {
        let said = self.user.run(&[
            "ticket",
            LINKED_SERVICE,
            "--json",
            "--data-folder",
            FOLDER,
            "--port",
            address.rsplit_once(':').map_or("", |(_, port)| port),
        ])?;
        let issued: serde_json::Value = serde_json::from_str(&said)?;
        let ticket = self.store.folder().join("ticket");
        let text = issued["ticket"].as_str().context("there is no ticket")?;
        fs::write(&ticket, text)?;
        let mut command = Command::new(credset);
        command
            .args(["set", "--test", "--gateway", address])
            .args(["--kind", "OnPremisesPostgreSql"])
            .args(["-p", &format!("server=localhost:{}", self.store.port)])
            .args(["-p", "database=postgres"])
            .args(["-p", &format!("username={ACCOUNT}")])
            .args(["--trust-certificate", &self.store.fingerprint])
            .arg("--known-gateways")
            .arg(self.store.folder().join("known-gateways"))
            .arg("--ca-file")
            .arg(Path::new(FOLDER).join("tls/ca.pem"))
            .arg("--ticket-file")
            .arg(&ticket)
            .arg("--password-file")
            .arg(self.store.password_file());
        let (is_stored, said) = process::transcript(&mut command)?;
        ensure!(is_stored, "a test by the service: {}", said.trim());
        Ok(())
    }

    /// `credential-gateway test` of what is stored then.
    pub(super) fn of_command(&self, confinement: &Confinement) -> Result<()> {
        let mut command = self.user.command(PROGRAM);
        command.args(["test", LINKED_SERVICE, "--data-folder", FOLDER]);
        confinement.confine(&mut command);
        let (has_passed, said) = process::transcript(&mut command)?;
        ensure!(has_passed, "a test by the command: {}", said.trim());
        Ok(())
    }
}
