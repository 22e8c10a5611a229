//! Envelopes are opened on a few threads with a bounded queue before them: RSA is the one thing here that costs a
//! processor, and a caller who cannot be served soon is better told so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use envelope::{Binding, Envelope, EnvelopePrivateKey, EnvelopeRejected, OpenedCredential};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

/// More calls than this are never under way at the same time; only to wait for all of them at the end.
const CALLS: u32 = 1 << 20;

/// The threads and the queue.
pub struct Opening {
    /// One permit per thread and per waiting place.
    places: Arc<Semaphore>,
    /// One permit per thread.
    threads: Arc<Semaphore>,
    /// Taken by whole calls; all of them together mean that none is under way.
    calls: Arc<Semaphore>,
    /// Private-key operations begun.
    begun: AtomicU64,
}

/// There is no place, or the gateway is stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy;

/// A place in the queue.
pub(super) struct Place(OwnedSemaphorePermit);

/// A call under way; shutdown waits for it.
pub(super) struct Call(
    #[expect(dead_code, reason = "held, and given back on drop")] OwnedSemaphorePermit,
);

impl Opening {
    pub(super) fn new(threads: usize, queue: usize) -> Self {
        let threads = threads.clamp(1, 64);
        Self {
            places: Arc::new(Semaphore::new(threads + queue.min(1 << 16))),
            threads: Arc::new(Semaphore::new(threads)),
            calls: Arc::new(Semaphore::new(CALLS as usize)),
            begun: AtomicU64::new(0),
        }
    }

    /// Begins a call.
    pub(super) fn call(&self) -> Result<Call, Busy> {
        self.calls
            .clone()
            .try_acquire_owned()
            .map(Call)
            .map_err(|_| Busy)
    }

    /// Takes a place in the queue, or finds it full.
    pub(super) fn place(&self) -> Result<Place, Busy> {
        self.places
            .clone()
            .try_acquire_owned()
            .map(Place)
            .map_err(|_: TryAcquireError| Busy)
    }

    /// How many private-key operations were begun.
    pub(super) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Opens an envelope when a thread is free.
    pub(super) async fn open(
        &self,
        place: Place,
        envelope: Envelope,
        key: Arc<EnvelopePrivateKey>,
        expected: Binding,
    ) -> Result<Result<OpenedCredential, EnvelopeRejected>, Busy> {
        let thread = self
            .threads
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| Busy)?;
        self.begun.fetch_add(1, Ordering::Relaxed);
        // Thread and place go along: if the caller goes away, the work still counts until it is done.
        let work = move || {
            let opened = envelope::open(&envelope, &key, &expected);
            drop((thread, place.0));
            opened
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
    }

    /// Waits for the calls under way and lets no more begin.
    pub(super) async fn finish(&self) {
        // An error means that this was done before.
        let _ = self.calls.acquire_many(CALLS).await;
        self.calls.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let opening = Opening::new(1, 2);
        let places: Vec<_> = (0..3).map(|_| opening.place()).collect();
        assert!(places.iter().all(Result::is_ok));
        assert!(opening.place().is_err());
        drop(places);
        assert!(opening.place().is_ok());
    }

    #[tokio::test]
    async fn finishing_waits_for_calls_and_refuses_later_ones() {
        let opening = Opening::new(1, 2);
        let call = opening.call().ok();
        let mut finish = Box::pin(opening.finish());
        tokio::select! {
            biased;
            () = &mut finish => panic!("a call is under way"),
            () = std::future::ready(()) => {}
        }
        drop(call);
        finish.await;
        assert!(opening.call().is_err());
        opening.finish().await;
    }
}
