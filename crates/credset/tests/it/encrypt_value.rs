//! The old cmdlet's parameters, and what it printed.

use crate::case::{Case, REACH, SECRET};
use crate::scratch_gateway::ScratchGateway;

#[test]
fn the_value_that_belongs_in_the_json_is_printed() {
    let gateway = ScratchGateway::new();
    let common = "encrypt-value --ticket-file {dir}/ticket --resource-group-name rg --data-factory-name default --gateway-name gw-credset";
    for (ls, more, stdin, printed) in [
        (
            "Sql",
            "--type OnPremisesSqlLinkedService --server sql01 --database Sales --authentication-type Basic --user-name etl --password-stdin",
            SECRET,
            "Data Source=sql01;Initial Catalog=Sales;Integrated Security=False;Encrypt=True;TrustServerCertificate=False;User ID=etl;EncryptedCredential=cgref:gw-credset/default/Sql/1",
        ),
        (
            "Sql2",
            "--type OnPremisesSqlServer --value-stdin",
            "Data Source=sql01;Initial Catalog=Sales;User ID=etl;Password=s3cret",
            "EncryptedCredential=cgref:gw-credset/default/Sql2/1",
        ),
        (
            "Pg",
            "--type OnPremisesPostgreSqlLinkedService --server pg01 --database sales --authentication-type Basic --user-name etl --password-stdin",
            SECRET,
            "cgref:gw-credset/default/Pg/1",
        ),
        (
            "Hdfs",
            "--type HdfsLinkedService --uri https://hdfs.corp --authentication-type Windows --user-name etl --password-stdin",
            SECRET,
            "cgref:gw-credset/default/Hdfs/1",
        ),
        (
            "Files",
            "--type OnPremisesFileSystemLinkedService --server \\\\files\\share --user-name CORP\\etl --password-stdin",
            SECRET,
            "cgref:gw-credset/default/Files/1",
        ),
        (
            "Odbc",
            "--type OnPremisesOdbcLinkedService --authentication-type Basic --non-credential-value Driver={X};Server=a --user-name etl --password-stdin",
            SECRET,
            "Driver={X};Server=a;EncryptedCredential=cgref:gw-credset/default/Odbc/1",
        ),
        (
            "Teradata",
            "--type OnPremisesTeradataLinkedService --server td01 --authentication-type Windows --user-name CORP\\etl --password-stdin",
            SECRET,
            "cgref:gw-credset/default/Teradata/1",
        ),
    ] {
        let arguments = format!("{common} {more}");
        let output = Case {
            name: ls,
            arguments: &arguments,
            more: &REACH,
            stdin: stdin.as_bytes(),
            ticket: Some(ls),
            out: &[printed],
            ..Case::default()
        };
        let folder = tempfile::tempdir().unwrap();
        let output = output.check_in(&gateway, folder.path());
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
        let secret = gateway.reveal(ls, "password");
        assert!(secret == SECRET.as_bytes() || secret == b"s3cret", "{ls}");
    }
    for (name, more, code, err) in [
        (
            "another data factory",
            "--type HdfsLinkedService --data-factory-name other",
            5,
            "that is default",
        ),
        (
            "another gateway",
            "--type HdfsLinkedService --gateway-name other",
            5,
            "that is gw-credset",
        ),
        ("no such type", "--type Oracle9", 2, "no kind of data store"),
        (
            "a user name that is a secret",
            "--type OnPremisesSqlServer --authentication-type Windows --server a --database b --user-name D\\u --password-stdin",
            2,
            "username is a secret",
        ),
        (
            "a kind whose JSON has no place for a reference",
            "--type Web --authentication-type Anonymous --uri https://www.example.org/",
            2,
            "has no place for a credential",
        ),
    ] {
        let arguments = format!("encrypt-value --ticket-file {{dir}}/ticket {more}");
        Case {
            name,
            arguments: &arguments,
            more: &REACH,
            stdin: SECRET.as_bytes(),
            ticket: Some("Refused"),
            code,
            err: &[err],
            ..Case::default()
        }
        .check(&gateway);
    }
    let listed = gateway.json(&["list", "--json"]).to_string();
    assert!(!listed.contains("Refused"), "{listed}");
    let output = Case {
        name: "for programs",
        arguments: "encrypt-value --ticket-file {dir}/ticket --type OnPremisesSqlServer --value-file {dir}/value --json",
        more: &REACH,
        files: &[("value", b"Server=a;Database=b;uid=u;pwd=s3cret\n")],
        ticket: Some("Json"),
        ..Case::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let output = output.check_in(&gateway, folder.path());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["member"], "connectionString");
    assert_eq!(document["reference"], "cgref:gw-credset/default/Json/1");
}

/// As they stand in the help of `New-AzDataFactoryEncryptValue`.
#[test]
fn the_calls_of_the_cmdlets_help_can_be_ported() {
    let gateway = ScratchGateway::new();
    for (ls, more, value, property, is) in [
        (
            "Hdfs",
            "--type HdfsLinkedService --non-credential-value http://server01.com:50070/webhdfs/v1/user/username --authentication-type Windows",
            "",
            "url",
            "http://server01.com:50070/webhdfs/v1/user/username",
        ),
        (
            "Value",
            "--type OnPremisesFileSystemLinkedService --value-file {dir}/value",
            "\\\\servername\n",
            "host",
            "\\\\servername",
        ),
        (
            "Local",
            "--type OnPremisesFileSystemLinkedService --value-file {dir}/value",
            "localhost",
            "host",
            "Local",
        ),
        (
            "Server",
            "--type OnPremisesFileSystemLinkedService --server localhost",
            "",
            "host",
            "Local",
        ),
        // Anywhere else it is what it is.
        (
            "Other",
            "--type OnPremisesPostgreSqlLinkedService --server localhost --database sales",
            "",
            "server",
            "localhost",
        ),
    ] {
        let arguments = format!(
            "encrypt-value --ticket-file {{dir}}/ticket --user-name CORP\\etl --password-stdin {more}"
        );
        let reference = format!("cgref:gw-credset/default/{ls}/1");
        Case {
            name: ls,
            arguments: &arguments,
            more: &REACH,
            stdin: SECRET.as_bytes(),
            files: &[("value", value.as_bytes())],
            ticket: Some(ls),
            out: &[&reference],
            ..Case::default()
        }
        .check(&gateway);
        let stored = gateway.json(&["list", "--json"]);
        let mut stored = stored.as_array().unwrap().iter();
        let stored = stored.find(|one| one["ls"] == ls).unwrap();
        assert_eq!(stored["properties"][property], is, "{ls}");
    }
}
