//! Lines that are sent to syslog and journald as well; real sockets, no daemon.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use gateway::audit::{Destination, Keeping};
use gateway::custody::{Custody, Settings};

use super::audit_chain::record;
use super::desk::{Closed, Desk, settings};

async fn desk(closed: Closed, copies: Vec<Destination>) -> Desk {
    let settings = Settings {
        audit: Keeping {
            copies,
            ..Keeping::default()
        },
        ..settings()
    };
    let custody = Custody::open(&closed.folder, settings).await.unwrap();
    closed.with(custody)
}

fn receiver(path: &std::path::Path) -> UnixDatagram {
    let socket = UnixDatagram::bind(path).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    socket
}

fn received(socket: &UnixDatagram) -> String {
    let mut datagram = [0; 65536];
    let length = socket.recv(&mut datagram).unwrap();
    String::from_utf8(datagram[..length].to_vec()).unwrap()
}

#[tokio::test]
async fn each_line_is_a_datagram() {
    let closed = Closed::new().await;
    let (syslog, journald) = (
        closed.folder.path().join("log"),
        closed.folder.path().join("journal"),
    );
    let (at_syslog, at_journald) = (receiver(&syslog), receiver(&journald));
    let copies = vec![Destination::Syslog(syslog), Destination::Journald(journald)];
    let desk = desk(closed, copies).await;
    record(&desk, 2).await;
    let text = fs::read_to_string(desk.folder.audit()).unwrap();
    let process = std::process::id();
    for (index, line) in text.lines().enumerate() {
        assert_eq!(
            received(&at_syslog),
            format!("<85>credential-gateway[{process}]: {line}")
        );
        let seq = index + 1;
        assert_eq!(
            received(&at_journald),
            format!(
                "MESSAGE={line}\nPRIORITY=5\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=credential-gateway\n\
                 CREDENTIAL_GATEWAY_SEQ={seq}\n"
            )
        );
    }
    desk.close().await;
}

#[tokio::test]
async fn a_receiver_that_is_not_there_or_does_not_read_keeps_nobody_waiting() {
    let closed = Closed::new().await;
    let (absent, hanging) = (
        closed.folder.path().join("absent"),
        closed.folder.path().join("hanging"),
    );
    let _never_read = receiver(&hanging);
    let copies = vec![
        Destination::Syslog(absent.clone()),
        Destination::Syslog(hanging),
    ];
    let desk = desk(closed, copies).await;
    let began = std::time::Instant::now();
    // More appends than the socket's queue and the thread's take; the rest would wait a second each.
    for _ in 0..300 {
        record(&desk, 1).await;
    }
    assert!(began.elapsed() < Duration::from_secs(120));
    assert!(desk.audit_lines().len() >= 300);
    desk.close().await;
}

#[tokio::test]
async fn a_receiver_that_comes_back_is_found_again() {
    let closed = Closed::new().await;
    let path = closed.folder.path().join("log");
    let desk = desk(closed, vec![Destination::Syslog(path.clone())]).await;
    record(&desk, 1).await;
    let first = receiver(&path);
    record(&desk, 1).await;
    // The first line may have found the receiver as well.
    let mut line = received(&first);
    while !line.contains("\"seq\":2") {
        line = received(&first);
    }
    drop(first);
    fs::remove_file(&path).unwrap();
    let second = receiver(&path);
    record(&desk, 1).await;
    assert!(received(&second).contains("\"seq\":3"));
    desk.close().await;
}
