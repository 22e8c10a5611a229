use std::fs;
use std::io::{Cursor, Write};

use envelope::{GatewayId, Kid};
use zeroize::Zeroizing;

use super::*;
use crate::backup::manifest::{Facts, ManifestError};
use crate::backup::member_name::MemberName;

const KID: &str = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

fn facts() -> Facts {
    Facts {
        gateway: GatewayId::parse("gw-test").unwrap(),
        identity: Kid::parse(KID).unwrap(),
        program: "1.2.3".to_owned(),
        made: "2026-11-26T20:00:00Z".to_owned(),
        credentials: 3,
        damaged: 0,
        store: "as_written".to_owned(),
        envelope_keys: 1,
        audit_through: 7,
    }
}

fn member(name: &str, content: &[u8]) -> Member {
    Member {
        name: MemberName::parse(name).unwrap(),
        content: Content::Bytes(Zeroizing::new(content.to_vec())),
    }
}

fn members() -> Vec<Member> {
    let mut growing = tempfile::tempfile().unwrap();
    growing.write_all(&[b'x'; 7000]).unwrap();
    let store = Member {
        name: MemberName::parse("store.sqlite").unwrap(),
        content: Content::File {
            file: growing,
            length: 6600,
        },
    };
    vec![
        member("gateway.toml", b"id = 1"),
        store,
        member("identity.key", b"identity"),
        member("keyring-terms.json", b"SECRET"),
        member(&format!("envelope-keys/{KID}.key"), &[0; 512]),
        member("audit.jsonl", b""),
    ]
}

fn archive(members: &mut [Member]) -> Vec<u8> {
    let mut tar = Vec::new();
    write(&mut tar, facts(), 1_795_000_000, members).unwrap();
    tar
}

fn unpacked(tar: &[u8]) -> Result<Unpacked, ArchiveError> {
    let folder = tempfile::tempdir().unwrap();
    unpack(Cursor::new(tar), folder.path())
}

#[test]
fn what_was_written_is_unpacked() {
    use std::os::unix::fs::PermissionsExt;

    let tar = archive(&mut members());
    let folder = tempfile::tempdir().unwrap();
    let unpacked = unpack(Cursor::new(&tar), folder.path()).unwrap();
    assert_eq!(unpacked.manifest.facts, facts());
    assert_eq!(*unpacked.terms, b"SECRET");
    assert!(!folder.path().join("keyring-terms.json").exists());
    let store = folder.path().join("store.sqlite");
    assert_eq!(fs::read(&store).unwrap(), vec![b'x'; 6600]);
    assert_eq!(
        fs::metadata(store).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let key = folder
        .path()
        .join("envelope-keys")
        .join(format!("{KID}.key"));
    assert_eq!(fs::read(key).unwrap(), [0; 512]);
}

#[test]
fn other_programs_read_it() {
    let mut names = Vec::new();
    for entry in tar::Archive::new(Cursor::new(archive(&mut members())))
        .entries()
        .unwrap()
    {
        names.push(entry.unwrap().path().unwrap().display().to_string());
    }
    assert_eq!(names[0], "manifest.json");
    assert_eq!(names.len(), 7);
}

#[test]
fn every_changed_byte_of_a_file_is_noticed() {
    let tar = archive(&mut members());
    let mut unnoticed = Vec::new();
    for place in (0..tar.len()).step_by(61) {
        let mut changed = tar.clone();
        changed[place] ^= 1;
        if unpacked(&changed).is_ok() {
            unnoticed.push(place);
        }
    }
    // Between a file's end and the next block nothing is said, and nothing is read.
    let gap = |place: &usize| tar[*place] == 0;
    assert!(unnoticed.iter().all(gap), "{unnoticed:?}");
}

#[test]
fn every_cut_is_noticed() {
    let tar = archive(&mut members());
    for length in (0..tar.len() - 1024).step_by(509) {
        assert!(unpacked(&tar[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn files_come_in_the_manifests_order_and_no_others_do() {
    let whole = archive(&mut members());
    let block = |from: usize, to: usize| &whole[from * 512..to * 512];
    let start = whole
        .windows(13)
        .position(|at| at == b"identity.key\0")
        .unwrap()
        / 512;
    // Two blocks each: identity.key, keyring-terms.json and the envelope key.
    let (before, identity, terms, rest) = (
        block(0, start),
        block(start, start + 2),
        block(start + 2, start + 4),
        &whole[(start + 4) * 512..],
    );
    assert!(unpacked(&[before, identity, terms, rest].concat()).is_ok());
    for wrong in [
        [before, terms, identity, rest].concat(),
        [before, terms, rest].concat(),
        [before, identity, identity, terms, rest].concat(),
    ] {
        assert!(matches!(
            unpacked(&wrong),
            Err(ArchiveError::Unexpected { .. })
        ));
    }
    // Behind the last file, before and after the tar's end.
    let end = whole.len() - 1024;
    let longer = [&whole[..end], identity, &whole[end..]].concat();
    assert!(matches!(
        unpacked(&longer),
        Err(ArchiveError::Unexpected { .. })
    ));
    let longer = [&whole[..], identity].concat();
    assert!(matches!(unpacked(&longer), Err(ArchiveError::Trailing)));
}

#[test]
fn only_files_are_taken() {
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Directory,
        tar::EntryType::GNULongName,
        tar::EntryType::XHeader,
    ] {
        let mut tar = archive(&mut members());
        let at = tar
            .windows(13)
            .position(|at| at == b"identity.key\0")
            .unwrap();
        let mut header = tar::Header::from_byte_slice(&tar[at..at + 512]).clone();
        header.set_entry_type(kind);
        header.set_cksum();
        tar[at..at + 512].copy_from_slice(header.as_bytes());
        assert!(
            matches!(unpacked(&tar), Err(ArchiveError::Unexpected { .. })),
            "{kind:?}"
        );
    }
}

/// The tar of a manifest that somebody else has written.
fn with_manifest(change: impl Fn(&str) -> String) -> Result<Unpacked, ArchiveError> {
    let whole = archive(&mut members());
    let length = tar::Header::from_byte_slice(&whole[..512])
        .entry_size()
        .unwrap() as usize;
    let json = change(str::from_utf8(&whole[512..512 + length]).unwrap());
    let mut header = tar::Header::from_byte_slice(&whole[..512]).clone();
    header.set_size(json.len() as u64);
    header.set_cksum();
    let mut tar = [header.as_bytes().as_slice(), json.as_bytes()].concat();
    tar.resize(tar.len().next_multiple_of(512), 0);
    tar.extend_from_slice(&whole[(512 + length).next_multiple_of(512)..]);
    unpacked(&tar)
}

#[test]
fn a_manifest_is_strict() {
    assert!(with_manifest(str::to_owned).is_ok());
    let form = |change: fn(&str) -> String| {
        matches!(
            with_manifest(change),
            Err(ArchiveError::Manifest(ManifestError::Form(_)))
        )
    };
    assert!(form(|json| json.replace("identity.key", "../identity.key")));
    assert!(form(|json| json.replace("\"gw-test\"", "\"\"")));
    assert!(form(|json| json.replace("\"bytes\": 8", "\"bytes\": -8")));
    assert!(form(
        |json| json.replace("\"bytes\": 8", "\"bytes\": 8, \"mode\": 511")
    ));
    assert!(matches!(
        with_manifest(|json| json.replace("\"v\": 1", "\"v\": 2")),
        Err(ArchiveError::Manifest(ManifestError::Version(2)))
    ));
    assert!(matches!(
        with_manifest(|json| json.replace("identity.key", "audit.jsonl")),
        Err(ArchiveError::Manifest(ManifestError::Twice(_)))
    ));
    assert!(matches!(
        with_manifest(|json| json.replace("identity.key", "tls/identity.key")),
        Err(ArchiveError::Manifest(ManifestError::Incomplete(
            "identity.key"
        )))
    ));
    assert!(matches!(
        with_manifest(|json| json.replace("\"bytes\": 8", "\"bytes\": 9")),
        Err(ArchiveError::Length(_))
    ));
    assert!(form(|json| json.replace("\"made\"", "\"mode\"")));
    assert!(form(
        |json| json.replace("\"v\": 1", "\"v\": 1, \"more\": 1")
    ));
}
