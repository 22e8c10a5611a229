//! One envelope at a time per ticket: only so is "five failures end a ticket" exact. Of a hundred envelopes sent at once
//! under one ticket, the sixth must find five failures counted, not a hundred RSA operations under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::store::tickets::TicketKey;

type Locks = Mutex<HashMap<TicketKey, Arc<AsyncMutex<()>>>>;

/// The locks of the tickets that are in use right now.
#[derive(Default)]
pub(super) struct TicketLocks {
    locks: Arc<Locks>,
}

/// The right to act under a ticket, until it is dropped.
pub(super) struct TicketLock {
    key: TicketKey,
    locks: Arc<Locks>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl TicketLocks {
    /// Waits until nobody else acts under this ticket.
    pub(super) async fn lock(&self, key: TicketKey) -> TicketLock {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            locks.entry(key.clone()).or_default().clone()
        };
        // Made before waiting, so that a waiter who gives up cleans up as well.
        let mut held = TicketLock {
            key,
            locks: self.locks.clone(),
            guard: None,
        };
        held.guard = Some(lock.lock_owned().await);
        held
    }
}

impl Drop for TicketLock {
    fn drop(&mut self) {
        self.guard = None;
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        // One reference is the map's own. New ones are made under the map's lock only.
        if locks
            .get(&self.key)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            locks.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use envelope::TicketId;

    use super::*;

    fn key(jti: &str) -> TicketKey {
        TicketKey {
            iss: "portal".to_owned(),
            jti: TicketId::parse(jti).unwrap(),
        }
    }

    #[tokio::test]
    async fn one_at_a_time_per_ticket_and_nothing_left_behind() {
        let locks = TicketLocks::default();
        let first = locks.lock(key("1")).await;
        let _other_ticket = locks.lock(key("2")).await;
        let mut second = Box::pin(locks.lock(key("1")));
        tokio::select! {
            biased;
            _ = &mut second => panic!("two hold the same ticket"),
            () = std::future::ready(()) => {}
        }
        drop(first);
        drop(second.await);
        assert_eq!(
            locks.locks.lock().unwrap().len(),
            1,
            "only the other ticket's lock is left"
        );
    }

    #[tokio::test]
    async fn a_waiter_who_gives_up_leaves_nothing() {
        let locks = TicketLocks::default();
        let first = locks.lock(key("1")).await;
        let mut second = Box::pin(locks.lock(key("1")));
        tokio::select! {
            biased;
            _ = &mut second => panic!("two hold the same ticket"),
            () = std::future::ready(()) => {}
        }
        drop(first);
        drop(second);
        assert!(locks.locks.lock().unwrap().is_empty());
    }
}
