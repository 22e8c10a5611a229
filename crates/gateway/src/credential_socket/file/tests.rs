use super::*;

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made/here/socket");
    (folder, path)
}

async fn bind(path: &Path) -> Result<(UnixListener, SocketFile), SocketProblem> {
    super::bind(path, Path::new("/usr")).await
}

#[tokio::test]
async fn nobody_may_put_another_folder_on_the_way() {
    let (outer, path) = folder();
    let step = outer.path().join("made");
    fs::create_dir(&step).unwrap();
    for (mode, is_safe) in [
        (0o777, false),
        (0o775, false),
        (0o1777, true),
        (0o755, true),
    ] {
        fs::set_permissions(&step, Permissions::from_mode(mode)).unwrap();
        let bound = bind(&path).await;
        assert_eq!(bound.is_ok(), is_safe, "{mode:o}");
        // Also where the socket's own folder is to be made yet.
        assert_eq!(path.parent().unwrap().exists(), is_safe, "{mode:o}");
    }
    // Nor the way to it by a link.
    let link = outer.path().join("link");
    std::os::unix::fs::symlink(&step, &link).unwrap();
    fs::set_permissions(&step, Permissions::from_mode(0o777)).unwrap();
    let refused = bind(&link.join("here/socket")).await.err().unwrap();
    assert!(matches!(refused, SocketProblem::Writable(at) if at == step));
}

#[tokio::test]
async fn it_is_not_in_the_data_folder() {
    let (outer, path) = folder();
    let link = outer.path().join("link");
    std::os::unix::fs::symlink(outer.path(), &link).unwrap();
    for data_folder in [outer.path(), &link] {
        let refused = super::bind(&path, data_folder).await.err().unwrap();
        assert!(
            matches!(refused, SocketProblem::InDataFolder(_)),
            "{refused}"
        );
        assert!(!path.parent().unwrap().exists());
    }
}

#[tokio::test]
async fn everybody_may_connect_and_nobody_else_may_replace_it() {
    let (_folder, path) = folder();
    let (listener, file) = bind(&path).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
    assert_eq!(mode(&path), 0o666);
    assert_eq!(mode(path.parent().unwrap()), 0o755);
    drop(listener);
    drop(file);
    assert!(!path.exists());
    for open in [0o777, 0o1777, 0o775] {
        fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(open)).unwrap();
        let refused = bind(&path).await.err().unwrap();
        assert!(matches!(refused, SocketProblem::Writable(_)), "{open:o}");
    }
}

#[tokio::test]
async fn nobody_who_locks_the_folder_holds_a_start_up() {
    let (_folder, path) = folder();
    drop(bind(&path).await.unwrap());
    let lock = |path: &Path| {
        let file = File::open(path).unwrap();
        flock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
        file
    };
    // As any user can who may read the folder.
    let held = lock(path.parent().unwrap());
    let bound = tokio::task::spawn_blocking({
        let (path, runtime) = (path.clone(), tokio::runtime::Handle::current());
        move || runtime.block_on(bind(&path)).map(drop)
    });
    let patience = std::time::Duration::from_secs(10);
    let bound = tokio::time::timeout(patience, bound).await;
    // Whoever waits for the lock goes on before this test ends.
    drop(held);
    bound.expect("it waits").unwrap().unwrap();

    let name = path.with_file_name("socket.lock");
    assert_eq!(fs::metadata(&name).unwrap().mode() & 0o7777, 0o600);
    let _held = lock(&name);
    let refused = bind(&path).await.err().unwrap();
    assert!(matches!(refused, SocketProblem::InUse(_)), "{refused}");
}

#[tokio::test]
async fn only_what_a_dead_process_left_is_replaced() {
    let (_folder, path) = folder();
    let (listener, file) = bind(&path).await.unwrap();
    let refused = bind(&path).await.err().unwrap();
    assert!(matches!(refused, SocketProblem::InUse(_)), "{refused}");
    assert!(path.exists());
    // As a kill leaves it.
    drop(listener);
    std::mem::forget(file);
    let (_listener, file) = bind(&path).await.unwrap();

    // Somebody else's by now: it stays.
    fs::remove_file(&path).unwrap();
    fs::write(&path, "years of work").unwrap();
    drop(file);
    assert_eq!(fs::read_to_string(&path).unwrap(), "years of work");
    let refused = bind(&path).await.err().unwrap();
    assert!(matches!(refused, SocketProblem::NotASocket(_)), "{refused}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "years of work");
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
    assert!(bind(&path).await.is_err());
}
