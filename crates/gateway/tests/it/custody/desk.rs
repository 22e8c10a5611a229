//! A data folder with custody over it, and the callers' side: tickets, credentials, envelopes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use envelope::{
    Binding, Credential, DataFactoryName, GatewayId, LinkedServiceName, Operation, Secret,
    SecretChange, TicketClaims, UnixSeconds,
};
use gateway::clock;
use gateway::custody::access::{Access, Action, AuthorisedTicket, TicketProblem};
use gateway::custody::delete::{DeleteProblem, Deleted};
use gateway::custody::reveal::RevealedCredential;
use gateway::custody::set::{SetProblem, Stored};
use gateway::custody::{Custody, CustodyError, Settings};
use gateway::data_folder::DataFolder;
use getrandom::SysRng;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tempfile::TempDir;

use crate::scratch::unique_ticket_id;

pub(super) struct Desk {
    pub(super) custody: Custody,
    pub(super) folder: DataFolder,
    outer: TempDir,
}

/// A folder without anybody over it.
pub(super) struct Closed {
    pub(super) folder: DataFolder,
    outer: TempDir,
}

pub(super) fn gateway_id() -> GatewayId {
    GatewayId::parse("gw-test").unwrap()
}

pub(super) fn df() -> DataFactoryName {
    DataFactoryName::parse("factory").unwrap()
}

pub(super) fn ls(name: &str) -> LinkedServiceName {
    LinkedServiceName::parse(name).unwrap()
}

/// With a queue that no test fills by accident.
pub(super) fn settings() -> Settings {
    Settings {
        opening_queue: 1000,
        ..Settings::new(gateway_id())
    }
}

impl Closed {
    /// A complete folder. Keys are made once per test run and copied: RSA keys take their time.
    pub(super) async fn new() -> Self {
        static MODEL: OnceLock<TempDir> = OnceLock::new();
        static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let model = {
            let _one_at_a_time = MAKING.lock().await;
            if MODEL.get().is_none() {
                let outer = tempfile::tempdir().unwrap();
                let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
                Custody::create(&folder, &gateway_id()).await.unwrap();
                MODEL.get_or_init(|| outer);
            }
            MODEL.get().unwrap()
        };
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
        copy(&model.path().join("gateway"), folder.path());
        Self { folder, outer }
    }

    /// A second look at a folder that somebody is over.
    pub(super) fn over(folder: &DataFolder) -> Self {
        Self {
            folder: folder.clone(),
            outer: tempfile::tempdir().unwrap(),
        }
    }

    pub(super) async fn try_open(&self) -> Result<Custody, CustodyError> {
        Custody::open(&self.folder, settings()).await
    }

    pub(super) async fn open(self) -> Desk {
        let custody = self.try_open().await.unwrap();
        self.with(custody)
    }

    pub(super) fn with(self, custody: Custody) -> Desk {
        Desk {
            custody,
            folder: self.folder,
            outer: self.outer,
        }
    }
}

impl Desk {
    pub(super) async fn new() -> Self {
        Closed::new().await.open().await
    }

    pub(super) async fn close(self) -> Closed {
        self.custody.shutdown().await;
        Closed {
            folder: self.folder,
            outer: self.outer,
        }
    }

    /// Lets go without a shutdown. Whatever was not on disk then is lost; the thread ends by itself.
    pub(super) fn drop_dead(self) -> Closed {
        drop(self.custody);
        Closed {
            folder: self.folder,
            outer: self.outer,
        }
    }

    pub(super) async fn reopen(self) -> Self {
        self.close().await.open().await
    }

    pub(super) fn claims(&self, name: &str, op: Operation) -> TicketClaims {
        let now = clock::now();
        TicketClaims {
            iss: "gateway".to_owned(),
            aud: gateway_id(),
            sub: "tester".to_owned(),
            jti: unique_ticket_id(),
            iat: now,
            nbf: now,
            exp: UnixSeconds(now.0 + 600),
            op,
            df: df(),
            ls: ls(name),
            kind: None,
            thp: self.custody.active_kid(),
            org: None,
        }
    }

    pub(super) fn sign(&self, claims: &TicketClaims) -> String {
        self.custody.identity().issue(claims).unwrap().to_string()
    }

    pub(super) async fn authorise(
        &self,
        claims: &TicketClaims,
        action: Action,
    ) -> Result<AuthorisedTicket, TicketProblem> {
        let access = access(claims, action);
        self.custody
            .authorise(&self.sign(claims), &access, clock::now())
            .await
    }

    pub(super) fn seal(&self, claims: &TicketClaims, credential: Credential) -> String {
        let keys = self.custody.public_keys();
        let key = keys.select(&self.custody.active_kid()).unwrap();
        let binding = Binding::from_ticket(claims, Operation::Set);
        credential
            .seal(key, &binding, &mut SysRng)
            .unwrap()
            .as_str()
            .to_owned()
    }

    /// One call as a page makes it: authorise, then set.
    pub(super) async fn send(
        &self,
        claims: &TicketClaims,
        envelope: &str,
    ) -> Result<Stored, SetProblem> {
        let ticket = self
            .authorise(claims, Action::Set)
            .await
            .map_err(|_| SetProblem::TicketInvalid)?;
        self.custody
            .set(ticket, envelope.as_bytes(), clock::now())
            .await
    }

    /// Seals and sends under a new ticket.
    pub(super) async fn set(
        &self,
        name: &str,
        credential: Credential,
    ) -> Result<Stored, SetProblem> {
        let claims = self.claims(name, Operation::Set);
        let envelope = self.seal(&claims, credential);
        self.send(&claims, &envelope).await
    }

    pub(super) async fn delete(&self, claims: &TicketClaims) -> Result<Deleted, DeleteProblem> {
        let ticket = self
            .authorise(claims, Action::Delete)
            .await
            .map_err(|_| DeleteProblem::Unavailable)?;
        self.custody.delete(ticket, clock::now()).await
    }

    pub(super) async fn reveal(&self, name: &str) -> RevealedCredential {
        self.custody
            .reveal(&df(), &ls(name), "owner", clock::now())
            .await
            .unwrap()
    }

    /// Whether the stored secret is this one. Compared here, so that a failing test never prints it.
    pub(super) async fn holds(&self, name: &str, secret: &str, value: &str) -> bool {
        let revealed = self.reveal(name).await;
        // EXPOSE: compared with what was typed.
        revealed
            .secrets
            .get(secret)
            .is_some_and(|secret| secret.expose() == value)
    }

    pub(super) async fn sql(&self) -> SqliteConnection {
        sql(&self.folder).await
    }

    pub(super) fn audit_lines(&self) -> Vec<serde_json::Value> {
        audit_lines(&self.folder)
    }
}

/// The store behind custody's back.
pub(super) async fn sql(folder: &DataFolder) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(folder.store())
        .connect()
        .await
        .unwrap()
}

/// The audit file's lines; every one must be whole.
pub(super) fn audit_lines(folder: &DataFolder) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(folder.audit()).unwrap();
    assert!(
        text.is_empty() || text.ends_with('\n'),
        "the last line is torn"
    );
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Every number from 1 on, once, in order.
#[track_caller]
pub(super) fn assert_complete(lines: &[serde_json::Value]) {
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(
            line["seq"],
            index as u64 + 1,
            "lines are missing, doubled or out of order: {line}"
        );
    }
}

pub(super) fn access(claims: &TicketClaims, action: Action) -> Access {
    Access {
        action,
        df: claims.df.clone(),
        ls: Some(claims.ls.clone()),
        remote: Some([127, 0, 0, 1].into()),
    }
}

pub(super) fn replace(value: &str) -> SecretChange {
    SecretChange::Replace(Secret::new(value.to_owned()))
}

pub(super) fn credential(
    kind: &str,
    auth: &str,
    properties: &[(&str, &str)],
    secrets: Vec<(&str, SecretChange)>,
) -> Credential {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Credential {
        kind: kind.to_owned(),
        auth: auth.to_owned(),
        properties: properties.iter().map(text).collect::<BTreeMap<_, _>>(),
        secrets: secrets
            .into_iter()
            .map(|(name, change)| (name.to_owned(), change))
            .collect(),
    }
}

pub(super) const SQL_SERVER: &[(&str, &str)] = &[
    ("Data Source", "sql01.corp,1433"),
    ("Initial Catalog", "Sales"),
    ("User ID", "etl"),
];

/// SQL Server with SQL authentication.
pub(super) fn sql_server(password: SecretChange) -> Credential {
    credential(
        "OnPremisesSqlServer",
        "SQL",
        SQL_SERVER,
        vec![("password", password)],
    )
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
