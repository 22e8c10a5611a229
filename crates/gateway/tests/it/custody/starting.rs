use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use envelope::{GatewayId, UnixSeconds};
use gateway::custody::{Custody, CustodyError};
use gateway::data_folder::{self, DataFolder};
use gateway::keyring::file::Owner;
use gateway::keyring::provider::KekSettings;
use gateway::store::{Place, Store, StoreError};
use gateway::vault::Vault;

use super::desk::{Closed, Desk, gateway_id, replace, settings, sql_server};

/// A folder in which something is stored.
async fn used() -> Closed {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    desk.close().await
}

/// Every file and what is in it. SQLite's shared memory is not content: opening the store touches it.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(snapshot(&path));
        } else if !path.to_string_lossy().ends_with("-shm")
            && !path.to_string_lossy().ends_with("-wal")
        {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    files
}

/// Opening and creating both refuse with this sentence, and leave every file as it was.
async fn refuses(closed: &Closed, sentence: &str) {
    let before = snapshot(closed.folder.path());
    let opened = closed.try_open().await.err().map(|error| error.to_string());
    assert!(
        opened
            .as_ref()
            .is_some_and(|error| error.contains(sentence)),
        "open: {opened:?}"
    );
    let created = Custody::create(&closed.folder, &gateway_id())
        .await
        .err()
        .map(|error| error.to_string());
    assert!(
        created
            .as_ref()
            .is_some_and(|error| error.contains(sentence)),
        "create: {created:?}"
    );
    assert!(
        snapshot(closed.folder.path()) == before,
        "a file was changed"
    );
}

#[tokio::test]
async fn a_missing_kek_is_not_replaced() {
    let closed = used().await;
    fs::remove_file(closed.folder.kek()).unwrap();
    refuses(&closed, "kek.key is missing").await;
    assert!(!closed.folder.kek().exists());
    let error = Custody::create(&closed.folder, &gateway_id()).await;
    assert!(matches!(error, Err(CustodyError::KekLost(..))));
}

#[tokio::test]
async fn a_damaged_kek_is_told_from_a_wrong_one() {
    let closed = used().await;
    let right = fs::read(closed.folder.kek()).unwrap();
    fs::write(closed.folder.kek(), "nonsense").unwrap();
    refuses(&closed, "kek.key is damaged").await;
    fs::remove_file(closed.folder.kek()).unwrap();
    KekSettings::default().make(&closed.folder).unwrap();
    refuses(&closed, "put the right kek.key back").await;
    fs::write(closed.folder.kek(), right).unwrap();
    assert!(closed.open().await.holds("orders", "password", "x").await);
}

#[tokio::test]
async fn a_missing_or_damaged_keyring_is_not_replaced() {
    let closed = used().await;
    let right = fs::read(closed.folder.keyring()).unwrap();
    fs::remove_file(closed.folder.keyring()).unwrap();
    refuses(&closed, "keyring.json is missing").await;
    assert!(!closed.folder.keyring().exists());
    for changed in changed_keyrings(&right) {
        data_folder::replace(&closed.folder.keyring(), &changed).unwrap();
        refuses(&closed, "keyring.json").await;
    }
    data_folder::replace(&closed.folder.keyring(), &right).unwrap();
    assert!(closed.open().await.holds("orders", "password", "x").await);
}

/// Cut off, of an unknown form, with one thing changed.
fn changed_keyrings(right: &[u8]) -> Vec<Vec<u8>> {
    let text = str::from_utf8(right).unwrap();
    let json: serde_json::Value = serde_json::from_slice(right).unwrap();
    let (wrapped, id) = (&json["terms"][0]["wrapped"], &json["terms"][0]["id"]);
    let (wrapped, id) = (wrapped.as_str().unwrap(), id.as_str().unwrap());
    let flipped = |text: &str| {
        let last = if text.ends_with('A') { "Q" } else { "A" };
        format!("{}{last}", &text[..text.len() - 1])
    };
    let mut changed: Vec<_> = [
        text.replace("\"v\": 1", "\"v\": 2"),
        text.replace("\"term\": 1", "\"term\": 2"),
        text.replace("\"term\": 1", "\"term\": 0"),
        text.replace("\"provider\": \"file\"", "\"provider\": \"pkcs11\""),
        text.replace("gw-test", "gw-other"),
        text.replace(wrapped, &flipped(wrapped)),
        text.replace(wrapped, &wrapped[..20]),
        text.replace(wrapped, ""),
        text.replace(id, &flipped(id)),
        text.replace("\"v\"", "\"more\": 1, \"v\""),
    ]
    .map(String::into_bytes)
    .into();
    assert!(changed.iter().all(|changed| changed != right));
    changed.push(right[..right.len() / 2].to_vec());
    changed.push(Vec::new());
    changed
}

#[tokio::test]
async fn a_keyring_of_another_folder_is_refused() {
    let closed = used().await;
    let outer = tempfile::tempdir().unwrap();
    let other = DataFolder::create(outer.path().join("gateway")).unwrap();
    // The same gateway's id and the same KEK, as a folder made twice would have them.
    fs::copy(closed.folder.kek(), other.kek()).unwrap();
    let settings = KekSettings::default();
    let owner = Owner {
        gateway: gateway_id(),
        kek: settings.open(&other).unwrap(),
        settings,
    };
    let vault = Vault::create(&other, owner, UnixSeconds(1)).unwrap();
    let store = closed.folder.store();
    let opened = Store::open(&Place::Sqlite(store), &gateway_id(), &vault.keys()).await;
    assert!(matches!(opened, Err(StoreError::OtherKeyring { .. })));
    let right = fs::read(closed.folder.keyring()).unwrap();
    fs::copy(other.keyring(), closed.folder.keyring()).unwrap();
    let before = snapshot(closed.folder.path());
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(error.contains("put the right keyring.json back"), "{error}");
    assert!(
        Custody::create(&closed.folder, &gateway_id())
            .await
            .is_err()
    );
    assert!(snapshot(closed.folder.path()) == before);
    fs::write(closed.folder.keyring(), right).unwrap();
    assert!(closed.open().await.holds("orders", "password", "x").await);
}

#[tokio::test]
async fn a_kek_that_others_may_read_is_refused() {
    let closed = used().await;
    fs::set_permissions(closed.folder.kek(), fs::Permissions::from_mode(0o644)).unwrap();
    refuses(&closed, "may be read by others").await;
}

#[tokio::test]
async fn another_gateways_folder_is_refused() {
    let closed = used().await;
    let mut other = settings();
    other.gateway = GatewayId::parse("gw-other").unwrap();
    let error = Custody::open(&closed.folder, other).await.err().unwrap();
    assert!(
        error.to_string().contains("belongs to the gateway gw-test"),
        "{error}"
    );
}

#[tokio::test]
async fn each_missing_file_is_named() {
    for missing in ["store.sqlite", "identity.key"] {
        let closed = used().await;
        fs::remove_file(closed.folder.path().join(missing)).unwrap();
        let error = closed.try_open().await.err().unwrap().to_string();
        assert!(error.contains(missing), "{error}");
        assert!(
            !closed.folder.path().join(missing).exists(),
            "{missing} was made anew"
        );
    }
    let closed = used().await;
    for entry in fs::read_dir(closed.folder.envelope_keys()).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(error.contains("envelope-keys"), "{error}");
}

#[tokio::test]
async fn key_files_open_under_their_own_name_only() {
    let closed = used().await;
    let key = fs::read_dir(closed.folder.envelope_keys())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let other = closed
        .folder
        .envelope_keys()
        .join(format!("{}.key", "A".repeat(43)));
    fs::copy(&key, &other).unwrap();
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(error.contains("does not open"), "{error}");
    fs::remove_file(other).unwrap();
    fs::copy(&key, closed.folder.identity()).unwrap();
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(
        error.contains("identity.key") && error.contains("does not open"),
        "{error}"
    );
}

#[tokio::test]
async fn a_store_of_a_later_version_or_an_empty_one_is_refused() {
    let closed = used().await;
    {
        let mut sql = super::desk::sql(&closed.folder).await;
        sqlx::query("PRAGMA user_version = 99")
            .execute(&mut sql)
            .await
            .unwrap();
    }
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(error.contains("format 99"), "{error}");
    for file in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
        let _ = fs::remove_file(closed.folder.path().join(file));
    }
    fs::write(closed.folder.store(), "").unwrap();
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(error.contains("is empty"), "{error}");
    fs::write(
        closed.folder.store(),
        "not a database, but long enough to be taken for one".repeat(100),
    )
    .unwrap();
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(error.contains("SQLite"), "{error}");
}

#[tokio::test]
async fn an_interrupted_init_is_resumed_at_each_step() {
    let whole = Closed::new().await;
    for made in 0..5 {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
        let key = fs::read_dir(whole.folder.envelope_keys())
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        let steps = [
            (whole.folder.kek(), folder.kek()),
            (whole.folder.keyring(), folder.keyring()),
            (whole.folder.identity(), folder.identity()),
            (key.path(), folder.envelope_keys().join(key.file_name())),
        ];
        for (from, to) in steps.iter().take(made) {
            fs::copy(from, to).unwrap();
        }
        // What a crash in the middle of a step leaves behind.
        fs::write(folder.path().join(".kek.key.1.new"), "half").unwrap();
        Custody::create(&folder, &gateway_id()).await.unwrap();
        for (from, to) in steps.iter().take(made) {
            assert!(
                fs::read(from).unwrap() == fs::read(to).unwrap(),
                "step {made}: {} changed",
                to.display()
            );
        }
        let before = snapshot(folder.path());
        Custody::create(&folder, &gateway_id()).await.unwrap();
        assert!(
            snapshot(folder.path()) == before,
            "a complete folder was changed"
        );
        Custody::open(&folder, settings())
            .await
            .unwrap()
            .shutdown()
            .await;
    }
}

#[tokio::test]
async fn everything_is_for_the_owner_only() {
    let closed = used().await.open().await;
    let mut folders = vec![closed.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            let wanted = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode, wanted, "{}", path.display());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
}
