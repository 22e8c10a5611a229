//! Another key-encryption key for one gateway of several: what opens its shares goes along.

use super::*;
use crate::processes::providers::adopt;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_gateway_opens_its_shares_under_another_key_encryption_key() {
    let site = Site::of(2).await;
    let [a, b] = &site.nodes[..] else { panic!() };
    let serving = a.serve();
    let mut client = a.connect(serving.port).await;
    let (status, _) = a.store(&mut client, "orders", "one").await;
    assert_eq!(status, 201);

    // The key of a host of its own, which systemd-creds makes; not this machine's.
    let host = site.secrets.path().join("host");
    let by_b = |arguments: &[&str]| {
        let mut command = command(&b.folder(), arguments);
        let output = command.env("SYSTEMD_CREDENTIAL_SECRET", &host).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    };
    let key = || fs::read(b.folder().join("node.key")).unwrap();
    let before = key();
    let said = by_b(&[
        "key",
        "rewrap",
        "--kek",
        "systemd-creds",
        "--kek-with-key",
        "host",
    ]);
    assert!(key() != before, "it is as it was");
    adopt(&b.folder(), &said);
    fs::remove_file(b.folder().join("kek.key")).unwrap();

    // A term that was made since is one of its shares.
    a.run(&["key", "rotate", "--store"]);
    let (status, _) = a.store(&mut client, "customers", "two").await;
    assert_eq!(status, 201);
    for (ls, password) in [("orders", "one"), ("customers", "two")] {
        let revealed = by_b(&["reveal", ls, "--secret", "password"]);
        assert!(revealed == password, "{ls}: another secret");
    }
    drop(serving);
}
