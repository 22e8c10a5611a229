//! The care for the certificate while the gateway serves: once a second, and at once on SIGHUP.

use std::time::Duration;

use tokio::signal::unix::Signal;
use tokio::sync::watch;

use crate::audit::{AuditEvent, Event, Outcome};
use crate::certificate::care::{Care, Happening};
use crate::clock;
use crate::custody::Custody;

/// How often the certificate's files are looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// Takes, renews and warns until `stop`, beginning with what has happened at the start.
pub(super) async fn run(
    mut care: Care,
    at_start: Vec<Happening>,
    custody: Custody,
    mut hang_up: Signal,
    mut stop: watch::Receiver<bool>,
) {
    tell(at_start, &custody).await;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = hang_up.recv() => tracing::info!("SIGHUP: looking at the certificate's files"),
            () = tokio::time::sleep(INTERVAL) => {}
        }
        // Files are read, and perhaps keys made.
        let looked = tokio::task::spawn_blocking(move || {
            let happenings = care.look(clock::now());
            (care, happenings)
        });
        let Ok((back, happenings)) = looked.await else {
            tracing::error!("the care for the certificate has ended; restart the gateway");
            return;
        };
        care = back;
        tell(happenings, &custody).await;
    }
}

/// Into the log, and what concerns what is shown into the audit.
async fn tell(happenings: Vec<Happening>, custody: &Custody) {
    for happening in happenings {
        let (event, outcome, certificate, reason) = match happening {
            Happening::Taken {
                fingerprint,
                reservations,
            } => {
                tracing::info!(%fingerprint, "another certificate is shown to new connections");
                for reservation in reservations {
                    tracing::warn!(%fingerprint, %reservation, "the certificate is shown, and yet");
                }
                let event = Event::CertificateServed;
                (event, Outcome::Ok, Some(fingerprint), None)
            }
            Happening::Refused(reason) => {
                tracing::error!(%reason, "the certificate in place is not acceptable");
                let event = Event::CertificateServed;
                (event, Outcome::Refused, None, Some(reason))
            }
            Happening::Renewed(fingerprint) => {
                tracing::info!(%fingerprint, "a new certificate was made under this gateway's authority");
                let event = Event::CertificateReplaced;
                (event, Outcome::Ok, Some(fingerprint), None)
            }
            Happening::NotRenewed(reason) => {
                tracing::error!(%reason, "a new certificate is due and could not be made");
                let event = Event::CertificateReplaced;
                (event, Outcome::Failed, None, Some(reason))
            }
            Happening::Expiring { days_left, advice } => {
                tracing::warn!(days_left, %advice, "the certificate expires soon");
                continue;
            }
        };
        let mut event = AuditEvent::new(event, outcome, clock::now());
        event.certificate = certificate;
        event.reason = reason;
        if let Err(error) = custody.record(event).await {
            tracing::error!(%error, "the audit cannot be written");
        }
    }
}
