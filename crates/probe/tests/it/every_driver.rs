//! Every driver at every kind of server that means harm: each test ends within its time and its memory, and with a cause.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use probe::parent::Confinement;
use probe::report::{Cause, Stage};
use probe::request::Request;
use tokio::task::JoinSet;

use crate::hostile::{LONG, greeted, serve};
use crate::server::PASSWORD;
use crate::told::{self, Told, child};
use crate::{
    cassandra, data_lake_store, ftp, mongodb, mysql, odbc, oracle, salesforce, sftp, smb,
    sql_server, storage, web,
};

/// Half of what a child may have.
const MEMORY: u64 = 256 * 1024 * 1024;

/// A driver, and how its protocol begins.
#[derive(Clone, Copy)]
struct Row {
    driver: &'static str,
    /// Something of a server's that has not ended yet, and does not promise much.
    beginning: &'static [u8],
    /// A promise of as much as the protocol has numbers for.
    giant: &'static [u8],
}

const HTTP: (&[u8], &[u8]) = (
    b"HTTP/1.1 200 OK\r\nX: ",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
);

const fn row(driver: &'static str, (beginning, giant): (&'static [u8], &'static [u8])) -> Row {
    Row {
        driver,
        beginning,
        giant,
    }
}

const ROWS: [Row; 19] = [
    row("PostgreSQL", (b"N\0\0\x40\0", b"R\x7f\xff\xff\xff")),
    row("MySQL", (b"\0\x40\0\0\x0a", b"\xff\xff\xff\0\x0a8.0.36")),
    row(
        "SQL Server",
        (b"\x04\x01\x40\0\0\0\x01\0", b"\x04\0\xff\xff\0\0\x01\0"),
    ),
    row(
        "Cassandra",
        (
            b"\x84\0\0\0\x03\0\0\x40\0\0\x20",
            b"\x84\0\0\0\x03\xff\xff\xff\xff",
        ),
    ),
    row(
        "MongoDB",
        (
            b"\0\x40\0\0\x07\0\0\0\x01\0\0\0\xdd\x07\0\0\0\0\0\0\0",
            b"\xff\xff\xff\x7f\x07\0\0\0\x01\0\0\0\xdd\x07\0\0\0\0\0\0\0",
        ),
    ),
    row(
        "Oracle",
        (b"\x40\0\0\0\x0b\0\0\0", b"\xff\xff\0\0\x02\0\0\0"),
    ),
    row("FTP", (b"220-", b"220 ready\r\n99999999999999999999 ")),
    row(
        "SFTP",
        (
            b"SSH-2.0-x\r\n\0\0\x10\0\x04",
            b"SSH-2.0-x\r\n\x7f\xff\xff\xff",
        ),
    ),
    row("SMB", (b"\0\0\x10\0\xfeSMB", b"\0\xff\xff\xff\xfeSMB")),
    row("HTTP", HTTP),
    row("HTTP with NTLM", HTTP),
    row("OData", HTTP),
    row("web table", HTTP),
    row("WebHDFS", HTTP),
    row("Data Lake Store", HTTP),
    row("Azure Storage", HTTP),
    row("shared access signature", HTTP),
    row("Amazon S3", HTTP),
    row("Salesforce", HTTP),
];

/// The drivers of others, by ODBC.
const FOREIGN: [Row; 2] = [
    row("ODBC of PostgreSQL", (b"N\0\0\x40\0", b"R\x7f\xff\xff\xff")),
    row(
        "ODBC of MariaDB",
        (b"\0\x40\0\0\x0a", b"\xff\xff\xff\0\x0a8.0.36"),
    ),
];

/// Whom it asks, at this port. Those that have no choice ask behind TLS.
async fn request(driver: &str, port: u16) -> Request {
    let address = format!("http://localhost:{port}/");
    match driver {
        "PostgreSQL" => told::request(port),
        "MySQL" => mysql::request(port),
        "SQL Server" => sql_server::request(port),
        "Cassandra" => cassandra::asking(port),
        "MongoDB" => mongodb::asking(port),
        "Oracle" => oracle::asking(port, "ServiceName", "shop"),
        "FTP" => ftp::in_the_clear(ftp::as_user(ftp::asking(port, "Basic"), "ann", PASSWORD)),
        "SFTP" => sftp::asking("ann", port, "Basic"),
        "SMB" => smb::asking(port, r"\\localhost\files", "ann", PASSWORD),
        "HTTP" => web::asking("Http", "Basic", &address),
        "HTTP with NTLM" => web::asking("Http", "Windows", &address),
        "OData" => web::asking("OData", "Basic", &address),
        "web table" => web::asking("Web", "Anonymous", &address),
        "WebHDFS" => web::asking("Hdfs", "Anonymous", &address),
        "Data Lake Store" => data_lake_store::asking(port).await,
        "Azure Storage" => storage::at_azure(port),
        "shared access signature" => storage::by_address(port, "c2VjcmV0").await,
        "Amazon S3" => storage::at_amazon_s3(port).await,
        "Salesforce" => salesforce::asking(port).await,
        "ODBC of PostgreSQL" => {
            let text = format!("Driver={{PostgreSQL Unicode}};Servername=localhost;Port={port}");
            odbc::asking(&text, "ann", PASSWORD)
        }
        "ODBC of MariaDB" => {
            let text = format!("Driver={{MariaDB Unicode}};Server=localhost;Port={port}");
            odbc::asking(&text, "ann", PASSWORD)
        }
        other => panic!("{other}"),
    }
}

/// How each of them fails at the server that this makes for it.
async fn failures(
    rows: &[Row],
    total_ms: u64,
    server: impl Fn(Row) -> u16,
) -> Vec<(&'static str, Stage, Cause)> {
    let mut tests = JoinSet::new();
    for &row in rows {
        let mut request = request(row.driver, server(row)).await;
        request.limits.total_ms = total_ms;
        let confinement = Confinement {
            memory: MEMORY,
            ..Confinement::default()
        };
        tests.spawn(async move {
            let began = Instant::now();
            let told = Told::by(&child(), &request, confinement).await;
            assert!(began.elapsed() < Duration::from_secs(60), "{}", row.driver);
            let (stage, cause, _) = told
                .failure()
                .unwrap_or_else(|| panic!("{} passed", row.driver));
            (row.driver, stage, cause)
        });
    }
    tests.join_all().await
}

/// It was noticed what is wrong, not only that the time is over.
#[track_caller]
fn assert_noticed(found: &[(&str, Stage, Cause)]) {
    for (driver, stage, cause) in found {
        let is_clear = matches!(
            cause,
            Cause::WrongProtocol
                | Cause::TooMuch
                | Cause::Closed
                | Cause::WrongContent
                // A name that a beginning leaves room for.
                | Cause::MethodUnknown
        );
        assert!(is_clear, "{driver}: {stage:?} {cause:?}");
    }
}

/// Says this without end, behind the beginning of the protocol or without it.
fn endless(beginning: &'static [u8], again: &'static [u8]) -> u16 {
    let again = again.repeat(4096 / again.len());
    serve(move |mut stream| {
        stream.write_all(beginning)?;
        loop {
            stream.write_all(&again)?;
        }
    })
}

#[tokio::test]
async fn a_banner_without_end() {
    for again in [&b"x"[..], b"a line of a banner\r\n", b"\0", b"\xff"] {
        assert_noticed(&failures(&ROWS, LONG, |_| endless(b"", again)).await);
    }
}

#[tokio::test]
async fn a_beginning_that_goes_on_without_end() {
    for again in [&b"x"[..], b"\0", b"\xff"] {
        let server = |row: Row| endless(row.beginning, again);
        assert_noticed(&failures(&ROWS, LONG, server).await);
    }
    let again_and_again = |row: Row| endless(row.beginning, row.beginning);
    assert_noticed(&failures(&ROWS, LONG, again_and_again).await);
}

#[tokio::test]
async fn more_is_promised_than_memory_holds() {
    for again in [&b"x"[..], b"\0"] {
        let server = |row: Row| endless(row.giant, again);
        assert_noticed(&failures(&ROWS, LONG, server).await);
    }
}

/// A byte whenever the other side has waited for a while.
fn dripping(row: Row) -> u16 {
    serve(move |mut stream| {
        match row.beginning.starts_with(b"HTTP") {
            // Who speaks first is hung up on.
            true => drop(stream.read(&mut [0; 64])?),
            false => greeted_or_silent(&mut stream)?,
        }
        stream.write_all(row.beginning)?;
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        loop {
            let _ = stream.read(&mut [0; 64]);
            stream.write_all(b"x")?;
        }
    })
}

#[tokio::test]
async fn a_slow_drip() {
    for (driver, stage, cause) in failures(&ROWS, 1_500, dripping).await {
        assert_eq!(cause, Cause::TimedOut, "{driver}: {stage:?}");
    }
}

/// Hears what the other side has to say until it hangs up.
fn wait_for_the_end(mut stream: TcpStream) -> std::io::Result<()> {
    stream.shutdown(std::net::Shutdown::Write)?;
    stream.read_to_end(&mut Vec::new()).map(|_| ())
}

#[tokio::test]
async fn a_handshake_that_is_noise_or_cut_off() {
    for seed in 1..=8 {
        // Numerical Recipes' generator: the same noise in every run.
        let noise = move |behind: &[u8]| {
            let mut state: u32 = seed;
            let mut bytes = behind.to_vec();
            bytes.resize_with(64 * 1024, || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            });
            bytes
        };
        let server = |row: Row| {
            // Every other time behind a beginning that is in order.
            let bytes = noise(if seed % 2 == 0 { row.beginning } else { b"" });
            serve(move |mut stream| {
                greeted_or_silent(&mut stream)?;
                stream.write_all(&bytes)?;
                wait_for_the_end(stream)
            })
        };
        assert_noticed(&failures(&ROWS, LONG, server).await);
    }
    for part in [1, 2, 3] {
        let server = |row: Row| {
            let bytes = &row.beginning[..row.beginning.len() * part / 3];
            serve(move |mut stream| {
                stream.write_all(bytes)?;
                wait_for_the_end(stream)
            })
        };
        assert_noticed(&failures(&ROWS, LONG, server).await);
    }
}

/// Some say something first, others wait for it.
fn greeted_or_silent(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    let _ = greeted(stream);
    stream.set_read_timeout(None)
}

#[tokio::test]
async fn the_drivers_of_others_are_ended_in_time() {
    let forever = |row: Row| endless(b"", row.beginning);
    let banner = |_: Row| endless(b"", b"x");
    let giant = |row: Row| endless(row.giant, b"x");
    let mut found = failures(&FOREIGN, 2_000, forever).await;
    found.extend(failures(&FOREIGN, 2_000, banner).await);
    found.extend(failures(&FOREIGN, 2_000, giant).await);
    found.extend(failures(&FOREIGN, 2_000, dripping).await);
    for (driver, stage, cause) in found {
        assert_eq!(stage, Stage::Authenticate, "{driver}");
        let is_clear = matches!(
            cause,
            Cause::TimedOut | Cause::StoreRefused | Cause::Closed | Cause::WrongProtocol
        );
        assert!(is_clear, "{driver}: {cause:?}");
    }
}
