//! Tries a credential at its data store and reports stage by stage: in a process of its own, without the gateway's keys, within limits.
//!
//! The gateway is the parent: [`parent::Test`] starts a program (itself, with other arguments), gives it one [`Request`] and yields
//! the stages as they come. The program is the child: it calls [`child`], and ends. What the parent is told is a cause, a code and
//! facts; the sentences are written on the parent's side, so that a child which a server has taken over can only choose among them.
//!
//! | module | what it decides |
//! |---|---|
//! | [`report`] | stages, causes, what is said and advised, what may be repeated of a server's words |
//! | [`policy`] | where a test may go |
//! | [`request`] | what is tried |
//! | `resolve`, `connect` | the one address, and the connection to it |
//! | `arrival` | what every test begins with |
//! | `tls` | whose certificate is believed |
//! | `messages` | how much of a server's words is listened to |
//! | `postgresql` | the protocol of PostgreSQL and Redshift |
//! | `mysql` | the protocol of MySQL and MariaDB |
//! | `sql_server` | the protocol of SQL Server, SQL Database and Synapse |
//! | `oracle` | the protocol of Oracle Database |
//! | `cassandra` | the native protocol of Cassandra |
//! | `mongodb` | the protocol of MongoDB |
//! | `odbc` | data stores that have a driver on the gateway's machine |
//! | `web` | HTTP, OData, tables in web pages, WebHDFS, object stores, Salesforce, Data Lake Store |
//! | `ftp` | files over FTP, in the clear or with TLS |
//! | `sftp` | files over SSH |
//! | `smb` | shares of Windows and Samba |
//! | `bounded` | how much a server may send |
//! | [`parent`] | how the child is started, confined, heard and ended |

pub mod report;

pub mod policy;

pub mod request;

mod child;

mod resolve;

mod connect;

mod arrival;

mod tls;

mod driver;

mod messages;

mod postgresql;

mod mysql;

mod sql_server;

#[cfg(feature = "oracle")]
mod oracle;

#[cfg(feature = "cassandra")]
mod cassandra;

#[cfg(feature = "mongodb")]
mod mongodb;

#[cfg(feature = "odbc")]
mod odbc;

mod bounded;

mod web;

mod ftp;

#[cfg(feature = "sftp")]
mod sftp;

#[cfg(feature = "smb")]
mod smb;

#[cfg(target_os = "linux")]
pub mod parent;

pub use child::{ChildError, child, run};
pub use driver::has_driver;
pub use request::Request;
