//! The `gateway.toml` that `init` writes: each key with a comment, values chosen for a first run on one machine.

use std::net::SocketAddr;
use std::path::Path;

use envelope::context::GatewayId;

use super::ServedName;
use crate::keyring::provider::KekSettings;
use crate::store::postgresql::Server;

/// What `init` was told.
pub struct Choices<'a> {
    /// The gateway's id.
    pub id: &'a GatewayId,
    /// The name that people read.
    pub name: &'a str,
    /// Address and port of the page and the API.
    pub listen: SocketAddr,
    /// Loopback address of the health listener, if wanted.
    pub health_listen: Option<SocketAddr>,
    /// Names served; the first is used in links.
    pub names: &'a [ServedName],
    /// Folder with the built page, if it is known already.
    pub page: Option<&'a Path>,
    /// Who keeps the key-encryption key.
    pub kek: &'a KekSettings,
    /// The store that is shared with others, if one is.
    pub store: Option<&'a Server>,
}

/// What [`Server::section`] writes, as a comment.
const NO_STORE: &str = r#"# [store]
# host = "db.corp.example"
# port = 5432
# database = "gateways"
# user = "credential_gateway"
# password_file = "/etc/credential-gateway/store-password"
# authority = "/etc/ssl/db-ca.pem"
# node = "gw1"
"#;

/// The text of a new `gateway.toml`.
#[must_use]
pub fn gateway_toml(choices: &Choices<'_>) -> String {
    let names = choices
        .names
        .iter()
        .map(|name| quoted(&name.to_string()))
        .collect::<Vec<_>>()
        .join(", ");
    let page = match choices.page {
        Some(folder) => format!("page = {}", quoted(&folder.display().to_string())),
        None => "# page = \"/usr/share/credential-gateway/page\"".to_owned(),
    };
    let health = match choices.health_listen {
        Some(address) => format!("health_listen = {}", quoted(&address.to_string())),
        None => "# health_listen = \"127.0.0.1:8052\"".to_owned(),
    };
    format!(
        r##"# Configuration of this credential gateway. Read once at start; unknown keys are refused.
# Relative paths are taken from the folder of this file.

# The gateway's id. Tickets are issued for it, envelopes are bound to it and protected credentials name it:
# credentials that are stored already can no longer be read after a change.
id = {id}

# The name that people see on the page.
name = {name}

# Address and port of the page and the API (HTTPS). Port 0 takes any free port and prints it.
listen = {listen}

# GET /healthz, GET /readyz and GET /metrics, plain HTTP, on a loopback address only. Left out: no health listener.
{health}

# Host names and addresses under which browsers may call this gateway; a request for any other name is refused (421).
# The first is used in links. Without a port the port of `listen` is meant; write "gateway.corp:443" if the outside sees another one.
# After a restart the gateway's own certificate is for a name that was added, if its authority vouches for it; else the log says so,
# and `credential-gateway certificate renew --new-authority` makes one that does.
names = [{names}]

# Folder with the built page (index.html and what it loads), read into memory at start. Left out: the API alone is served.
{page}

# A certificate of your own (PEM, the leaf first) and its private key, where something else renews them; they are looked at each second,
# and taken without a restart. `credential-gateway certificate replace` puts one into this folder instead, and needs nothing here.
# `root` is the root that the chain ends at, if it is neither in the chain nor trusted by this system.
# [tls]
# certificate = "/etc/ssl/gateway.pem"
# key = "/etc/ssl/gateway.key"
# root = "/etc/ssl/corp-root.pem"

# Who keeps the key-encryption key, under which keyring.json is wrapped. `credential-gateway key rewrap` changes it.
#   provider = "file": kek.key in this folder.
#   provider = "systemd-creds": kek.cred in this folder, sealed for this machine with `with_key` ("auto", "host", "tpm2", "host+tpm2").
#     A unit with LoadCredentialEncrypted=credential-gateway-kek:<this folder>/kek.cred has it opened by the service manager.
#   provider = "pkcs11": an AES key `key` in the token `token` of the module `module`; `pin_file` is for its owner only.
{kek}
# A store that several gateways share: a database of PostgreSQL, and this gateway's own name among them. Left out: store.sqlite in this folder.
# `host` may be the folder of a Unix socket. Without `authority`, which signed the server's certificate, there is no TLS, on this machine only.
{store}
# Envelope keys. After so many days a key is replaced; after so many more hours it is destroyed, and forms that were opened with
# it before seal anew. `credential-gateway key rotate` replaces it at any time.
[keys]
# active_days = 30
# retiring_hours = 24

# The audit trail. A file of so many MiB is put aside as audit-<first line>-<last line>.jsonl. Left out, keep_files keeps all of
# those; with it the oldest are removed, and the trail says so. Each line is also sent to "syslog", "journald" or "stdout"
# (standard output of `serve`: what the service itself records).
[audit]
# max_mebibytes = 64
# keep_files = 100
# also = ["syslog", "journald", "stdout"]
# syslog_socket = "/dev/log"
# journald_socket = "/run/systemd/journal/socket"

# Where processes of this machine fetch credentials, and which users' processes do (by name or number; nobody else, not even root).
# Only some linked services: {{ name = "sales-etl", linked_services = ["sales/*"] }}, written as data factory/linked service, * for any characters.
# The socket's folder is made if it is missing. Left out: no such socket.
# [credential_socket]
# path = "/run/credential-gateway/credential.sock"
# users = ["etl"]
# Open connections, a quarter of them for one user; seconds for a request to arrive, and for its answer.
# connections = 64
# request_seconds = 5

# Credentials are tried at their data stores, before they are stored, where callers ask for that. save = "chosen": a person may store what has
# not passed; "tested": of kinds that can be tried, only what has passed is stored; "off": nothing is tried for callers.
# Where a test, and `credential-gateway test`, may connect to. Private networks and the Internet are allowed, unless otherwise = "refuse"; loopback, link-local
# addresses and a cloud's metadata service are not, unless a rule of allow has their network. deny comes first. A rule has a network or a name
# ("*.corp.example" for all below it), and ports or none for all.
[test]
# save = "chosen"
# Have the service try each stored credential, where it can, once in so many hours.
# every_hours = 24
# otherwise = "usual"
# allow = [{{ network = "127.0.0.0/8", ports = [5432] }}]
# deny = [{{ name = "*.internal.example" }}, {{ network = "10.1.0.0/16", ports = ["1-1023", 3306] }}]

# Limits. The values shown are the defaults. Sizes are fixed: request body 16 KiB, header 16 KiB, URI 2 KiB.
[limits]
# Open connections, all together and from one address.
# connections = 1024
# connections_per_address = 128
# TLS handshake; a complete request header (on HTTP/1.1 also the pause between two requests); one request from header to answer;
# a connection without a running request.
# handshake_seconds = 5
# header_seconds = 10
# request_seconds = 30
# idle_seconds = 60
# Envelopes that may wait to be opened; one more is answered 503.
# opens_waiting = 64
"##,
        id = quoted(choices.id.as_str()),
        kek = choices.kek.section(),
        store = choices
            .store
            .map_or_else(|| NO_STORE.to_owned(), Server::section),
        name = quoted(choices.name),
        listen = quoted(&choices.listen.to_string()),
    )
}

/// A TOML basic string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
