//! Sets credentials one after the other until the gateway is gone or time is over.

use std::time::Instant;

use anyhow::Result;
use load::{Peer, Request};

use crate::ledger::{Ledger, credential};
use crate::victim::{Running, Victim};

/// How a worker came to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Worked {
    /// Sets that were acknowledged.
    pub acknowledged: usize,
    /// Sets that were refused: 503, the gateway said that it cannot.
    pub refused: usize,
}

/// Sets the linked services `prefix-0` … `prefix-N` in turn. Those that have no answer yet are left alone.
///
/// # Errors
/// An answer that neither acknowledges nor says that the gateway cannot at present (503).
pub async fn work(
    victim: &Victim,
    running: &Running,
    ledger: &mut Ledger,
    (prefix, services): (&str, usize),
    until: Until,
) -> Result<Worked> {
    let mut worked = Worked::default();
    let peer: Peer = running.serving.peer(&victim.installation)?;
    let Ok(mut connection) = peer.connect().await else {
        return Ok(worked);
    };
    for number in 0.. {
        if until.is_over(number) {
            break;
        }
        let name = format!("{prefix}-{}", number % services);
        let Some(version) = ledger.next_version(&name) else {
            continue;
        };
        let of = (&victim.issuer, &victim.installation);
        let request = Request::set(of, &running.keys, &name, credential(&name, version))?;
        ledger.sent(&name, request);
        let Some(request) = ledger.unanswered(&name) else {
            continue;
        };
        let Ok(answer) = request.send(&mut connection).await else {
            break;
        };
        match answer.status {
            200 | 201 => {
                ledger.acknowledged(&name, &answer.body)?;
                worked.acknowledged += 1;
            }
            503 => worked.refused += 1,
            status => anyhow::bail!("{name}: {status} {}", String::from_utf8_lossy(&answer.body)),
        }
    }
    Ok(worked)
}

/// When a worker stops by itself.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// At this moment.
    Moment(Instant),
    /// After so many sets.
    Sets(usize),
}

impl Until {
    fn is_over(self, sets: usize) -> bool {
        match self {
            Self::Moment(moment) => Instant::now() >= moment,
            Self::Sets(most) => sets >= most,
        }
    }
}
