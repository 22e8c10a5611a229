//! Definitions, at a gateway that stores nothing untried: each is tried at its data store, a real lighttpd with Digest, and what does not pass stays as it is.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::case::{Case, SECRET};
use crate::scratch_gateway::ScratchGateway;

/// A server that knows one account by the secret of most cases. It ends with the test.
struct Site {
    _folder: tempfile::TempDir,
    process: Child,
    port: u16,
}

impl Site {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
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
        fs::create_dir(folder.path().join("site")).unwrap();
        for (name, content) in [
            ("lighttpd.conf", config),
            ("accounts", format!("etl:{SECRET}\n")),
            ("site/page", "page".to_owned()),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let process = Command::new("setpriv")
            .args(["--pdeathsig=KILL", "--", "/usr/sbin/lighttpd", "-D", "-f"])
            .arg(folder.path().join("lighttpd.conf"))
            .stdin(Stdio::null())
            .spawn()
            .expect("it is installed by `cargo xtask test`");
        let site = Self {
            _folder: folder,
            process,
            port,
        };
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < until, "nothing listens");
            std::thread::sleep(Duration::from_millis(10));
        }
        site
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn definition(name: &str, kind: &str, properties: &Value) -> String {
    let properties = json!({ "type": kind, "typeProperties": properties });
    json!({ "name": name, "properties": properties }).to_string()
}

fn of_site(site: &Site, name: &str, password: &str) -> String {
    let url = format!("http://localhost:{}/page", site.port);
    let properties = json!({
        "url": url, "authenticationType": "Digest", "userName": "etl", "password": password,
    });
    definition(name, "Http", &properties)
}

/// No gateway can try it.
fn untriable(name: &str) -> String {
    let properties = json!({
        "server": "bw01", "systemNumber": "00", "clientId": "800", "username": "etl", "password": SECRET,
    });
    definition(name, "SapBw", &properties)
}

fn case<'a>() -> Case<'a> {
    Case {
        arguments: "apply {dir}/definitions --tickets {dir}/tickets --gateway {gateway} --ca-file {ca}",
        ..Case::default()
    }
}

fn put(folder: &Path, gateway: &ScratchGateway, name: &str, definition: &str) {
    for (below, name, content) in [
        ("definitions", format!("{name}.json"), definition.to_owned()),
        ("tickets", name.to_owned(), gateway.ticket(name, &[])),
    ] {
        let below = folder.join(below);
        fs::create_dir_all(&below).unwrap();
        fs::write(below.join(name), content).unwrap();
    }
}

#[test]
fn what_does_not_pass_is_not_set_and_the_others_are() {
    let site = Site::start();
    let mut gateway = ScratchGateway::new();
    let allow = format!(
        "[test]\nsave = \"tested\"\nallow = [{{ network = \"127.0.0.0/8\", ports = [{}] }}]",
        site.port
    );
    gateway.reconfigure("[test]", &allow);
    let folder = tempfile::tempdir().unwrap();
    let wrong = of_site(&site, "B", &format!("{SECRET}, and more"));
    put(folder.path(), &gateway, "A", &of_site(&site, "A", SECRET));
    put(folder.path(), &gateway, "B", &wrong);
    put(folder.path(), &gateway, "C", &untriable("C"));
    let output = Case {
        name: "three, one of them wrong",
        more: &["--json"],
        code: 7,
        ..case()
    }
    .check_in(&gateway, folder.path());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let outcomes: Vec<_> = document["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (&file["outcome"], &file["error"]["code"]))
        .collect();
    let set = (&json!("set"), &Value::Null);
    let failed = (&json!("failed"), &json!("wrong_password"));
    assert_eq!(outcomes, [set, failed, set]);
    let file = |name: &str| {
        let path = folder.path().join(format!("definitions/{name}.json"));
        fs::read_to_string(path).unwrap()
    };
    assert!(file("B") == wrong, "the file was changed");
    assert!(file("A").contains("cgref:") && !file("A").contains("pä$$"));

    let listed = gateway.json(&["list", "--json"]);
    let listed = listed.as_array().unwrap();
    let told: Vec<_> = listed
        .iter()
        .map(|stored| (&stored["ls"], &stored["last_test"]["outcome"]))
        .collect();
    let tested = (&json!("A"), &json!("passed"));
    assert_eq!(told, [tested, (&json!("C"), &Value::Null)]);

    // With the same ticket, which is not used up, as soon as it is right.
    Case {
        name: "nothing else is left, and it is still wrong",
        code: 7,
        out: &["3 files: 2 left alone, 1 failed"],
        err: &["B.json: FAILED: The connection test failed: "],
        ..case()
    }
    .check_in(&gateway, folder.path());
    let right = of_site(&site, "B", SECRET);
    fs::write(folder.path().join("definitions/B.json"), right).unwrap();
    Case {
        name: "it is right",
        out: &["3 files: 1 set, 2 left alone"],
        ..case()
    }
    .check_in(&gateway, folder.path());
}
