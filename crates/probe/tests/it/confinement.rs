//! A child that does not do what it should, and what it finds.

use std::fs;
use std::io::Read as _;
use std::os::fd::AsRawFd as _;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use probe::parent::{Confinement, Program};
use probe::report::Cause;

use crate::told::{Told, request};

fn shell(script: &str) -> Program {
    Program {
        path: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
    }
}

const LONG: Duration = Duration::from_secs(60);

async fn cause_of(script: &str, patience: Duration) -> Option<Cause> {
    let confinement = Confinement {
        patience,
        ..Confinement::default()
    };
    let began = Instant::now();
    let told = Told::by(&shell(script), &request(1), confinement).await;
    assert!(began.elapsed() < patience + Duration::from_secs(10));
    told.ending.cause
}

#[tokio::test]
async fn whatever_it_does_there_is_an_ending() {
    let stage = r#"echo '{"v":1,"stage":"policy","result":"passed","ms":1}'"#;
    let rest = r#"for s in resolve connect tls authenticate authorise query; do echo '{"v":1,"stage":"'$s'","result":"passed","ms":1}'; done"#;
    let passed = r#"echo '{"v":1,"outcome":"passed","ms":1}'"#;
    let failed = r#"echo '{"v":1,"stage":"policy","result":"failed","ms":1,"cause":"refused"}'"#;
    for (script, expected) in [
        (format!("{stage}; {rest}; {passed}"), None),
        ("exit 0".to_owned(), Some(Cause::ProbeDied)),
        (format!("{stage}; kill -SEGV $$"), Some(Cause::ProbeDied)),
        ("echo hello".to_owned(), Some(Cause::ProbeGarbled)),
        (
            "exec /bin/cat /dev/zero".to_owned(),
            Some(Cause::ProbeGarbled),
        ),
        ("exec /bin/sleep 1000".to_owned(), Some(Cause::TimedOut)),
        (
            format!("{stage}; /bin/sleep 1000 & wait"),
            Some(Cause::TimedOut),
        ),
        ("while :; do :; done".to_owned(), Some(Cause::TimedOut)),
        // Reports that contradict themselves.
        (passed.to_owned(), Some(Cause::ProbeGarbled)),
        (format!("{stage}; {passed}"), Some(Cause::ProbeGarbled)),
        (format!("{stage}; {stage}"), Some(Cause::ProbeGarbled)),
        (
            format!("{failed}; {rest}; {passed}"),
            Some(Cause::ProbeGarbled),
        ),
        (
            format!("{stage}; {rest}; {}", passed.replace("passed", "failed")),
            Some(Cause::ProbeGarbled),
        ),
    ] {
        let patience = match expected {
            Some(Cause::TimedOut) => Duration::from_millis(200),
            _ => LONG,
        };
        assert_eq!(cause_of(&script, patience).await, expected, "{script}");
    }
}

#[tokio::test]
async fn it_finds_nothing_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let found = folder.path().join("found");
    // A descriptor that somebody forgot to mark.
    let forgotten = fs::File::create(&found).unwrap();
    rustix::io::fcntl_setfd(&forgotten, rustix::io::FdFlags::empty()).unwrap();
    let number = forgotten.as_raw_fd();
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    // The program may write no file: what it found is its exit, and no report.
    let asks = [
        format!("[ ! -e /proc/self/fd/{number} ]"),
        "[ -z \"$CARGO_MANIFEST_DIR\" ]".to_owned(),
        "[ \"$(ulimit -c)\" = 0 ]".to_owned(),
        "[ \"$(ulimit -n)\" = 64 ]".to_owned(),
        "[ \"$(ulimit -v)\" = 524288 ]".to_owned(),
        "[ \"$(ulimit -t)\" = 15 ]".to_owned(),
        "[ \"$(ulimit -f)\" = 0 ]".to_owned(),
        "grep -q 'NoNewPrivs:.1' /proc/self/status".to_owned(),
        "[ \"$(pwd)\" = / ]".to_owned(),
    ];
    for ask in asks {
        // A word that is no report, or none.
        let script = format!("PATH=/usr/bin:/bin; {ask} && echo yes");
        let found = cause_of(&script, LONG).await;
        assert_eq!(found, Some(Cause::ProbeGarbled), "{ask}");
    }
}

#[tokio::test]
async fn it_is_ended_with_all_that_it_started_when_nobody_listens_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    let script = format!("(exec /bin/sleep 1000) > {0} & wait", pipe.display());
    let test =
        probe::parent::Test::start(&shell(&script), &request(1), Confinement::default()).unwrap();
    // Open as soon as the grandchild has it, at its end when that is gone.
    let mut end = fs::File::open(&pipe).unwrap();
    drop(test);
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(end.read(&mut [0; 1]).ok()));
    assert_eq!(ended.recv_timeout(Duration::from_secs(20)), Ok(Some(0)));
}

#[tokio::test]
async fn a_program_that_is_not_there() {
    let nobody = Program {
        path: "/nonexistent/program".into(),
        arguments: Vec::new(),
    };
    assert!(probe::parent::Test::start(&nobody, &request(1), Confinement::default()).is_err());
}

#[tokio::test]
async fn a_child_without_room_dies_and_is_not_waited_for() {
    let confinement = Confinement {
        memory: 16 * 1024 * 1024,
        ..Confinement::default()
    };
    let told = Told::by(&crate::told::child(), &request(1), confinement).await;
    assert_eq!(told.ending.cause, Some(Cause::ProbeDied));
}
