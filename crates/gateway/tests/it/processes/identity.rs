//! Another identity key under a gateway that serves.

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
