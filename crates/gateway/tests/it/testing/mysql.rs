//! A real MariaDB, without TLS and with: whether there is any is part of what is sealed.

use super::*;
use crate::mariadb_server::Server;

#[tokio::test]
async fn nothing_is_unencrypted_unless_it_was_sealed_so() {
    let mut server = Server::start();
    server.run(&[
        "CREATE DATABASE sales",
        &format!("CREATE USER author@'%' IDENTIFIED BY '{PASSWORD}'"),
        "GRANT SELECT ON sales.* TO author@'%'",
    ]);
    let gateway = gateway_to(server.port, "").await;
    let claims = gateway.claims("orders");
    let address = format!("localhost:{}", server.port);
    let test = async |changed: &[(&str, &str)], password: &str| {
        let usual = [
            ("server", address.as_str()),
            ("database", "sales"),
            ("userName", "author"),
        ];
        let properties = [&usual[..], changed].concat();
        let what = ("OnPremisesMySql", &properties[..]);
        tried(&gateway, &claims, what, password).await
    };
    let clear = [("encrypt", "false")];
    let encrypted = [("encrypt", "true")];
    for changed in [&[][..], &encrypted] {
        assert_eq!(ending(&test(changed, PASSWORD).await), "tls_not_offered");
    }
    let passed = test(&clear, PASSWORD).await;
    assert_eq!(ending(&passed), Value::Null);
    assert_eq!(report(&passed)[3]["cause"], "tls_off");
    assert_eq!(ending(&test(&clear, WRONG).await), "wrong_password");

    let root = forge::root("root of the data store");
    let (chain, key) = forge::leaf(&forge::server(|_| ()), &root);
    server.restart_with(&chain, &key);
    for changed in [&[][..], &encrypted] {
        let untrusted = test(changed, PASSWORD).await;
        assert_eq!(ending(&untrusted), "certificate_untrusted");
    }
    let shown = report(&test(&[], PASSWORD).await)[3]["certificate"]["sha256"].clone();
    let trusted = [(TRUSTED, shown.as_str().unwrap())];
    let passed = test(&trusted, PASSWORD).await;
    assert_eq!(ending(&passed), Value::Null);
    assert_eq!(report(&passed)[3]["result"], "passed");
    let passed = test(&clear, PASSWORD).await;
    assert_eq!(report(&passed)[3]["cause"], "tls_off");
    assert_eq!(ending(&passed), Value::Null);
}
