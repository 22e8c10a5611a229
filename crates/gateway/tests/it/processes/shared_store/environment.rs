//! What the environment says of a database, to programs that ask it.

use std::fs;

use super::{Site, command};

#[tokio::test(flavor = "multi_thread")]
async fn only_the_configuration_says_how_the_store_is_reached() {
    let site = Site::of(1).await;
    let folder = site.nodes[0].folder();
    let said_with = |name: &str, value: &str| {
        let output = command(&folder, &["list"]).env(name, value).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    };
    let foreign = [
        ("PGHOST", "192.0.2.1"),
        ("PGHOSTADDR", "192.0.2.1"),
        ("PGPORT", "1"),
        ("PGUSER", "admin"),
        ("PGDATABASE", "postgres"),
        ("PGPASSWORD", "hunter2"),
        ("PGPASSFILE", "/nowhere"),
        ("PGSSLMODE", "require"),
        ("PGSSLROOTCERT", "/nowhere"),
        ("PGAPPNAME", "other"),
    ];
    for (name, value) in foreign {
        assert_eq!(said_with(name, value).0, Some(0), "{name}");
    }
    for name in ["PGOPTIONS", "PGSSLCERT", "PGSSLKEY"] {
        let (code, said) = said_with(name, "-c synchronous_commit=off");
        assert_eq!(code, Some(9), "{name}: {said}");
        assert!(
            said.contains(name) && !said.contains("synchronous"),
            "{said}"
        );
    }
    // No password in the file is none, whatever else there is.
    let configuration = folder.join("gateway.toml");
    let text = fs::read_to_string(&configuration).unwrap();
    let without = text.lines().filter(|line| !line.contains("password_file"));
    fs::write(&configuration, without.collect::<Vec<_>>().join("\n")).unwrap();
    let (code, said) = said_with("PGPASSWORD", super::PASSWORD);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("look after the database server"), "{said}");
}
