//! Definitions that are not to be touched, or not without a word.

use std::fs;
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use crate::case::Case;
use crate::scratch_gateway::ScratchGateway;

/// A definition of this type, with these `typeProperties`.
fn definition(json_type: &str, properties: &str) -> String {
    format!(r#"{{"name":"N","properties":{{"type":"{json_type}","typeProperties":{properties}}}}}"#)
}

const APPLY: &str =
    "apply {dir}/a.json --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca}";

/// A reference that has no place is known to have none before there is one.
#[test]
fn what_has_no_place_for_a_reference_is_not_sent() {
    let gateway = ScratchGateway::new();
    for (name, text, err) in [
        (
            "a signature in a connection string that goes elsewhere",
            definition(
                "AzureStorage",
                r#"{"connectionString":"BlobEndpoint=https://account.blob.core.windows.net/;SharedAccessSignature=sv=2020-08-04&ss=b&sig=c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U%3D"}"#,
            ),
            "",
        ),
        (
            "a password in Oracle's short form",
            definition(
                "OnPremisesOracle",
                r#"{"connectionString":"Data Source=etl/pw@//ora01:1521/svc"}"#,
            ),
            "",
        ),
        (
            "two passwords",
            definition(
                "OnPremisesMySql",
                r#"{"server":"a","database":"b","username":"u","password":"p1","Password":"p2"}"#,
            ),
            "\"Password\" is in it twice",
        ),
        (
            "two objects",
            r#"{"name":"N","properties":{"type":"OnPremisesMySql","typeProperties":{"server":"a","database":"b","username":"u"},"TypeProperties":{"password":"p"}}}"#.to_owned(),
            "\"TypeProperties\" is in it twice",
        ),
        (
            "two of them around",
            r#"{"name":"N","properties":{},"properties":{"type":"OnPremisesMySql","typeProperties":{"server":"a","database":"b","username":"u","password":"p"}}}"#.to_owned(),
            "\"properties\" is in it twice",
        ),
    ] {
        let folder = Case {
            name,
            arguments: APPLY,
            ticket: Some("N"),
            files: &[("a.json", text.as_bytes())],
            code: 2,
            err: &[err],
            ..Case::default()
        }
        .check(&gateway);
        assert!(fs::read_to_string(folder.path().join("a.json")).unwrap() == text);
    }
    let listed = gateway.json(&["list", "--json"]);
    assert!(listed.as_array().unwrap().is_empty(), "{listed}");
}

/// What is set is not all that there is.
#[test]
fn secrets_that_are_left_are_told() {
    let gateway = ScratchGateway::new();
    for (name, text, out, err, not) in [
        (
            "names that the kind does not have",
            definition(
                "OnPremisesMySql",
                r#"{"server":"a","database":"b","username":"u","password":"X4-secret","pwd2":"X5-secret","gatewayName":"g","connectionProperties":{"password":"X6-secret","more":[{"apiKey":{"type":"SecureString","value":"X7-secret"}}]}}"#,
            ),
            "1 file: 1 set",
            "left in it: properties.typeProperties.pwd2, properties.typeProperties.connectionProperties.password, properties.typeProperties.connectionProperties.more.apiKey.value\n",
            "gatewayName",
        ),
        (
            "what is used of it, and what is not",
            definition(
                "OnPremisesSqlServer",
                r#"{"connectionString":"Server=a;Database=b;uid=u;pwd=X4-secret;Custom=1;Proxy Password=X5-secret"}"#,
            ),
            "1 file: 1 set",
            "left in it: Proxy Password in properties.typeProperties.connectionString\n",
            "pwd",
        ),
        (
            "settings that have no field",
            definition(
                "OnPremisesSqlServer",
                r#"{"connectionString":"Server=a;Database=b;uid=u;pwd=X4-secret;Custom=1"}"#,
            ),
            "1 file: 1 set",
            "not used: Custom\n",
            "left in it",
        ),
        (
            "a type without a secret",
            definition(
                "Http",
                r#"{"url":"https://a.corp","authenticationType":"Anonymous","password":"X4-secret"}"#,
            ),
            "1 left alone",
            "has no secret that its type has\nwarning: {dir}/a.json: what looks like a secret is left in it: properties.typeProperties.password\n",
            "X4",
        ),
        (
            "a kind that is not known",
            definition(
                "Snowflake",
                r#"{"password":"X4-secret","servicePrincipalKey":"X5-secret"}"#,
            ),
            "1 left alone",
            "left in it: properties.typeProperties.password, properties.typeProperties.servicePrincipalKey\n",
            "X4",
        ),
        (
            "a list",
            format!(
                "[{}]",
                definition("OnPremisesMySql", r#"{"password":"X4-secret"}"#)
            ),
            "1 left alone",
            "but a list: each needs a file of its own\nwarning: {dir}/a.json: what looks like a secret is left in it: properties.typeProperties.password\n",
            "X4",
        ),
        (
            "nothing that is one",
            definition(
                "Snowflake",
                r#"{"userName":"u","password":{"type":"AzureKeyVaultSecret","store":{"referenceName":"vault"},"secretName":"n"},"pwd":"****","token":"","encryptedCredential":"x"}"#,
            ),
            "1 left alone",
            "a.json",
            "left in it",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = Case {
            name,
            arguments: APPLY,
            ticket: Some("N"),
            files: &[("a.json", text.as_bytes())],
            out: &[out],
            err: &[err],
            ..Case::default()
        }
        .check_in(&gateway, folder.path());
        // The folder has a name of random letters, which may be any.
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.replace(folder.path().to_str().unwrap(), "");
        assert!(!said.contains(not), "{name}: {said}");
        assert!(!said.contains("-secret"), "{name}: a secret is printed");
    }
}

#[test]
fn the_letters_of_a_name_do_not_count() {
    let gateway = ScratchGateway::new();
    let text = r#"{"Name":"N","PROPERTIES":{"Type":"OnPremisesMySql","TypeProperties":{"server":"a","database":"b","username":"u","password":"X4-secret"}}}"#;
    let folder = Case {
        name: "other letters",
        arguments: APPLY,
        ticket: Some("N"),
        files: &[("a.json", text.as_bytes())],
        out: &["1 file: 1 set"],
        ..Case::default()
    }
    .check(&gateway);
    let reference = "\"encryptedCredential\": \"cgref:gw-credset/default/N/1\"";
    assert_eq!(
        fs::read_to_string(folder.path().join("a.json")).unwrap(),
        text.replace("\"password\":\"X4-secret\"", reference)
    );
}

/// A way to a gateway's port on which something happens before the first byte is passed on.
fn pass_on(listener: TcpListener, to: u16, meanwhile: impl FnOnce() + Send + 'static) {
    let pass = |mut from: TcpStream, mut to: TcpStream| {
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        })
    };
    thread::spawn(move || {
        let mut meanwhile = Some(meanwhile);
        for here in listener.incoming() {
            let here = here.unwrap();
            if let Some(meanwhile) = meanwhile.take() {
                meanwhile();
            }
            let there = TcpStream::connect(("127.0.0.1", to)).unwrap();
            pass(here.try_clone().unwrap(), there.try_clone().unwrap());
            pass(there, here);
        }
    });
}

/// A gateway that may also be called at the port of such a way.
fn gateway_behind(listener: &TcpListener) -> ScratchGateway {
    let mut gateway = ScratchGateway::new();
    gateway.stop();
    let path = gateway.folder().join("gateway.toml");
    let port = listener.local_addr().unwrap().port();
    let names = format!("names = [\"localhost\", \"localhost:{port}\", ");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(&path, config.replace("names = [\"localhost\", ", &names)).unwrap();
    gateway.serve();
    gateway
}

#[test]
fn what_somebody_else_writes_meanwhile_stays() {
    let text = definition(
        "OnPremisesMySql",
        r#"{"server":"a","database":"b","username":"u","password":"X4-secret"}"#,
    );
    let other = text.replace("X4", "X5");
    for (name, more, meanwhile) in [
        ("written", &[][..], Some(other)),
        ("removed", &["--emit", "{dir}/b.json"], None),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let gateway = gateway_behind(&listener);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let changed = path.clone();
        let now = meanwhile.clone();
        pass_on(listener, gateway.port, move || match now {
            Some(now) => fs::write(changed, now).unwrap(),
            None => fs::remove_file(changed).unwrap(),
        });
        let arguments = APPLY.replace("{gateway}", &format!("https://localhost:{port}"));
        Case {
            name,
            arguments: &arguments,
            more,
            ticket: Some(name),
            files: &[(
                "a.json",
                text.replace(r#""name":"N""#, &format!(r#""name":"{name}""#))
                    .as_bytes(),
            )],
            code: 1,
            out: &["1 file: 1 failed"],
            err: &[
                "a.json has been changed meanwhile",
                "The credential is stored",
            ],
            ..Case::default()
        }
        .check_in(&gateway, folder.path());
        assert!(fs::read_to_string(&path).ok() == meanwhile, "{name}");
        assert!(!folder.path().join("b.json").exists());
        assert!(gateway.reveal(name, "password") == b"X4-secret");
    }
}
