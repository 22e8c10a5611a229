//! Another identity key under a gateway that serves.

use std::fs;

use gateway::data_folder::{self, DataFolder};
use serde_json::Value;

use super::{Installed, json, output};
use crate::scratch::seal;
use envelope::{Kid, TicketClaims};

#[tokio::test(flavor = "multi_thread")]
async fn the_identity_key_is_replaced_while_the_gateway_serves() {
    let installed = Installed::new();
    let before = json(&installed.run(&["fingerprint", "--json"]));
    let former = before["identity"].as_str().unwrap();
    let serving = installed.serve();
    let mut claims = installed.claims("orders");
    claims.thp = Kid::parse(former).unwrap();
    let ticket = installed.ticket(&claims);

    // Nobody is there to be asked.
    let refused = output(&installed.folder(), &["key", "replace-identity"]);
    assert_eq!(refused.status.code(), Some(6));
    let replaced = json(&installed.run(&["key", "replace-identity", "--yes", "--json"]));
    assert_eq!(replaced["former"], former);
    assert_ne!(replaced["words"], before["words"]);

    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    assert_eq!(keys.statement().unwrap().split(' ').count(), 2);
    let sealed_for = TicketClaims {
        thp: keys.keys()[0].kid().clone(),
        ..claims.clone()
    };
    let envelope = seal(&keys, &sealed_for, "x");
    let (status, body) = client.set(&ticket, &claims, envelope).await.unwrap();
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));

    let after = json(&installed.run(&["fingerprint", "--json"]));
    assert_eq!(after["identity"], replaced["identity"]);
    assert_eq!(after["former_identities"], Value::from(vec![former]));
    let listed = json(&installed.run(&["key", "list", "--json"]));
    assert_eq!(listed["former_identities"][0]["kid"], former);
    assert_eq!(listed["envelope_keys"][0]["credentials"], 1);
    assert_eq!(listed["keyring"]["terms"][0]["credentials"], 1);
    installed.run(&["audit", "verify"]);
}

/// State and words of each check.
fn examined(installed: &Installed) -> Vec<(String, String, String)> {
    let output = output(&installed.folder(), &["doctor", "--json"]);
    let examined = json(&output.stdout);
    let text = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
    let checks = examined["checks"].as_array().unwrap().iter();
    checks
        .map(|check| {
            (
                text(check, "name"),
                text(check, "state"),
                text(check, "found"),
            )
        })
        .collect()
}

#[track_caller]
fn is_cut_off_and_nothing_else(installed: &Installed, words: &str) {
    let examined = examined(installed);
    let of = |name: &str| examined.iter().find(|check| check.0 == name).unwrap();
    let (_, state, found) = of("identity");
    assert_eq!(state, "note", "{found}");
    assert!(found.starts_with(words), "{found}");
    for name in ["audit", "contents"] {
        let (_, state, found) = of(name);
        assert_eq!(state, "passed", "{name}: {found}");
    }
    assert!(
        !examined.iter().any(|check| check.1 == "failed"),
        "{examined:?}"
    );
}

#[test]
fn the_doctor_knows_a_replacement_that_was_cut_off() {
    let installed = Installed::new();
    let folder = DataFolder::open(installed.folder()).unwrap();
    let former = fs::read(folder.identity()).unwrap();

    let replaced = json(&installed.run(&["key", "replace-identity", "--yes", "--json"]));
    let words = replaced["words"].as_str().unwrap().to_owned();
    // As a kill before the last step leaves them.
    fs::rename(folder.identity(), folder.next_identity()).unwrap();
    data_folder::write_new(&folder.identity(), &former).unwrap();
    is_cut_off_and_nothing_else(&installed, &words);

    installed.run(&["key", "list"]);
    let whole = examined(&installed);
    let identity = whole.iter().find(|check| check.0 == "identity").unwrap();
    assert_eq!((identity.1.as_str(), &identity.2), ("passed", &words));
}
