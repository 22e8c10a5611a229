//! Drivers of one make, which have the same words.

use crate::report::Cause;
use crate::request::Destination;

/// How an address is written.
enum Address {
    /// The port has a word of its own.
    Apart,
    /// `db:30015`.
    WithColon,
}

/// Drivers whose words we know.
pub(in crate::odbc) struct Family {
    /// How the names begin under which they are registered, in small letters.
    names: &'static [&'static str],
    /// What is to be installed where there is none.
    pub(in crate::odbc) product: &'static str,
    /// The kind that is reached by one.
    kind: Option<&'static str>,
    /// The words for the server; the first is the one that is written.
    pub(super) host: &'static [&'static str],
    /// The words for the port, likewise.
    pub(super) port: &'static [&'static str],
    usual_port: u16,
    address: Address,
    /// What may be passed on: nothing of it leads elsewhere, runs anything or reads a file.
    pub(super) others: &'static [&'static str],
    /// What is always said.
    fixed: &'static [(&'static str, &'static str)],
    /// What every account may ask.
    pub(in crate::odbc) query: &'static str,
}

/// Microsoft's driver is not among them: it follows a server that sends it elsewhere, and the kind has a driver here.
const ALL: [Family; 6] = [
    Family {
        names: &["postgresql unicode", "postgresql ansi"],
        product: "PostgreSQL Unicode (psqlODBC)",
        kind: None,
        host: &["Servername", "Server"],
        port: &["Port"],
        usual_port: 5432,
        address: Address::Apart,
        others: &["Database", "SSLmode", "ReadOnly"],
        fixed: &[],
        query: "SELECT 1",
    },
    Family {
        names: &["mariadb", "mysql"],
        product: "MariaDB Unicode (MariaDB Connector/ODBC)",
        kind: None,
        host: &["Server"],
        port: &["Port"],
        usual_port: 3306,
        address: Address::Apart,
        others: &[
            "Database",
            "DB",
            "Charset",
            "ForceTLS",
            "SSLMode",
            "SSLVerify",
        ],
        fixed: &[],
        query: "SELECT 1",
    },
    Family {
        names: &["ibm db2", "db2"],
        product: "IBM DB2 ODBC DRIVER",
        kind: Some("OnPremisesDb2"),
        host: &["Hostname"],
        port: &["Port"],
        usual_port: 50000,
        address: Address::Apart,
        others: &["Database", "CurrentSchema", "Security"],
        // The second: not to whatever other server this one names.
        fixed: &[("Protocol", "TCPIP"), ("EnableACR", "false")],
        query: "SELECT 1 FROM SYSIBM.SYSDUMMY1",
    },
    Family {
        names: &["adaptive server enterprise", "sybase ase"],
        product: "Adaptive Server Enterprise (SAP ASE ODBC Driver)",
        kind: Some("OnPremisesSybase"),
        host: &["Server"],
        port: &["Port"],
        usual_port: 5000,
        address: Address::Apart,
        others: &["Database", "DB", "Encryption"],
        fixed: &[],
        query: "SELECT 1",
    },
    Family {
        names: &["teradata"],
        product: "Teradata Database ODBC Driver",
        kind: Some("OnPremisesTeradata"),
        host: &["DBCName"],
        port: &["TDMSTPortNumber"],
        usual_port: 1025,
        address: Address::Apart,
        others: &["Database", "DefaultDatabase", "SSLMode", "CharacterSet"],
        fixed: &[],
        query: "SELECT 1",
    },
    Family {
        names: &["hdbodbc"],
        product: "HDBODBC (SAP HANA client)",
        kind: Some("SapHana"),
        host: &["ServerNode"],
        port: &[],
        usual_port: 30015,
        address: Address::WithColon,
        others: &["DatabaseName", "CurrentSchema", "Encrypt"],
        // Not to the other nodes that the server names.
        fixed: &[("DistributionMode", "OFF")],
        query: "SELECT 1 FROM DUMMY",
    },
];

impl Family {
    /// Of a driver by its registered name.
    pub(in crate::odbc) fn of(driver: &str) -> Option<&'static Self> {
        let driver = driver.to_lowercase();
        let is_named = |family: &&Self| family.names.iter().any(|name| driver.starts_with(name));
        ALL.iter().find(is_named)
    }

    /// What a kind of its own is reached by.
    pub(in crate::odbc) fn of_kind(kind: &str) -> Option<&'static Self> {
        ALL.iter().find(|family| family.kind == Some(kind))
    }

    /// Where the words for server and port lead.
    pub(super) fn destination(&self, host: &str, port: Option<&str>) -> Result<Destination, Cause> {
        let (host, behind) = match self.address {
            Address::Apart => (host, None),
            Address::WithColon => match host.rsplit_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (host, None),
            },
        };
        let port = match port.or(behind) {
            None => self.usual_port,
            Some(port) => port.parse().map_err(|_| Cause::BadRequest)?,
        };
        Ok(Destination {
            host: host.to_owned(),
            port,
        })
    }

    /// The driver's words for an address that was checked.
    pub(in crate::odbc) fn address(&self, host: &str, port: u16) -> Vec<(&'static str, String)> {
        let mut words: Vec<_> = self
            .fixed
            .iter()
            .map(|(word, value)| (*word, (*value).to_owned()))
            .collect();
        let host_word = self.host.first().copied().unwrap_or("Server");
        match (&self.address, self.port.first()) {
            (Address::WithColon, _) => words.push((host_word, format!("{host}:{port}"))),
            (Address::Apart, port_word) => {
                words.push((host_word, host.to_owned()));
                words.extend(port_word.map(|word| (*word, port.to_string())));
            }
        }
        words
    }
}
