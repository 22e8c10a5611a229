//! What a running gateway does about its certificate: it looks whether another one was put in place, warns before the end, and
//! renews what it made itself.
//!
//! Certbot, a person with an editor and `certificate replace` all write files, and none of them tells. So the files are looked at
//! each second, and at once on SIGHUP. Two files that are written one after the other do not fit in between: they are refused,
//! the certificate before goes on being shown, and they are looked at again when either changes.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use envelope::UnixSeconds;

use super::renewal::{self, RenewalError};
use super::soundness::uncovered;
use super::source::Source;
use super::standing::{WARNING_DAYS, advice, days_left};
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::tls::{Served, ServerCertificate, TlsError};

/// Seconds between two looks whether the gateway's own leaf is due.
const RENEWAL_INTERVAL: u64 = 60;
/// Seconds until a renewal that failed is tried again.
const RENEWAL_PATIENCE: u64 = 24 * 60 * 60;
/// Seconds between two warnings.
const WARNING_INTERVAL: u64 = 24 * 60 * 60;
/// Seconds after which a file may change without its time changing: what is younger is looked at again.
const FILE_TIME_GRAIN: u64 = 2;

/// The certificate's files, and what is known of them.
pub struct Care {
    folder: DataFolder,
    config: Arc<Config>,
    served: Served,
    /// Where the served one came from.
    source: Source,
    seen: Option<Stamp>,
    refused: Option<String>,
    look_for_renewal: UnixSeconds,
    warn: UnixSeconds,
}

/// What happened to the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Another one is shown from now on. Its leaf's fingerprint, and what is worth saying of it.
    Taken {
        /// SHA-256, hexadecimal.
        fingerprint: String,
        /// In sentences.
        reservations: Vec<String>,
    },
    /// What was put in place is not shown; the one before is. Why.
    Refused(String),
    /// The gateway has made a new leaf. Its fingerprint.
    Renewed(String),
    /// A new leaf is due and could not be made. Why.
    NotRenewed(String),
    /// The one that is shown expires soon, or has expired.
    Expiring {
        /// Whole days; negative afterwards.
        days_left: i64,
        /// What to do.
        advice: String,
    },
}

impl Care {
    /// Loads what is to be shown first, renewed before if that is due. A certificate that would be refused later is shown
    /// nonetheless, because there is no other: what is wrong with it is returned.
    ///
    /// # Errors
    /// [`TlsError`]: there is no pair that could be shown.
    pub fn begin(
        folder: &DataFolder,
        config: &Arc<Config>,
        now: UnixSeconds,
    ) -> Result<(Self, Vec<Happening>), TlsError> {
        let source = Source::of(folder, config);
        let mut care = Self {
            folder: folder.clone(),
            config: Arc::clone(config),
            served: Served::new(source.load()?),
            source,
            seen: None,
            refused: None,
            look_for_renewal: now,
            warn: now,
        };
        let mut happenings = Vec::from_iter(care.renew_if_due(now));
        if let Some(Happening::Renewed(_)) = happenings.first() {
            care.served.replace(care.source.load()?);
        }
        let certificate = care.served.now();
        match care.source.check(&certificate, &config.names, now) {
            Err(refused) => happenings.push(Happening::Refused(format!(
                "{refused}; it is shown nonetheless, because there is no other"
            ))),
            Ok(reservations) => {
                for it in reservations {
                    tracing::warn!(certificate = %care.source.certificate().display(), reservation = %it, "the certificate is shown, and yet");
                }
            }
        }
        happenings.extend(care.warning(now));
        Ok((care, happenings))
    }

    /// The handle to what is shown.
    #[must_use]
    pub fn served(&self) -> &Served {
        &self.served
    }

    /// Whatever has happened since the last look.
    pub fn look(&mut self, now: UnixSeconds) -> Vec<Happening> {
        let renewed = self.renew_if_due(now);
        let changed = self.look_at_files(now);
        let warning = self.warning(now);
        renewed.into_iter().chain(changed).chain(warning).collect()
    }

    fn look_at_files(&mut self, now: UnixSeconds) -> Option<Happening> {
        let source = Source::of(&self.folder, &self.config);
        let stamp = Stamp::of(&source);
        if self.seen.as_ref() == Some(&stamp) {
            return None;
        }
        // Taken before the files are read: what is written meanwhile has another one.
        self.seen = stamp.is_settled(now).then_some(stamp);
        match self.take(source, now) {
            Ok(taken) => {
                self.refused = None;
                taken
            }
            Err(reason) if self.refused.as_ref() == Some(&reason) => None,
            Err(reason) => {
                self.refused = Some(reason.clone());
                Some(Happening::Refused(reason))
            }
        }
    }

    /// `None` if it is the one that is shown already.
    fn take(&mut self, source: Source, now: UnixSeconds) -> Result<Option<Happening>, String> {
        let certificate = source.load().map_err(|error| error.to_string())?;
        if certificate.chain() == self.served.now().chain() {
            return Ok(None);
        }
        let reservations = source
            .check(&certificate, &self.config.names, now)
            .map_err(|refused| refused.to_string())?;
        let fingerprint = certificate.fingerprint().certificate_sha256.clone();
        self.served.replace(certificate);
        self.source = source;
        self.warn = now;
        Ok(Some(Happening::Taken {
            fingerprint,
            reservations: reservations.iter().map(ToString::to_string).collect(),
        }))
    }

    /// Makes a new leaf when the present one ends within [`WARNING_DAYS`], has not begun, or is not for a name that the gateway
    /// serves. It is shown once the file is seen to have changed.
    fn renew_if_due(&mut self, now: UnixSeconds) -> Option<Happening> {
        let is_made = matches!(self.source, Source::Made(_));
        if !is_made || now < self.look_for_renewal {
            return None;
        }
        self.look_for_renewal = UnixSeconds(now.0 + RENEWAL_INTERVAL);
        if !is_due(&self.served.now(), &self.config, now) {
            return None;
        }
        let renewed: Result<_, RenewalError> = renewal::renew(&self.folder, &self.config, now);
        Some(match renewed {
            Ok(made) => Happening::Renewed(made.fingerprint().certificate_sha256.clone()),
            Err(error) => {
                self.look_for_renewal = UnixSeconds(now.0 + RENEWAL_PATIENCE);
                Happening::NotRenewed(error.to_string())
            }
        })
    }

    /// Once a day, and anew for each certificate.
    fn warning(&mut self, now: UnixSeconds) -> Option<Happening> {
        if now < self.warn {
            return None;
        }
        let certificate = self.served.now();
        let advice = advice(&self.source, &certificate, now)?;
        self.warn = UnixSeconds(now.0 + WARNING_INTERVAL);
        Some(Happening::Expiring {
            days_left: days_left(&certificate, now),
            advice,
        })
    }
}

fn is_due(made: &ServerCertificate, config: &Config, now: UnixSeconds) -> bool {
    // One that begins later was made while the clock was wrong.
    let begins = made.facts().iter().map(|facts| facts.not_before).max();
    if days_left(made, now) < WARNING_DAYS || begins > Some(now) {
        return true;
    }
    let leaf = made
        .chain()
        .first()
        .map(rustls::server::ParsedCertificate::try_from);
    let Some(Ok(leaf)) = leaf else { return true };
    // A name that no certificate can bear is no reason to make one.
    uncovered(&leaf, &config.names).any(|host| super::soundness::server_name(&host).is_some())
}

/// What changes when a file does: which file the path leads to, its length and the time of its last change.
#[derive(PartialEq, Eq)]
struct Stamp(Vec<(PathBuf, Option<[i128; 4]>)>);

impl Stamp {
    fn of(source: &Source) -> Self {
        let paths = [
            Some(source.certificate()),
            Some(source.key()),
            source.root(),
        ];
        let stamps = paths.into_iter().flatten().map(|path| {
            let now = fs::metadata(path).ok().map(|it| {
                let changed = i128::from(it.ctime()) * 1_000_000_000 + i128::from(it.ctime_nsec());
                [it.dev().into(), it.ino().into(), it.len().into(), changed]
            });
            (path.to_owned(), now)
        });
        Self(stamps.collect())
    }

    /// Whether nothing can be written any more that this would not tell.
    fn is_settled(&self, now: UnixSeconds) -> bool {
        let latest = i128::from(now.0.saturating_sub(FILE_TIME_GRAIN)) * 1_000_000_000;
        let times = self.0.iter().filter_map(|(_, stamp)| *stamp);
        times.into_iter().all(|[.., changed]| changed < latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_just_changed_is_looked_at_again() {
        let stamp =
            |second: i128| Stamp(vec![("a".into(), Some([0, 0, 0, second * 1_000_000_000]))]);
        let now = UnixSeconds(1_000);
        for (changed, is_settled) in [(997, true), (998, false), (1_000, false), (5_000, false)] {
            assert_eq!(stamp(changed).is_settled(now), is_settled, "{changed}");
        }
        assert!(Stamp(vec![("missing".into(), None)]).is_settled(now));
    }
}
