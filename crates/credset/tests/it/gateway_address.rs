//! Where a gateway is looked for, and what it says at a place that is not its own.

use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::case::Case;
use crate::scratch_gateway::ScratchGateway;

#[test]
fn an_address_that_is_none_is_not_made_one() {
    let gateway = ScratchGateway::new();
    for address in ["127.0.0.1:70000", "https://127.0.0.1:", "localhost:abc"] {
        Case {
            name: "a port",
            arguments: "doctor --gateway",
            more: &[address],
            code: 2,
            err: &["'--gateway <URL>': the port is a number from 1 to 65535"],
            ..Case::default()
        }
        .check(&gateway);
    }
    let link = gateway.link("Files");
    let origin = gateway.origin();
    for (link, code, said) in [
        (
            link.replace(&origin, "https://localhost:70000"),
            2,
            "leads to no gateway: the port is a number",
        ),
        (
            link.replace(&origin, "http://localhost"),
            2,
            "leads to no gateway: a gateway is reached by https only",
        ),
        (link.replace(&(origin + "/"), ""), 2, "which gateway?"),
    ] {
        Case {
            name: "a link",
            arguments: "doctor --ticket-file {dir}/link",
            files: &[("link", link.as_bytes())],
            code,
            err: &[said],
            ..Case::default()
        }
        .check(&gateway);
        Case {
            name: "named beside it",
            arguments: "doctor --ticket-file {dir}/link --gateway {gateway} --ca-file {ca}",
            files: &[("link", link.as_bytes())],
            ..Case::default()
        }
        .check(&gateway);
    }
}

/// The same gateway at a port that it does not know of, as behind a forwarding.
#[test]
fn a_name_that_the_gateway_has_not_is_told() {
    let gateway = ScratchGateway::new();
    let (port, listener) = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        (listener.local_addr().unwrap().port(), listener)
    };
    let inner = gateway.port;
    thread::spawn(move || {
        for socket in listener.incoming() {
            let near = socket.unwrap();
            let far = TcpStream::connect(("127.0.0.1", inner)).unwrap();
            for (mut from, mut to) in [
                (near.try_clone().unwrap(), far.try_clone().unwrap()),
                (far, near),
            ] {
                thread::spawn(move || std::io::copy(&mut from, &mut to));
            }
        }
    });
    for arguments in ["doctor", "keys show --trust-on-first-use"] {
        let folder = tempfile::tempdir().unwrap();
        let output = Case {
            name: "forwarded",
            arguments: &format!("{arguments} --ca-file {{ca}} --gateway https://localhost:{port}"),
            code: 6,
            ..Case::default()
        }
        .check_in(&gateway, folder.path());
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("not called by that name"), "{said}");
        assert!(said.contains("`names` in gateway.toml"), "{said}");
    }
}
