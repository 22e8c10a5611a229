use super::*;

fn scratch() -> (tempfile::TempDir, DataFolder) {
    let outer = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
    (outer, folder)
}

#[test]
fn a_new_folder_is_for_its_owner_only() {
    let (_outer, folder) = scratch();
    for path in [
        folder.path().to_owned(),
        folder.envelope_keys(),
        folder.tls(),
        folder.issuers(),
    ] {
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o700,
            "{}",
            path.display()
        );
    }
    assert!(folder.is_mine().unwrap());
}

#[test]
fn a_folder_open_to_others_is_refused() {
    let (_outer, folder) = scratch();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o750)).unwrap();
    assert!(matches!(
        DataFolder::open(folder.path()),
        Err(FolderError::NotPrivate { mode: 0o750, .. })
    ));
    assert!(matches!(
        DataFolder::open(folder.path().join("nowhere")),
        Err(FolderError::Missing(_))
    ));
}

#[test]
fn a_file_is_written_once_and_privately() {
    let (_outer, folder) = scratch();
    write_new(&folder.kek(), b"first").unwrap();
    assert!(matches!(
        write_new(&folder.kek(), b"second"),
        Err(FolderError::AlreadyThere(_))
    ));
    assert_eq!(read_private(&folder.kek()).unwrap().as_slice(), b"first");
    assert_eq!(
        fs::metadata(folder.kek()).unwrap().permissions().mode() & 0o777,
        0o600
    );

    replace(&folder.kek(), b"third").unwrap();
    assert_eq!(read(&folder.kek()).unwrap().as_slice(), b"third");
    let left_over = fs::read_dir(folder.path()).unwrap().filter(|entry| {
        entry
            .as_ref()
            .is_ok_and(|entry| entry.file_name().to_string_lossy().ends_with(".new"))
    });
    assert_eq!(left_over.count(), 0, "no temporary file stays behind");
}

#[test]
fn a_private_file_open_to_others_is_refused() {
    let (_outer, folder) = scratch();
    write_new(&folder.kek(), b"x").unwrap();
    fs::set_permissions(folder.kek(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(
        read_private(&folder.kek()),
        Err(FolderError::NotPrivate { mode: 0o640, .. })
    ));
}

#[test]
fn an_oversized_file_is_refused() {
    let (_outer, folder) = scratch();
    fs::write(folder.configuration(), vec![b' '; 1 << 21]).unwrap();
    assert!(matches!(
        read(&folder.configuration()),
        Err(FolderError::TooLarge { .. })
    ));
    assert!(read(&folder.identity()).is_err_and(|error| error.is_not_found()));
}
