use std::io::Write as _;

use super::*;

const REFERENCE: &str = "cgref:gw/default/Sales/7";

fn file(text: &str) -> LinkedServiceFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    LinkedServiceFile::read(file.path()).unwrap()
}

fn applied(text: &str) -> String {
    let file = file(text);
    match file.content().unwrap() {
        Content::Credential(found) => file.with_reference(&found, REFERENCE).unwrap().to_string(),
        Content::Nothing(nothing) => panic!("{}", nothing.why),
    }
}

/// A document around `typeProperties`.
fn document(json_type: &str, properties: &str) -> String {
    format!(
        r#"{{"name":"Sales","properties":{{"type":"{json_type}","typeProperties":{properties}}}}}"#
    )
}

#[test]
fn the_reference_stands_where_it_is_documented_and_all_else_stays() {
    for (json_type, before, after) in [
        (
            "OnPremisesSqlServer",
            r#"{ "connectionString" : "Data Source=sql01;Initial Catalog=Sales;Integrated Security=False;User ID=u;PASSWORD=p;Custom=1" , "gatewayName":"g" }"#,
            r#"{ "connectionString" : "Data Source=sql01;Initial Catalog=Sales;Integrated Security=False;User ID=u;Custom=1;EncryptedCredential=cgref:gw/default/Sales/7" , "gatewayName":"g" }"#,
        ),
        // The cmdlet's name, and the secret at the end.
        (
            "OnPremisesSqlLinkedService",
            r#"{"connectionString":"Server=a;Database=b;uid=u;pwd=p;"}"#,
            r#"{"connectionString":"Server=a;Database=b;uid=u;EncryptedCredential=cgref:gw/default/Sales/7"}"#,
        ),
        // Windows: name and password are members of their own.
        (
            "OnPremisesSqlServer",
            r#"{"userName":"D\\u","connectionString":"Data Source=a;Initial Catalog=b;Integrated Security=True","password":"p"}"#,
            r#"{"connectionString":"Data Source=a;Initial Catalog=b;Integrated Security=True;EncryptedCredential=cgref:gw/default/Sales/7"}"#,
        ),
        (
            "OnPremisesMySql",
            r#"{"server":"a","database":"b","schema":"c","userName":"u","password":"p","gatewayName":"g"}"#,
            r#"{"server":"a","database":"b","schema":"c","userName":"u","encryptedCredential": "cgref:gw/default/Sales/7","gatewayName":"g"}"#,
        ),
        // One that was set before is replaced where it is, whatever its letters.
        (
            "OnPremisesMySql",
            r#"{"EncryptedCredential":"old","server":"a","database":"b","username":"u","Password":"p"}"#,
            r#"{"EncryptedCredential":"cgref:gw/default/Sales/7","server":"a","database":"b","username":"u"}"#,
        ),
        (
            "OnPremisesSqlServer",
            r#"{"connectionString":"Server=a;Database=b;uid=u;EncryptedCredential=old;pwd=p"}"#,
            r#"{"connectionString":"Server=a;Database=b;uid=u;EncryptedCredential=cgref:gw/default/Sales/7"}"#,
        ),
        // A secret in an object of its own, and escapes that stay as they are.
        (
            "OnPremisesMySql",
            r#"{"server":"\u0061\u002eb","database":"b","username":"u","password":{"type":"SecureString","value":"p"}}"#,
            r#"{"server":"\u0061\u002eb","database":"b","username":"u","encryptedCredential": "cgref:gw/default/Sales/7"}"#,
        ),
        (
            "OnPremisesSqlServer",
            r#"{"connectionString":"Data Source=a\\b;Initial Catalog=\u00fc\ud83d\ude00;User ID=\u0075;Password='\u0022;\"';Encrypt=\u0054rue"}"#,
            r#"{"connectionString":"Data Source=a\\b;Initial Catalog=\u00fc\ud83d\ude00;User ID=\u0075;Encrypt=\u0054rue;EncryptedCredential=cgref:gw/default/Sales/7"}"#,
        ),
        (
            "AzureStorage",
            r#"{"connectionString":"DefaultEndpointsProtocol=https;AccountName=account;AccountKey=YWJj=="}"#,
            r#"{"connectionString":"DefaultEndpointsProtocol=https;AccountName=account;EncryptedCredential=cgref:gw/default/Sales/7"}"#,
        ),
        (
            "OnPremisesOdbc",
            r#"{"authenticationType":"Basic","connectionString":"Driver={X Y};Server=a","userName":"u","password":"p","credential":"RefreshToken=t"}"#,
            r#"{"authenticationType":"Basic","connectionString":"Driver={X Y};Server=a;EncryptedCredential=cgref:gw/default/Sales/7","userName":"u"}"#,
        ),
    ] {
        assert_eq!(
            applied(&document(json_type, before)),
            document(json_type, after)
        );
    }
}

#[test]
fn line_ends_indentation_and_the_mark_stay() {
    let before = "\u{feff}{\r\n\t\"name\": \"Sales\",\r\n\t\"properties\": {\r\n\t\t\"type\": \"OnPremisesMySql\",\r\n\t\t\"typeProperties\": {\r\n\t\t\t\"server\": \"a\",\r\n\t\t\t\"database\": \"b\",\r\n\t\t\t\"userName\": \"u\",\r\n\t\t\t\"password\": \"p\"\r\n\t\t}\r\n\t}\r\n}\r\n";
    let after = before.replace(
        "\"password\": \"p\"",
        &format!("\"encryptedCredential\": \"{REFERENCE}\""),
    );
    assert_eq!(applied(before), after);
    // A password in a connection string where the reference is a member: a line of its own.
    let before = "{\n  \"name\": \"S\",\n  \"properties\": {\n    \"type\": \"OnPremisesMySql\",\n    \"typeProperties\": {\n      \"connectionString\": \"server=a;database=b;uid=u;pwd=p\"\n    }\n  }\n}\n";
    let after = before.replace(
        ";pwd=p\"",
        &format!(";\",\n      \"encryptedCredential\": \"{REFERENCE}\""),
    );
    assert_eq!(applied(before), after);
}

#[test]
fn what_has_nothing_to_be_set_is_left_alone() {
    for (text, said) in [
        ("{}", "not a linked service"),
        ("[1,2]", "not a linked service"),
        (
            r#"{"name":"d","properties":{"type":"AzureBlob","typeProperties":{"folderPath":"x"}}}"#,
            "none of the kinds",
        ),
        (
            &document(
                "OnPremisesMySql",
                r#"{"server":"a","database":"b","username":"u","encryptedCredential":"x"}"#,
            ),
            "has its reference already",
        ),
        (
            &document(
                "Web",
                r#"{"authenticationType":"Anonymous","url":"https://a"}"#,
            ),
            "has no secret",
        ),
    ] {
        match file(text).content() {
            Ok(Content::Nothing(nothing)) => assert!(nothing.why.contains(said), "{}", nothing.why),
            _ => panic!("{text}"),
        }
    }
    for (text, said) in [
        ("{\"name\":", "not JSON"),
        (
            &document(
                "OnPremisesMySql",
                r#"{"server":"a","database":"b","username":"u","password":"****"}"#,
            ),
            "",
        ),
        (
            &document(
                "OnPremisesMySql",
                r#"{"server":"a b","database":"b","username":"u","password":"p"}"#,
            ),
            "",
        ),
    ] {
        let failure = file(text).content().err().unwrap();
        assert!(failure.to_string().contains(said), "{failure}");
        assert_eq!(failure.cause, crate::failure::Cause::Usage);
    }
}
