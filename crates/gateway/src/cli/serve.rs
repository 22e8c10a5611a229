//! `serve`: everything opened, then connections accepted until the process is told to stop.

mod certificate_care;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::check::Check;
use super::failure::{Cause, Failure};
use super::memory::Granted;
use super::{open_custody, operator, output, settings_of};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::backup::scratch_folder;
use crate::certificate::care::Care;
use crate::clock;
use crate::config::Config;
use crate::credential_socket::CredentialSocket;
use crate::custody::Custody;
use crate::custody::learning::Extent;
use crate::custody::terms::TermsProblem;
use crate::custody::verification::StoreReport;
use crate::data_folder::{DataFolder, ServeLock};
use crate::issuers;
use crate::metrics::{Listener, Metrics};
use crate::page_files::PageFiles;
use crate::router::{Gateway, health_router, router};
use crate::server::{self, Service};
use crate::store::StoreError;
use crate::telemetry;
use crate::tester::schedule::Schedule;
use crate::tester::{self, Tester};

/// How often it is looked whether an envelope key or a checkpoint is due.
const KEY_CARE_INTERVAL: Duration = Duration::from_secs(60);

/// How often every row of the store is looked at.
const STORE_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How often it is looked whether a term was begun.
const TERM_INTERVAL: Duration = Duration::from_secs(1);

/// How often it is looked whether other gateways have taken the new term.
const OTHERS_INTERVAL: Duration = Duration::from_secs(5);

#[derive(Args)]
pub(super) struct Serve {
    /// Do what `check` does instead.
    #[arg(long)]
    check: bool,
    /// Print what `--check` finds as JSON.
    #[arg(long, requires = "check")]
    json: bool,
}

impl Serve {
    pub(super) async fn run(self, path: PathBuf, granted: Granted) -> anyhow::Result<()> {
        match self.check {
            true => Check { json: self.json }.run(path),
            false => run(path, granted).await,
        }
    }
}

async fn run(path: PathBuf, granted: Granted) -> anyhow::Result<()> {
    let folder = DataFolder::open(path)?;
    let (config, configuration) = Config::load_with_digest(&folder.configuration())?;
    telemetry::start();
    tracing::info!(memory = %granted, "starting");
    // What another user's service writes, this folder's owner could not read.
    operator::must_own(&folder)?;
    let _lock = lock(&folder)?;
    scratch_folder::remove_leftovers(folder.path())?;
    let config = Arc::new(config);
    let (care, at_start) = Care::begin(&folder, &config, clock::now())?;
    let page = match &config.page {
        Some(folder) => PageFiles::load(folder)?,
        None => PageFiles::default(),
    };
    let stop = stop_signal()?;
    let hang_up = signal(SignalKind::hangup())?;
    let registered = issuers::digest(&folder)?;
    let mut settings = settings_of(&config);
    settings.audit = config.audit.keeping();
    settings.saving = config.test.save;
    settings.page = page.hash().map(str::to_owned);
    let custody = open_custody(&folder, settings).await?;

    let listener = server::bind(config.listen, "listen").await?;
    let port = listener.local_addr()?.port();
    let health = match config.health_listen {
        Some(address) => Some(server::bind(address, "health_listen").await?),
        None => None,
    };
    let socket = match &config.credential_socket {
        Some(settings) => Some(CredentialSocket::bind(settings, &folder).await?),
        None => None,
    };
    let metrics = Metrics::new(custody.write_times());
    let gateway = Gateway {
        custody: custody.clone(),
        tester: Arc::new(Tester::new(
            tester::this_program(),
            config.test.policy(),
            metrics.tests(),
        )),
        config: Arc::clone(&config),
        page: Arc::new(page),
        certificate: care.served().clone(),
        metrics: Arc::new(metrics),
    };
    let connections = |listener| gateway.metrics.connections(listener);
    let (of_service, of_health) = (connections(Listener::Https), connections(Listener::Health));
    let service = Service::https(
        listener,
        care.served().clone(),
        router(gateway.clone(), port),
        &config.limits,
    );
    let service = service.counted(of_service);
    let health = health.map(|listener| {
        let service = Service::http(listener, health_router(gateway), &config.limits);
        service.counted(of_health)
    });

    let mut started = AuditEvent::new(Event::Started, Outcome::Ok, clock::now());
    // Nobody has sealed these: whoever keeps the trail can tell when they were changed.
    started.configuration = Some(configuration);
    started.issuers = Some(registered);
    let shown = care.served().now();
    started.certificate = Some(shown.fingerprint().certificate_sha256.clone());
    record(&custody, started).await?;
    let (report, looked) = custody.verify_store_at_start().await;
    tell(&custody, report).await?;
    tracing::info!(gateway = %config.id, address = %config.listen.ip(), port, "listening");
    // The socket is bound: whoever reads this line can connect.
    output::line(format_args!("listening {}", config.origin(port)))?;
    let health = tokio::spawn(run_if_any(health, stop.clone()));
    let keeping = tokio::spawn(keep_keys(custody.clone(), stop.clone()));
    let caring = certificate_care::run(care, at_start, custody.clone(), hang_up, stop.clone());
    let caring = tokio::spawn(caring);
    let giving = {
        let (custody, stop) = (custody.clone(), stop.clone());
        socket.map(|socket| tokio::spawn(socket.run(custody, stop)))
    };
    let renewing = tokio::spawn(keep_terms(custody.clone(), stop.clone()));
    let looking = tokio::spawn(keep_looking(custody.clone(), looked, stop.clone()));
    let schedule = config.test.every_hours.map(|every_hours| Schedule {
        every_hours,
        program: tester::this_program(),
        policy: config.test.policy(),
    });
    let trying = schedule.map(|schedule| tokio::spawn(schedule.run(custody.clone(), stop.clone())));
    service.run(stop).await;
    if let Some(trying) = trying {
        trying.await?;
    }
    if let Some(giving) = giving {
        giving.await?;
    }
    health.await?;
    keeping.await?;
    caring.await?;
    renewing.await?;
    looking.await?;

    let stopped = AuditEvent::new(Event::Stopped, Outcome::Ok, clock::now());
    record(&custody, stopped).await?;
    custody
        .sign_audit(clock::now())
        .await
        .context("the audit cannot be signed")?;
    custody.shutdown().await;
    tracing::info!("stopped");
    Ok(())
}

async fn run_if_any(service: Option<Service>, stop: watch::Receiver<bool>) {
    if let Some(service) = service {
        service.run(stop).await;
    }
}

/// Replaces and ends envelope keys, and signs the audit trail, when it is time, until `stop`. What fails is tried again.
async fn keep_keys(custody: Custody, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = custody.keep_keys(clock::now()).await {
            tracing::error!(%error, "the envelope keys cannot be kept up");
        }
        if let Err(error) = custody.keep_audit(clock::now()).await {
            tracing::error!(%error, "the audit trail cannot be signed");
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(KEY_CARE_INTERVAL) => {}
        }
    }
}

/// What is damaged is told of; everything else is served.
async fn tell(custody: &Custody, report: Result<StoreReport, StoreError>) -> anyhow::Result<()> {
    match report {
        Ok(report) => custody.record_damage(&report, clock::now()).await?,
        Err(error) => {
            tracing::error!(%error, "it cannot be told whether the store is as it was written last");
            let mut event = AuditEvent::new(Event::StoreDamaged, Outcome::Failed, clock::now());
            event.reason = Some("cannot_be_verified".to_owned());
            custody.record(event).await?;
        }
    }
    Ok(())
}

/// Looks at the store again and again, until `stop`: what was put back meanwhile is told of, and refused from then on. At once
/// where the start has not read all of the audit trail.
async fn keep_looking(custody: Custody, at_start: Extent, mut stop: watch::Receiver<bool>) {
    let mut pause = match at_start {
        Extent::Whole => STORE_INTERVAL,
        Extent::AfterIndex => Duration::ZERO,
    };
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = STORE_INTERVAL;
        let report = custody.verify_store_in_service().await;
        if let Err(error) = tell(&custody, report).await {
            tracing::error!(%error, "what was found in the store cannot be recorded");
        }
    }
}

/// Protects what is stored anew once somebody has begun a new term, until `stop`. What fails is tried again, and so is what
/// was damaged and may have been set again.
async fn keep_terms(custody: Custody, mut stop: watch::Receiver<bool>) {
    loop {
        let pause = match renew_if_begun(&custody).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(%error, "what is stored cannot be protected anew");
                KEY_CARE_INTERVAL
            }
        };
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn renew_if_begun(custody: &Custody) -> Result<Duration, TermsProblem> {
    if !custody.has_terms_to_end().await? {
        return Ok(TERM_INTERVAL);
    }
    let progress = custody.renew(clock::now()).await?;
    if progress.is_done() {
        tracing::info!("everything that is stored is protected under the active term");
        return Ok(TERM_INTERVAL);
    }
    let others = custody.waited_for().await?;
    if !others.is_empty() {
        let others = others.join(", ");
        tracing::info!(
            others,
            "gateways that share the store have not taken the new term yet"
        );
        return Ok(OTHERS_INTERVAL);
    }
    let (rows, files) = (progress.rows_left, progress.files_left);
    tracing::error!(rows, files, "what is damaged stays under a former term");
    Ok(KEY_CARE_INTERVAL)
}

async fn record(custody: &Custody, mut event: AuditEvent) -> anyhow::Result<()> {
    event.who = Some(operator::name());
    custody
        .record(event)
        .await
        .context("the audit cannot be written")
}

/// Two services on one folder would each believe to be alone.
fn lock(folder: &DataFolder) -> anyhow::Result<ServeLock> {
    folder.lock_serving()?.ok_or_else(|| {
        let shown = folder.path().display();
        let sentence = format!("a gateway is running on {shown} already; stop it first");
        Failure::new(Cause::Busy, sentence).into()
    })
}

/// Turns true at SIGTERM or Ctrl-C. From the second signal on the process ends at once.
fn stop_signal() -> anyhow::Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        for _ in 0..2 {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if sender.send_replace(true) {
                tracing::warn!("stopped by a second signal; running requests were cut off");
                std::process::exit(130);
            }
        }
    });
    Ok(receiver)
}
