//! The one writer of a process: changes that wait at the same moment become one transaction (group commit).
//!
//! ```text
//! batch of changes → one transaction (each sees the ones before it) → commit, synced → audit lines appended, synced → answers
//! ```
//! The writer has a thread of its own, because waiting for the disk and for the audit file's lock blocks. A change that
//! was handed over is carried out even if whoever asked has gone away meanwhile; nothing is answered before it is durable.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::patience::does_not_answer;
use super::write_times::WriteTimes;
use super::{Connection, KnownSchema, Store, StoreError};
use crate::audit::AuditError;
use crate::audit::log::{AuditLog, Trail};
use crate::clock;
use crate::nodes::Shared;
use crate::store::tickets;

/// Changes that may wait; more callers wait for a place.
const WAITING: usize = 256;
/// Changes in one transaction: bounds how long the first of them waits for the last.
const BATCH: usize = 128;
/// How long after its expiry a ticket is remembered, in seconds: a clock that is set back by less than this cannot make
/// a used ticket valid again.
const REMEMBER_SECONDS: u64 = 24 * 60 * 60;
/// How long a database server is waited for: longer than it waits itself for locks and statements.
const BATCH_PATIENCE: Duration = Duration::from_secs(40);
/// How long it takes until expired tickets are looked for again.
const PURGE_INTERVAL: Duration = Duration::from_secs(60);

/// Something to be written: reads and writes within the batch's transaction, and has an answer.
///
/// An error rolls the whole batch back; a refusal is an answer, not an error. Whatever can fail without the disk should
/// fail before the first write.
pub trait Change: Send + 'static {
    /// What the caller gets once it is durable.
    type Answer: Send + 'static;

    /// Carries the change out.
    fn apply(
        self,
        transaction: &mut Connection<'_>,
    ) -> impl Future<Output = Result<Self::Answer, StoreError>> + Send;
}

/// Why a change was not carried out, or why it is not known whether it was recorded.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The store failed; nothing was written.
    #[error("nothing was written: {0}")]
    Store(String),
    /// The store failed when it was to keep what was written: it may have, or not.
    #[error("it is not known whether anything was written: {0}")]
    Unknown(String),
    /// It is written, or nothing was, but the audit trail cannot be continued; the line follows when it can.
    #[error("the audit trail cannot be written: {0}")]
    Audit(String),
    /// The writer was stopped before.
    #[error("the gateway is stopping")]
    Stopped,
}

/// The handle; cloning it is cheap.
#[derive(Clone)]
pub struct Writer {
    changes: mpsc::Sender<Message>,
    times: WriteTimes,
}

enum Message {
    Change(Box<dyn Waiting>),
    Stop(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the writer: opens the audit file, repairs it, and appends what a crash left over.
    ///
    /// # Errors
    /// [`AuditError`], from the first attempt to write the audit trail or to reach the store.
    pub async fn start(
        store: &Store,
        trail: Trail,
        shared: Option<Arc<Shared>>,
    ) -> Result<Self, AuditError> {
        let (changes, waiting) = mpsc::channel(WAITING);
        let (ready, started) = oneshot::channel();
        let store = store.clone();
        let times = WriteTimes::default();
        let measured = times.clone();
        let written = (store, trail, measured, shared);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                match tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                {
                    Ok(runtime) => runtime.block_on(run(written, waiting, ready)),
                    // An error here means that nobody waits for the start any more.
                    Err(error) => drop(ready.send(Err(no_thread(error)))),
                }
            })
            .map_err(no_thread)?;
        started.await.map_err(|_| AuditError::Stopped)??;
        Ok(Self { changes, times })
    }

    /// How long writing takes.
    #[must_use]
    pub fn times(&self) -> &WriteTimes {
        &self.times
    }

    /// Has a change carried out, and waits until it and its audit lines are on disk.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn write<C: Change>(&self, change: C) -> Result<C::Answer, WriteError> {
        let (to, answer) = oneshot::channel();
        let waiting = Box::new(Asked {
            change: Some(change),
            answer: None,
            to,
        });
        self.changes
            .send(Message::Change(waiting))
            .await
            .map_err(|_| WriteError::Stopped)?;
        answer.await.map_err(|_| WriteError::Stopped)?
    }

    /// Carries out what was handed over before this, then stops. Later changes get [`WriteError::Stopped`].
    pub async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.changes.send(Message::Stop(done)).await.is_ok() {
            // An error means that the thread is gone already, which is what was asked for.
            let _ = stopped.await;
        }
    }
}

fn no_thread(source: io::Error) -> AuditError {
    AuditError::Io {
        path: PathBuf::from("writer thread"),
        source,
    }
}

/// A change of any type, with the caller who waits for its answer.
trait Waiting: Send {
    fn apply<'t>(
        &'t mut self,
        transaction: &'t mut Connection<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + 't>>;

    fn tell(self: Box<Self>, outcome: Result<(), WriteError>);
}

struct Asked<C: Change> {
    change: Option<C>,
    answer: Option<C::Answer>,
    to: oneshot::Sender<Result<C::Answer, WriteError>>,
}

impl<C: Change> Waiting for Asked<C> {
    fn apply<'t>(
        &'t mut self,
        transaction: &'t mut Connection<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + 't>> {
        Box::pin(async move {
            if let Some(change) = self.change.take() {
                self.answer = Some(change.apply(transaction).await?);
            }
            Ok(())
        })
    }

    fn tell(self: Box<Self>, outcome: Result<(), WriteError>) {
        let Self { answer, to, .. } = *self;
        // An error here means that nobody waits any more: the change stands all the same.
        let _ = to.send(outcome.and_then(|()| answer.ok_or(WriteError::Stopped)));
    }
}

async fn run(
    (store, trail, times, shared): (Store, Trail, WriteTimes, Option<Arc<Shared>>),
    mut waiting: mpsc::Receiver<Message>,
    ready: oneshot::Sender<Result<(), AuditError>>,
) {
    let mut thread = match WriterThread::start(&store, trail, times, shared).await {
        Ok(thread) => thread,
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    let mut stop = None;
    while stop.is_none()
        && let Some(first) = waiting.recv().await
    {
        let mut batch = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Change(change) => batch.push(change),
                Message::Stop(done) => stop = Some(done),
            }
            let full = batch.len() == BATCH || stop.is_some();
            next = if full { None } else { waiting.try_recv().ok() };
        }
        thread.carry_out(batch).await;
    }
    // Callers who came after the stop find the channel closed.
    drop(waiting);
    thread.close().await;
    if let Some(done) = stop {
        let _ = done.send(());
    }
}

struct WriterThread {
    store: Store,
    connection: Connection<'static>,
    /// Writing failed: SQLite has ended some transactions by itself (no room, no memory, an error of the disk), and sqlx takes them for open;
    /// or a server is gone.
    /// The connection is not used again.
    failed: bool,
    audit: AuditLog,
    times: WriteTimes,
    /// This gateway among those that share the store.
    shared: Option<Arc<Shared>>,
    schema: KnownSchema,
    /// The last append failed: lines wait in the outbox, and nothing more is committed until they are in the file.
    behind: bool,
    /// Expired tickets are removed from this time on, or at once while there may be more of them.
    purge_at: Instant,
}

impl WriterThread {
    async fn start(
        store: &Store,
        trail: Trail,
        times: WriteTimes,
        shared: Option<Arc<Shared>>,
    ) -> Result<Self, AuditError> {
        let mut connection = store.writing_connection().await?;
        let audit = AuditLog::open(trail, &mut connection, clock::now()).await?;
        Ok(Self {
            store: store.clone(),
            connection,
            failed: false,
            audit,
            times,
            shared,
            schema: KnownSchema::default(),
            behind: false,
            purge_at: Instant::now(),
        })
    }

    async fn carry_out(&mut self, mut batch: Vec<Box<dyn Waiting>>) {
        if batch.is_empty() {
            return;
        }
        let outcome = self.commit_and_record(&mut batch).await;
        if let Err(error) = &outcome {
            self.failed = true;
            tracing::error!(%error, changes = batch.len(), "writing failed");
        }
        for change in batch {
            change.tell(match &outcome {
                Ok(()) => Ok(()),
                Err(WriteError::Store(why)) => Err(WriteError::Store(why.clone())),
                Err(WriteError::Unknown(why)) => Err(WriteError::Unknown(why.clone())),
                Err(WriteError::Audit(why)) => Err(WriteError::Audit(why.clone())),
                Err(WriteError::Stopped) => Err(WriteError::Stopped),
            });
        }
    }

    async fn commit_and_record(
        &mut self,
        batch: &mut [Box<dyn Waiting>],
    ) -> Result<(), WriteError> {
        // A server may have been restarted since.
        if self.failed || !self.connection.is_alive().await {
            let connection = self.store.writing_connection().await;
            self.connection = connection.map_err(|error| WriteError::Store(error.to_string()))?;
            self.schema = KnownSchema::default();
            self.failed = false;
        }
        if let Some(shared) = &self.shared {
            let caught_up = shared.catch_up(&mut self.connection).await;
            caught_up.map_err(|error| WriteError::Store(error.to_string()))?;
        }
        if self.behind {
            self.record().await?;
        }
        let began = Instant::now();
        let committed = match self.shared {
            None => self.commit(batch).await,
            Some(_) => timeout(BATCH_PATIENCE, self.commit(batch))
                .await
                .unwrap_or_else(|_| Err(WriteError::Unknown(does_not_answer().to_string()))),
        };
        self.times.store.observe(began.elapsed().as_secs_f64());
        committed?;
        self.record().await
    }

    async fn commit(&mut self, batch: &mut [Box<dyn Waiting>]) -> Result<(), WriteError> {
        let shared = self.shared.clone();
        let transaction = self.write(batch).await;
        let transaction = transaction.map_err(|error| WriteError::Store(error.to_string()))?;
        let (transaction, term) = transaction;
        let is_shared = transaction.is_shared();
        let committed = transaction.commit().await.map_err(StoreError::from);
        committed.map_err(|error| match is_shared {
            // What was said of it may have been lost on its way.
            true => WriteError::Unknown(error.to_string()),
            false => WriteError::Store(error.to_string()),
        })?;
        if let Some((shared, term)) = shared.zip(term) {
            shared.noted(term);
        }
        Ok(())
    }

    async fn write(
        &mut self,
        batch: &mut [Box<dyn Waiting>],
    ) -> Result<(Connection<'_>, Option<i64>), StoreError> {
        let now = clock::now();
        // What is read in here is still true when it is written, other processes included.
        let mut transaction = self.connection.begin().await?;
        // A trigger that came meanwhile would be carried out in here.
        self.schema.check(&mut transaction).await?;
        let given = self.audit.begin(&mut transaction, now).await?;
        if Instant::now() >= self.purge_at
            && !tickets::purge(&mut transaction, now, REMEMBER_SECONDS).await?
        {
            self.purge_at = Instant::now() + PURGE_INTERVAL;
        }
        for change in batch {
            change.apply(&mut transaction).await?;
        }
        self.audit.sign_if_due(&mut transaction, now).await?;
        self.audit.seal(&mut transaction, given).await?;
        let term = match &self.shared {
            Some(shared) => Some(shared.note(&mut transaction).await?),
            None => None,
        };
        Ok((transaction, term))
    }

    async fn record(&mut self) -> Result<(), WriteError> {
        let began = Instant::now();
        let flush = self.audit.flush(&mut self.connection, clock::now());
        let appended = match self.shared {
            None => flush.await,
            Some(_) => timeout(BATCH_PATIENCE, flush)
                .await
                .unwrap_or_else(|_| Err(StoreError::from(does_not_answer()).into())),
        };
        self.times.audit.observe(began.elapsed().as_secs_f64());
        self.behind = appended.is_err();
        appended.map_err(|error| WriteError::Audit(error.to_string()))
    }

    async fn close(self) {
        // Leaves no WAL file behind if this was the last connection. Everything is on disk in any case.
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the store did not close cleanly");
        }
    }
}
