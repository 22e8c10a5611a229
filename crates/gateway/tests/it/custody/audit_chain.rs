//! The chain of the audit trail, its checkpoints, and what `verify` says of a trail that somebody has changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use envelope::UnixSeconds;
use gateway::audit::checkpoint::{CHECKPOINT_TYP, Checkpoint};
use gateway::audit::line::LineHash;
use gateway::audit::verify::{Against, Finding, Kind, Remembered, Report, Source, Witness, verify};
use gateway::audit::{AuditEvent, Event, Outcome};
use gateway::clock;
use gateway::keyring::file::Owner;
use gateway::keyring::provider::KekSettings;
use gateway::vault::Vault;
use serde_json::Value;

use super::desk::{Closed, Desk, assert_complete, audit_lines, gateway_id, replace, sql_server};

/// Records so many events, many of them at once.
pub(super) async fn record(desk: &Desk, number: usize) {
    let mut at_once = Vec::new();
    for index in 0..number {
        let custody = desk.custody.clone();
        at_once.push(tokio::spawn(async move {
            let mut event = AuditEvent::new(Event::TicketIssued, Outcome::Ok, clock::now());
            event.who = Some(format!("author {index}"));
            custody.record(event).await.unwrap();
        }));
    }
    for one in at_once {
        one.await.unwrap();
    }
}

/// As `audit verify` compares with the folder.
pub(super) async fn against(closed: &Closed) -> Against {
    let desk = closed.try_open().await.unwrap();
    let identity = desk.identity().public().clone();
    desk.shutdown().await;
    Against {
        gateway: Some("gw-test".to_owned()),
        identity: Witness::Key(identity),
        store: Some(remembered(closed).await),
        checkpoints: Vec::new(),
    }
}

/// What the store remembers, as it lies there.
pub(super) async fn remembered(closed: &Closed) -> Remembered {
    let owner = Owner {
        gateway: gateway_id(),
        kek: KekSettings::default().open(&closed.folder).unwrap(),
        settings: KekSettings::default(),
    };
    let vault = Vault::open(&closed.folder, owner).unwrap();
    let store = closed.folder.store();
    Remembered::read(&vault, &store).await.unwrap()
}

/// As it compares without the folder.
fn from_afar(mut against: Against) -> Against {
    if let Witness::Key(jwk) = &against.identity {
        against.identity = Witness::Thumbprint(jwk.thumbprint());
    }
    (against.gateway, against.store) = (None, None);
    against
}

pub(super) fn whole_trail(closed: &Closed, against: &Against) -> Report {
    let last = against.store.as_ref().map_or(0, Remembered::last);
    verify(
        Source::all(&closed.folder.audit(), last).unwrap(),
        against.clone(),
    )
    .unwrap()
}

/// A trail of which copies are changed.
struct Trail {
    against: Against,
    lines: Vec<Vec<u8>>,
    folder: tempfile::TempDir,
}

impl Trail {
    async fn new(closed: &Closed) -> Self {
        let against = against(closed).await;
        let bytes = fs::read(closed.folder.audit()).unwrap();
        let lines = bytes.split_inclusive(|&byte| byte == b'\n');
        Self {
            against,
            lines: lines.map(<[u8]>::to_vec).collect(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.lines.concat()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    fn verify(&self, bytes: &[u8], against: &Against) -> Report {
        fs::write(self.path(), bytes).unwrap();
        verify(vec![Source::File(self.path())], against.clone()).unwrap()
    }

    /// What is said with the folder at hand, after seeing that it is noticed from afar too.
    fn findings(&self, bytes: &[u8], change: &str) -> Vec<Finding> {
        let afar = self.verify(bytes, &from_afar(self.against.clone()));
        assert!(!afar.whole, "not noticed from afar: {change}");
        let report = self.verify(bytes, &self.against);
        assert!(!report.whole, "not noticed: {change}");
        report.findings
    }
}

/// Some lines in two stretches, with checkpoints after each.
async fn trail(lines: usize) -> (Closed, Trail) {
    let desk = Desk::new().await;
    for _ in 0..2 {
        record(&desk, lines / 2).await;
        desk.custody.sign_audit(clock::now()).await.unwrap();
    }
    let closed = desk.close().await;
    let trail = Trail::new(&closed).await;
    assert_eq!(trail.lines.len(), lines + 2);
    (closed, trail)
}

#[tokio::test]
async fn each_line_has_the_hash_of_the_one_before() {
    let (closed, trail) = trail(10).await;
    let mut head = "A".repeat(43);
    for (index, line) in trail.lines.iter().enumerate() {
        let text = std::str::from_utf8(line).unwrap().trim_end();
        let seq = index + 1;
        let front = format!("{{\"seq\":{seq},\"prev\":\"{head}\",");
        assert!(text.starts_with(&front), "{text}");
        head = LineHash::of(text.as_bytes()).to_string();
    }
    let lines = audit_lines(&closed.folder);
    assert_eq!(lines[0]["gateway"], "gw-test");
    assert!(lines[1].get("gateway").is_none());
    let report = whole_trail(&closed, &trail.against);
    assert!(report.whole, "{report}");
    assert_eq!(
        (report.lines, report.first, report.last, report.checkpoints),
        (12, 1, 12, 2)
    );
    assert_eq!((report.signed_through, report.head.to_string()), (12, head));
}

#[tokio::test]
async fn a_checkpoint_is_signed_by_the_identity_key_over_the_line_before() {
    let desk = Desk::new().await;
    record(&desk, 3).await;
    desk.custody
        .sign_audit(UnixSeconds(1_795_468_380))
        .await
        .unwrap();
    // Nothing new: nothing to sign.
    desk.custody.sign_audit(clock::now()).await.unwrap();
    let lines = desk.audit_lines();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[3]["event"], "checkpoint");
    let jws = lines[3]["jws"].as_str().unwrap();
    let identity = desk.custody.identity();
    let key = identity.verifying_key();
    let checkpoint = Checkpoint::verify(key, jws).unwrap();
    assert_eq!(
        (
            checkpoint.gateway.as_str(),
            checkpoint.seq,
            checkpoint.at.as_str()
        ),
        ("gw-test", 3, "2026-11-23T21:13:00Z")
    );
    assert_eq!(lines[3]["prev"], checkpoint.head);
    assert_eq!(lines[3]["at"], checkpoint.at);
    // The same key over the same claims, for another purpose.
    let other = desk
        .custody
        .identity()
        .jws("receipt+jwt", &checkpoint)
        .unwrap();
    assert!(Checkpoint::verify(key, &other).is_none());
    assert!(
        desk.custody
            .identity()
            .jws(CHECKPOINT_TYP, &checkpoint)
            .is_ok()
    );
}

#[tokio::test]
async fn many_lines_and_old_lines_get_a_checkpoint() {
    let desk = Desk::new().await;
    record(&desk, 600).await;
    let lines = desk.audit_lines();
    assert_complete(&lines);
    let of = |lines: &[Value]| {
        let checkpoints = lines.iter().filter(|line| line["event"] == "checkpoint");
        checkpoints
            .map(|line| line["seq"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    // One is due after 256 lines; the batch that it falls into has 128 changes at most.
    let often = 257..=257 + 128;
    let checkpoints = of(&lines);
    let mut before = 0;
    for &checkpoint in &checkpoints {
        assert!(often.contains(&(checkpoint - before)), "{checkpoints:?}");
        before = checkpoint;
    }
    let since = lines.len() as u64 - before;
    assert!(since <= *often.end(), "{since} after {checkpoints:?}");

    let now = clock::now();
    desk.custody
        .keep_audit(UnixSeconds(now.0 + 3000))
        .await
        .unwrap();
    assert_eq!(of(&desk.audit_lines()), checkpoints, "not an hour old");
    desk.custody
        .keep_audit(UnixSeconds(now.0 + 3700))
        .await
        .unwrap();
    let one_more = checkpoints.len() + 1;
    assert_eq!(of(&desk.audit_lines()).len(), one_more);
    desk.custody
        .keep_audit(UnixSeconds(now.0 + 9999))
        .await
        .unwrap();
    assert_eq!(of(&desk.audit_lines()).len(), one_more, "nothing is new");
}

#[tokio::test]
async fn a_changed_byte_is_found_and_its_line_named() {
    let (_closed, trail) = trail(40).await;
    let bytes = trail.bytes();
    let mut at = 0;
    while at < bytes.len() {
        let line = 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count() as u64;
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let findings = trail.findings(&changed, &format!("byte {at} of line {line}"));
        assert_eq!(findings[0].line, line, "byte {at}: {findings:?}");
        // In steps that come by every member.
        at += 31;
    }
}

#[tokio::test]
async fn a_lost_line_is_found_and_its_place_named() {
    let (_closed, trail) = trail(40).await;
    for lost in 0..trail.lines.len() {
        let mut lines = trail.lines.clone();
        lines.remove(lost);
        let bytes = lines.concat();
        if lost + 1 == trail.lines.len() {
            // From afar the end is known to whoever kept a checkpoint.
            let report = trail.verify(&bytes, &trail.against);
            assert_eq!(report.findings[0].kind, Kind::EndMissing, "{report}");
            continue;
        }
        let findings = trail.findings(&bytes, &format!("line {} is lost", lost + 1));
        let finding = findings.last().unwrap();
        assert_eq!(finding.seq, Some(lost as i64 + 2), "{findings:?}");
        if lost == 0 {
            assert!(
                findings
                    .iter()
                    .any(|one| one.kind == Kind::BeginningMissing)
            );
            continue;
        }
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(finding.kind, Kind::Missing);
        assert_eq!(finding.line, lost as u64 + 1);
        let (from, to) = (lost + 1, lost + 1);
        assert_eq!(finding.expected, format!("lines {from} to {to} before it"));
    }
}

#[tokio::test]
async fn moved_and_doubled_lines_are_found() {
    let (_closed, trail) = trail(40).await;
    for at in 1..trail.lines.len() - 1 {
        let mut lines = trail.lines.clone();
        lines.swap(at, at + 1);
        let findings = trail.findings(&lines.concat(), &format!("{at} is swapped"));
        let moved = findings
            .iter()
            .find(|one| one.kind == Kind::Reordered)
            .unwrap();
        assert_eq!(
            (moved.line, moved.seq),
            (at as u64 + 2, Some(at as i64 + 1)),
            "{findings:?}"
        );

        let mut lines = trail.lines.clone();
        lines.insert(at + 1, lines[at].clone());
        let findings = trail.findings(&lines.concat(), &format!("{at} is doubled"));
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(
            (findings[0].kind, findings[0].line),
            (Kind::Repeated, at as u64 + 2)
        );
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found_at_each_byte() {
    let (_closed, trail) = trail(20).await;
    let bytes = trail.bytes();
    let kept = trail.lines[trail.lines.len() - 1].len() + trail.lines[trail.lines.len() - 2].len();
    for length in bytes.len() - kept..bytes.len() {
        let report = trail.verify(&bytes[..length], &trail.against);
        assert!(!report.whole, "cut to {length} of {}", bytes.len());
        let lines = bytes[..length]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count() as u64;
        let torn = bytes[length - 1] != b'\n';
        let expected = if torn {
            Kind::Unfinished
        } else {
            Kind::EndMissing
        };
        let finding = &report.findings[0];
        assert_eq!(
            (finding.kind, finding.line),
            (expected, lines + u64::from(torn)),
            "{report}"
        );
    }
}

/// Whoever can write the file makes a whole new chain; only the signatures are beyond them.
fn chained_anew(lines: &[String]) -> Vec<u8> {
    let mut head = "A".repeat(43);
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let (_, rest) = line.split_once("\",").unwrap();
        let seq = index + 1;
        let line = format!("{{\"seq\":{seq},\"prev\":\"{head}\",{rest}");
        head = LineHash::of(line.trim_end().as_bytes()).to_string();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.into_bytes()
}

#[tokio::test]
async fn a_chain_that_was_made_anew_does_not_fit_its_checkpoints() {
    let (_closed, trail) = trail(20).await;
    let lines: Vec<String> = trail
        .lines
        .iter()
        .map(|line| String::from_utf8(line.clone()).unwrap())
        .collect();
    assert_eq!(chained_anew(&lines), trail.bytes());
    let mut other = lines.clone();
    other[4] = other[4].replace("author", "nobody");
    let findings = trail.findings(&chained_anew(&other), "another author");
    assert_eq!(
        (findings[0].kind, findings[0].seq),
        (Kind::MisplacedCheckpoint, Some(11)),
        "{findings:?}"
    );
    let mut fewer = lines.clone();
    fewer.remove(14);
    let findings = trail.findings(&chained_anew(&fewer), "one less");
    assert_eq!(findings[0].kind, Kind::MisplacedCheckpoint, "{findings:?}");

    // Without any checkpoint, what remains is what the store and others remember.
    let bare: Vec<String> = other
        .iter()
        .filter(|line| !line.contains("\"event\":\"checkpoint\""))
        .cloned()
        .collect();
    let bare = chained_anew(&bare);
    let report = trail.verify(&bare, &trail.against);
    assert!(!report.whole);
    let mut afar = from_afar(trail.against.clone());
    let report = trail.verify(&bare, &afar);
    assert!(report.whole && report.signed_through == 0, "{report}");
    afar.checkpoints = vec![jws_of(&trail, 10)];
    let report = trail.verify(&bare, &afar);
    assert_eq!(report.findings[0].kind, Kind::Changed, "{report}");
    afar.checkpoints = vec![jws_of(&trail, 21)];
    let report = trail.verify(&bare, &afar);
    assert_eq!(report.findings[0].kind, Kind::EndMissing, "{report}");
}

#[tokio::test]
async fn an_unsigned_end_that_was_made_anew_does_not_fit_the_store() {
    let desk = Desk::new().await;
    for _ in 0..4 {
        record(&desk, 1).await;
    }
    let trail = Trail::new(&desk.close().await).await;
    let lines: Vec<String> = trail
        .lines
        .iter()
        .map(|line| String::from_utf8(line.clone()).unwrap())
        .collect();
    // The store has line 4 itself still, the hash of line 3, and through it those of the lines before.
    for (changed, named) in [(1, 3), (2, 3), (3, 4)] {
        let mut other = lines.clone();
        other[changed] = other[changed].replace("author", "nobody");
        let report = trail.verify(&chained_anew(&other), &trail.against);
        assert_eq!(report.findings.len(), 1, "{report}");
        assert_eq!(
            (report.findings[0].kind, report.findings[0].seq),
            (Kind::Changed, Some(named)),
            "{report}"
        );
    }
    // One spelling, and nothing between what the gateway adds and what the event tells.
    for (front, other) in [
        ("\"at\":", "\"more\":1,\"at\":"),
        ("{\"seq\":", "{ \"seq\":"),
    ] {
        let last = lines[3].replacen(front, other, 1);
        let bytes = [lines[..3].concat(), last].concat();
        let report = trail.verify(bytes.as_bytes(), &trail.against);
        assert_eq!(report.findings.len(), 1, "{report}");
        assert_eq!(report.findings[0].seq, Some(4), "{report}");
    }
    let spaced = lines.concat().replace("{\"seq\":4", "{ \"seq\":4");
    let afar = from_afar(trail.against.clone());
    assert!(!trail.verify(spaced.as_bytes(), &afar).whole);
}

fn jws_of(trail: &Trail, index: usize) -> String {
    let line: Value = serde_json::from_slice(&trail.lines[index]).unwrap();
    line["jws"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn another_key_and_another_gateway_are_told() {
    let (_closed, trail) = trail(10).await;
    let other = Desk::new().await;
    // Desks of one test run share their keys: this one gets its own.
    let jwk = envelope::protocol::IdentityJwk::ed25519(&[
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07,
        0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07,
        0x51, 0x1a,
    ]);
    drop(other);
    let mut against = trail.against.clone();
    against.identity = Witness::Key(jwk.clone());
    let report = trail.verify(&trail.bytes(), &against);
    let kinds: Vec<Kind> = report.findings.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [Kind::OtherGateway]);
    against.identity = Witness::Thumbprint(jwk.thumbprint());
    assert!(!trail.verify(&trail.bytes(), &against).whole);
    let mut against = trail.against.clone();
    against.gateway = Some("gw-other".to_owned());
    let report = trail.verify(&trail.bytes(), &against);
    assert_eq!(report.findings[0].kind, Kind::OtherGateway, "{report}");
    let mut against = from_afar(trail.against.clone());
    against.checkpoints = vec!["not.a.checkpoint".to_owned()];
    let report = trail.verify(&trail.bytes(), &against);
    assert_eq!(report.findings[0].kind, Kind::ForgedCheckpoint, "{report}");
}

#[tokio::test]
async fn what_no_gateway_writes_is_no_audit_line() {
    let (_closed, trail) = trail(4).await;
    let long = vec![b'x'; 300_000];
    for (strange, name) in [
        (&b"\n"[..], "empty"),
        (b"not json\n", "text"),
        (b"{\"seq\":2}\n", "no hash"),
        (&[&long[..], b"\n"].concat(), "long"),
        (b"\xff\xfe\n", "not UTF-8"),
    ] {
        let mut lines = trail.lines.clone();
        lines.insert(2, strange.to_vec());
        let findings = trail.findings(&lines.concat(), name);
        assert_eq!(
            (findings[0].kind, findings[0].line),
            (Kind::Unreadable, 3),
            "{name}"
        );
    }
    // A long line without an end is not read into memory, and found.
    let report = trail.verify(&[trail.bytes(), long].concat(), &trail.against);
    assert_eq!(report.findings[0].line, 7, "{report}");
}

#[tokio::test]
async fn a_line_that_the_store_remembers_otherwise_is_told_at_the_start() {
    let closed = Desk::new().await.close().await;
    let desk = closed.open().await;
    for _ in 0..3 {
        desk.set("orders", sql_server(replace("x"))).await.unwrap();
    }
    let closed = desk.close().await;
    // Lines 1 and 2 have left the outbox.
    let text = fs::read_to_string(closed.folder.audit()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let other = format!("{}\n{}\n", lines[0], lines[1].replace("tester", "nobody"));
    fs::write(closed.folder.audit(), other).unwrap();
    let desk = closed.open().await;
    // The chain goes on from the line as it was, so that this shows for ever.
    for _ in 0..3 {
        record(&desk, 1).await;
    }
    let closed = desk.close().await;
    let lines = audit_lines(&closed.folder);
    assert_complete(&lines);
    assert_eq!(lines[3]["event"], "audit_gap");
    assert_eq!(lines[3]["reason"], "line 2 is not the one that was written");
    let report = whole_trail(&closed, &against(&closed).await);
    assert_eq!(
        (report.findings[0].kind, report.findings[0].seq),
        (Kind::Changed, Some(2)),
        "{report}"
    );
}

#[tokio::test]
async fn a_file_cut_while_the_gateway_runs_is_told_by_the_next_line() {
    let desk = Desk::new().await;
    record(&desk, 3).await;
    fs::write(desk.folder.audit(), "").unwrap();
    record(&desk, 1).await;
    let events: Vec<_> = desk
        .audit_lines()
        .iter()
        .map(|line| line["event"].clone())
        .collect();
    assert_eq!(events, ["ticket_issued", "audit_gap"]);
    let closed = desk.close().await;
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(!report.whole);
}

/// The ten lines that the README gives to whoever wants to look for themselves.
#[tokio::test]
async fn the_script_of_the_documentation_follows_the_chain() {
    let (_closed, trail) = trail(10).await;
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("```python\n").unwrap();
    let (script, _) = rest.split_once("```").unwrap();
    let run = |path: &Path| {
        Command::new("python3")
            .args(["-c", script])
            .arg(path)
            .output()
            .unwrap()
    };
    fs::write(trail.path(), trail.bytes()).unwrap();
    let output = run(&trail.path());
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("12 lines"), "{said}");
    let mut changed = trail.bytes();
    let at = trail.lines[0].len() + trail.lines[1].len() - 5;
    changed[at] ^= 1;
    fs::write(trail.path(), changed).unwrap();
    assert!(!run(&trail.path()).status.success());
}

/// What somebody who can write the file appends to it: a line that fits the chain.
fn plant(desk: &Desk, seq: i64) {
    let text = fs::read_to_string(desk.folder.audit()).unwrap();
    let head = LineHash::of(text.lines().last().unwrap().as_bytes());
    let line = format!(
        "{{\"seq\":{seq},\"prev\":\"{head}\",\"at\":\"2026-11-23T21:13:00Z\",\"event\":\"stopped\",\"result\":\"ok\"}}\n"
    );
    fs::write(desk.folder.audit(), text + &line).unwrap();
}

/// The events of all lines but those that were planted.
fn written(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .filter(|event| *event != "stopped")
        .collect()
}

#[tokio::test]
async fn a_line_with_a_number_far_ahead_is_not_taken_for_all_before_it() {
    let desk = Desk::new().await;
    record(&desk, 1).await;
    plant(&desk, 4_000_000_000_000_000_000);
    record(&desk, 1).await;
    record(&desk, 1).await;
    let lines = desk.audit_lines();
    let expected = [
        "ticket_issued",
        "ticket_issued",
        "audit_gap",
        "ticket_issued",
    ];
    assert_eq!(written(&lines), expected);
    assert_eq!(lines[4]["seq"], 4);
    // A gateway that starts finds its own lines, and has nothing more to say.
    let desk = desk.reopen().await;
    record(&desk, 1).await;
    assert_eq!(written(&desk.audit_lines()).len(), 5);
    let closed = desk.close().await;
    assert!(!whole_trail(&closed, &against(&closed).await).whole);
}

#[tokio::test]
async fn a_line_in_the_place_of_the_next_one_does_not_keep_it_out() {
    let desk = Desk::new().await;
    let other = Closed::over(&desk.folder).open().await;
    record(&desk, 1).await;
    plant(&desk, 2);
    record(&desk, 1).await;
    // Another process comes by the same lines, and adds to them once.
    record(&other, 1).await;
    record(&desk, 1).await;
    let lines = desk.audit_lines();
    let expected = [
        "ticket_issued",
        "ticket_issued",
        "audit_gap",
        "ticket_issued",
        "ticket_issued",
    ];
    assert_eq!(written(&lines), expected);
    assert_eq!(
        lines[3]["reason"],
        "1 lines in the file are none that this gateway has written"
    );
    other.close().await;
    let closed = desk.close().await;
    assert!(!whole_trail(&closed, &against(&closed).await).whole);
}

#[tokio::test]
async fn lines_that_were_planted_while_no_gateway_ran_are_told_at_the_start() {
    for seq in [2_i64, 3, 4_000_000_000_000_000_000] {
        let desk = Desk::new().await;
        record(&desk, 2).await;
        let text = fs::read_to_string(desk.folder.audit()).unwrap();
        let closed = desk.close().await;
        // The second line is in the outbox still; the file has another in its place.
        let first = text.split_inclusive('\n').next().unwrap();
        fs::write(closed.folder.audit(), first).unwrap();
        let desk = Closed::over(&closed.folder);
        let line = format!(
            "{{\"seq\":{seq},\"prev\":\"{}\",\"at\":\"2026-11-23T21:13:00Z\",\"event\":\"stopped\",\"result\":\"ok\"}}\n",
            LineHash::of(first.trim_end().as_bytes())
        );
        fs::write(desk.folder.audit(), format!("{first}{line}")).unwrap();
        let desk = desk.open().await;
        record(&desk, 1).await;
        let lines = desk.audit_lines();
        let expected = [
            "ticket_issued",
            "ticket_issued",
            "audit_gap",
            "ticket_issued",
        ];
        assert_eq!(written(&lines), expected, "{seq}");
    }
}

#[tokio::test]
async fn a_member_that_is_there_twice_is_told() {
    let desk = Desk::new().await;
    record(&desk, 3).await;
    let closed = desk.close().await;
    let against = from_afar(against(&closed).await);
    assert!(whole_trail(&closed, &against).whole);
    let mut text = fs::read_to_string(closed.folder.audit()).unwrap();
    let at = text.rfind("\"result\"").unwrap();
    text.insert_str(at, "\"result\":\"refused\",");
    fs::write(closed.folder.audit(), text).unwrap();
    let report = whole_trail(&closed, &against);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].kind, Kind::Changed);
    assert_eq!(report.findings[0].expected, "each member once");
}

#[tokio::test]
async fn a_line_that_continues_the_chain_while_no_gateway_runs_is_not_gone_on_from() {
    let desk = Desk::new().await;
    record(&desk, 2).await;
    plant(&desk, 3);
    let desk = desk.reopen().await;
    record(&desk, 1).await;
    let lines = desk.audit_lines();
    let expected = [
        "ticket_issued",
        "ticket_issued",
        "audit_gap",
        "ticket_issued",
    ];
    assert_eq!(written(&lines), expected);
    assert_eq!(lines[3]["prev"], lines[2]["prev"]);
    let closed = desk.close().await;
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(!report.whole, "it is there for the gateway's own");
}
