//! How long it takes to try a credential, beside the data store's own driver; and what fifty tests at once are to saves.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use envelope::credential::{Credential, SecretChange};
use envelope::secret::Secret;
use load::{Connection, Gateway, Installation, Request};
use tokio::net::TcpStream;
use tokio_postgres::NoTls;

use crate::job;
use crate::postgresql_server::{PASSWORD, Server};
use crate::run::Run;
use crate::sample::{Sample, figure};
use crate::sets::{self, STORED, WARM_UP};
use crate::table::{Row, Section};

/// The data store's addresses: a host has few tests in ten minutes, and an account few at the same time.
const HOSTS: u8 = 16;
/// Tests one after another.
const IN_TURN: usize = 48;
/// Of these the first are not counted.
const UNMEASURED: usize = 8;
/// Tests at the same time.
const AT_ONCE: usize = 50;
/// Connections that save meanwhile.
const SAVING: usize = 8;
/// In milliseconds: what a test takes more than the driver alone.
const GOAL: f64 = 30.0;
/// 99th percentile of a save in milliseconds, while there are tests.
const GOAL_LATENCY: f64 = 100.0;

pub(crate) async fn measure(run: &Run) -> Result<Section> {
    let listen: Vec<String> = (0..=HOSTS).map(|number| host(number).to_string()).collect();
    let listen = format!("listen_addresses={}", listen.join(","));
    let hba = "host all all 127.0.0.0/8 scram-sha-256\n";
    let store = Server::start_with(hba, &["fsync=off", &listen]);
    let author = format!("CREATE ROLE author LOGIN PASSWORD '{PASSWORD}'");
    store.run(&[&author, "CREATE DATABASE sales"]).await;
    let gateway = start(run)?;
    let keys = gateway.keys().await?;
    let of = (&run.issuer, &gateway.installation);
    let test = |number: usize| {
        let host = host(1 + u8::try_from(number % usize::from(HOSTS)).unwrap_or_default());
        let credential = credential(&format!("{host}:{}", store.port));
        Request::test(of, &keys, &format!("tried-{number}"), credential)
    };

    let mut connection = gateway.peer()?.connect().await?;
    let (mut ours, mut drivers) = (Vec::new(), Vec::new());
    for number in 0..IN_TURN {
        let request = test(number)?;
        let begun = Instant::now();
        pass(&request, &mut connection).await?;
        ours.push(begun.elapsed());
        let begun = Instant::now();
        by_driver(host(1), store.port).await?;
        drivers.push(begun.elapsed());
    }
    let sample = |times: &[Duration]| Sample::of_durations(&times[UNMEASURED..]).context("no test");
    let (ours, drivers) = (sample(&ours)?, sample(&drivers)?);
    let overhead = ours.median() - drivers.median();
    let mut rows = vec![
        Row::new(
            "a test that passes, PostgreSQL",
            format!("{} ms median", figure(ours.median())),
        )
        .beside(
            "connect, sign in and query by tokio-postgres",
            format!("{} ms median", figure(drivers.median())),
        )
        .ratio(format!("{} ms more", figure(overhead)))
        .goal("≤ 30 ms more", overhead <= GOAL),
    ];

    let count = run.options.sets / 2;
    // Before anything is measured: to make them takes as long as to send them.
    let alone = sets::prepare(run, &gateway, "alone", WARM_UP + count, job::credential).await?;
    let beside = sets::prepare(run, &gateway, "beside", WARM_UP + count, job::credential).await?;
    let (alone, _) = sets::load(&gateway, alone, SAVING, STORED).await?;
    let requests: Vec<Request> = (0..AT_ONCE)
        .map(|number| test(IN_TURN + number))
        .collect::<Result<_>>()?;
    let peer = gateway.peer()?;
    let tests = async {
        let begun = Instant::now();
        let mut running = Vec::new();
        for request in requests {
            let peer = peer.clone();
            running.push(tokio::spawn(async move {
                pass(&request, &mut peer.connect().await?).await
            }));
        }
        for test in running {
            test.await??;
        }
        anyhow::Ok(begun.elapsed())
    };
    let (took, beside) = tokio::join!(tests, sets::load(&gateway, beside, SAVING, STORED));
    let (took, (beside, _)) = (took?, beside?);
    let latency = beside.percentile(99.0);
    rows.push(
        Row::new(
            "a save at 99 % beside 50 tests at once, 8 connections",
            format!("{} ms", figure(latency)),
        )
        .beside(
            "without them",
            format!("{} ms", figure(alone.percentile(99.0))),
        )
        .beside("all tests", format!("{} s", figure(took.as_secs_f64())))
        .goal("≤ 100 ms", latency <= GOAL_LATENCY),
    );
    Ok(Section {
        title: "Trying credentials".into(),
        method: "A real gateway and a real PostgreSQL without TLS, in turn with the driver alone: over a connection to the gateway that is kept alive, from the request \
                 with its envelope to the last line of the report; each test opens the envelope, starts a process, resolves, connects, signs in and \
                 queries. Each has a linked service of its own, and the data store is called at 16 addresses, since the gateway holds tests to a number."
            .into(),
        rows,
        detail: String::new(),
    })
}

fn host(number: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, 1 + number)
}

/// One that may go to this machine.
fn start(run: &Run) -> Result<Gateway> {
    let page = run.page.to_str().context("a path that is not UTF-8")?;
    let folder = tempfile::tempdir()?;
    let installation = Installation::make(&run.gateway, folder, &run.issuer, &["--page", page])?;
    let allowed = "[test]\nallow = [{ network = \"127.0.0.0/8\" }]\n";
    installation.reconfigure("[test]\n", allowed)?;
    let serving = installation.serve()?;
    Ok(Gateway {
        installation,
        serving,
    })
}

fn credential(server: &str) -> Credential {
    let properties = [
        ("server", server),
        ("database", "sales"),
        ("username", "author"),
        ("encrypt", "false"),
    ];
    let text = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Credential {
        kind: "OnPremisesPostgreSql".into(),
        auth: "Basic".into(),
        properties: properties.into_iter().map(text).collect(),
        secrets: BTreeMap::from([(
            "password".into(),
            SecretChange::Replace(Secret::new(PASSWORD.into())),
        )]),
    }
}

/// Sends a test, and takes nothing but a pass.
async fn pass(request: &Request, connection: &mut Connection) -> Result<()> {
    let answer = request.send(connection).await?;
    let said = String::from_utf8_lossy(&answer.body);
    match answer.status == 200 && said.contains(r#""outcome":"passed""#) {
        true => Ok(()),
        false => bail!("a test did not pass: {} {said}", answer.status),
    }
}

/// The same by the driver alone.
async fn by_driver(host: Ipv4Addr, port: u16) -> Result<()> {
    let stream = TcpStream::connect((host, port)).await?;
    let mut config = tokio_postgres::Config::new();
    config.user("author").password(PASSWORD).dbname("sales");
    let (client, connection) = config.connect_raw(stream, NoTls).await?;
    let connection = tokio::spawn(connection);
    client.simple_query("SELECT 1").await?;
    drop(client);
    Ok(connection.await??)
}
