//! The DevTools protocol over a pipe: JSON texts, each ended by a NUL.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::{Notify, oneshot};

/// One pipe for all sessions.
pub(super) struct Connection {
    commands: tokio::sync::Mutex<ChildStdin>,
    inbox: Arc<Inbox>,
}

#[derive(Default)]
struct Inbox {
    waiting: Mutex<Waiting>,
    events: Mutex<HashMap<String, Vec<Value>>>,
    arrived: Notify,
}

#[derive(Default)]
struct Waiting {
    last_id: u64,
    answers: HashMap<u64, oneshot::Sender<Value>>,
}

impl Connection {
    pub(super) fn new(commands: ChildStdin, answers: ChildStdout) -> Self {
        let inbox = Arc::new(Inbox::default());
        tokio::spawn(read(answers, Arc::clone(&inbox)));
        Self {
            commands: tokio::sync::Mutex::new(commands),
            inbox,
        }
    }

    /// Sends a command to a session, or to the browser, and waits for the result.
    pub(super) async fn send(
        &self,
        method: &str,
        params: Value,
        session: Option<&str>,
    ) -> Result<Value> {
        let (sender, answer) = oneshot::channel();
        let id = {
            let mut waiting = lock(&self.inbox.waiting);
            waiting.last_id += 1;
            let id = waiting.last_id;
            waiting.answers.insert(id, sender);
            id
        };
        let mut command = json!({"id": id, "method": method, "params": params});
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        let mut text = command.to_string().into_bytes();
        text.push(0);
        self.commands
            .lock()
            .await
            .write_all(&text)
            .await
            .context("Chromium has ended")?;
        let mut answer = answer.await.context("Chromium has ended")?;
        if let Some(message) = answer["error"]["message"].as_str() {
            bail!("{method}: {message}");
        }
        Ok(answer["result"].take())
    }

    /// Waits for an event of a session that has come already or will come, and takes it.
    pub(super) async fn event(&self, session: &str, method: &str) -> Result<()> {
        loop {
            // Asked for before looking, so that an event between the two is not missed.
            let arrived = self.inbox.arrived.notified();
            if let Some(events) = lock(&self.inbox.events).get_mut(session)
                && let Some(place) = events.iter().position(|event| event["method"] == method)
            {
                events.remove(place);
                return Ok(());
            }
            arrived.await;
        }
    }

    /// Takes all events of a session.
    pub(super) fn take_events(&self, session: &str) -> Vec<Value> {
        lock(&self.inbox.events).remove(session).unwrap_or_default()
    }
}

async fn read(answers: ChildStdout, inbox: Arc<Inbox>) {
    let mut answers = BufReader::new(answers);
    let mut text = Vec::new();
    while answers
        .read_until(0, &mut text)
        .await
        .is_ok_and(|length| length > 0)
    {
        if text.last() == Some(&0) {
            text.pop();
        }
        if let Ok(message) = serde_json::from_slice::<Value>(&text) {
            inbox.deliver(message);
        }
        text.clear();
    }
    // Whoever still waits learns that the browser has ended.
    lock(&inbox.waiting).answers.clear();
}

impl Inbox {
    fn deliver(&self, message: Value) {
        if let Some(id) = message["id"].as_u64() {
            if let Some(sender) = lock(&self.waiting).answers.remove(&id) {
                // Nobody listens any more when the wait was given up.
                let _ = sender.send(message);
            }
        } else if let Some(session) = message["sessionId"].as_str() {
            lock(&self.events)
                .entry(session.to_owned())
                .or_default()
                .push(message);
            self.arrived.notify_waiters();
        }
    }
}

/// Nothing that holds these locks can panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
