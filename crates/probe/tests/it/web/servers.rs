//! nginx with Basic, client certificates and a certificate for each flaw; lighttpd with Digest.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use tempfile::TempDir;

use crate::certificates::{Authority, Leaf};
use crate::server::PASSWORD;
use crate::service::{Service, free_ports, scratch};

/// Of the files in `key-file`'s tests.
pub(super) const CERTIFICATE_PASSPHRASE: &str = "correct horse";
const LEAVES: [Leaf; 4] = [
    Leaf::Sound,
    Leaf::OtherName,
    Leaf::Expired,
    Leaf::NotYetValid,
];

fn test_key(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../key-file/tests/keys/files");
    fs::read(format!("{folder}/{name}")).unwrap()
}

/// As it is stored: one line of base64.
pub(super) fn key_file(name: &str) -> String {
    Base64::encode_string(&test_key(name))
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, content) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

pub(super) struct Nginx {
    _service: Service,
    _folder: TempDir,
    /// In the clear, for client certificates, and one for each leaf.
    ports: [u16; 6],
}

const SITE: &str = r#"
    location /basic { auth_basic "test"; auth_basic_user_file accounts; }
    location /hidden { if ($http_authorization != $expected) { return 404; } }
    location /denied { deny all; }
    location /moved { return 302 https://elsewhere.example/path?secret=1; }
    location /busy { return 503; }
    location /many { return 429; }
    location /broken { return 500; }
    location /webhdfs/v1/ {
        if ($args != "op=GETHOMEDIRECTORY&user.name=ann") { return 400; }
        default_type application/json;
        return 200 '{"Path":"/user/ann"}';
    }
    location /webhdfs/lost/ {
        default_type application/json;
        return 404 '{"RemoteException":{"exception":"FileNotFoundException","message":"File does not exist"}}';
    }
    location /odata/ { add_header OData-Version 4.0; return 200 '{"value":[]}'; }
"#;

impl Nginx {
    pub(super) fn start(authority: &Authority) -> Self {
        let folder = scratch();
        let ports = free_ports();
        let root = folder.path().display();
        let mut servers = format!("server {{ listen 127.0.0.1:{}; {SITE} }}", ports[0]);
        for (leaf, port) in LEAVES.iter().zip(&ports[2..]) {
            let (chain, key) = authority.issue(leaf);
            let name = format!("{leaf:?}");
            write(
                folder.path(),
                &[
                    (&format!("{name}.crt"), &chain),
                    (&format!("{name}.key"), &key),
                ],
            );
            let tls = format!(
                "ssl_certificate {root}/{name}.crt; ssl_certificate_key {root}/{name}.key;"
            );
            servers += &format!("server {{ listen 127.0.0.1:{port} ssl; {tls} {SITE} }}");
            if matches!(leaf, Leaf::Sound) {
                let verify =
                    format!("ssl_verify_client on; ssl_client_certificate {root}/clients.pem;");
                servers += &format!(
                    "server {{ listen 127.0.0.1:{} ssl; {tls} {verify} {SITE} }}",
                    ports[1]
                );
            }
        }
        let clients = String::from_utf8(test_key("p-256.certificate.pem")).unwrap();
        let right = Base64::encode_string(format!("ann:{PASSWORD}").as_bytes());
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|what| format!("{what}_temp_path {root}/temporary-{what};"))
            .concat();
        let config = format!(
            "daemon off; master_process off; pid {root}/pid; error_log stderr; events {{}}
            http {{ access_log off; {temporary} root {root}/site;
            map $host $expected {{ default 'Basic {right}'; }}
            {servers} }}"
        );
        write(
            folder.path(),
            &[
                ("nginx.conf", &config),
                ("accounts", &format!("ann:{{PLAIN}}{PASSWORD}\n")),
                ("clients.pem", &clients),
                ("site/open", "open"),
                (
                    "site/odata.xml",
                    "<?xml version=\"1.0\"?><service></service>",
                ),
                ("site/basic/page", "page"),
                (
                    "site/basic/odata",
                    r#"{"@odata.context":"$metadata","value":[]}"#,
                ),
                ("site/basic/folder/file", "file"),
                ("site/hidden/page", "page"),
            ],
        );
        let config = format!("{root}/nginx.conf");
        let arguments = ["-p", &root.to_string(), "-c", &config, "-e", "stderr"];
        let service = Service::start("/usr/sbin/nginx", &arguments, &ports);
        Self {
            _service: service,
            _folder: folder,
            ports,
        }
    }

    pub(super) fn clear(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.ports[0])
    }

    pub(super) fn asking_for_certificates(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.ports[1])
    }

    pub(super) fn tls(&self, leaf: &Leaf, path: &str) -> String {
        let number = LEAVES
            .iter()
            .position(|known| format!("{known:?}") == format!("{leaf:?}"));
        format!(
            "https://localhost:{}{path}",
            self.ports[2 + number.unwrap()]
        )
    }
}

pub(super) struct Digest {
    _service: Service,
    _folder: TempDir,
    port: u16,
}

impl Digest {
    pub(super) fn start() -> Self {
        let folder = scratch();
        let [port] = free_ports();
        let root = folder.path().display();
        let config = format!(
            r#"server.modules = ("mod_auth", "mod_authn_file")
            server.bind = "127.0.0.1"
            server.port = {port}
            server.document-root = "{root}/site"
            auth.backend = "plain"
            auth.backend.plain.userfile = "{root}/accounts"
            auth.require = ("/" => ("method" => "digest", "realm" => "test", "require" => "valid-user"))"#
        );
        write(
            folder.path(),
            &[
                ("lighttpd.conf", &config),
                ("accounts", &format!("ann:{PASSWORD}\n")),
                ("site/page", "page"),
                ("site/folder/file", "file"),
            ],
        );
        let config = format!("{root}/lighttpd.conf");
        let service = Service::start("/usr/sbin/lighttpd", &["-D", "-f", &config], &[port]);
        Self {
            _service: service,
            _folder: folder,
            port,
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }
}
