//! Definitions that are not to be touched, or not without a word.

use std::fs;

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
