//! Has credentials tried at their data stores, each in a process of its own: a few at once, a few waiting, and nobody too often. How a
//! caller is told of it, line by line, is here too.

pub mod frequency;
pub mod schedule;
mod under_way;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::body::{Body, Bytes, Frame};
use language::Translation;
use linked_service::Kind;
use probe::parent::Program;
use probe::policy::Policy;
use probe::request::{Destination, Encryption, Fingerprint, Limits, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::clock;
use crate::custody::Custody;
use crate::custody::candidate::{Candidate, TestProblem};
use crate::custody::set::SetProblem;
use crate::metrics::Tests;
use crate::vault::record::KeptCredential;
use frequency::{Frequency, Guess, TooOften};
use under_way::UnderWay;

/// What this program is called with to be the process that tries a credential.
pub const CHILD: &str = "try-credential";
/// This very program, also when another one has taken its place in the file system.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Processes at the same time: what they need is taken from the machine that also serves saves.
const CHILDREN: usize = 8;
/// Tests that wait for one to end; one more is refused.
const WAITING: usize = 56;
/// How long a test waits for its process. Together with the test's own limit it is less than a connection may be idle.
const PATIENCE: Duration = Duration::from_secs(30);
/// More lines than a report has.
const LINES: usize = 16;

/// What all tests for callers have in common.
pub struct Tester {
    program: Program,
    policy: Policy,
    places: Arc<Semaphore>,
    children: Semaphore,
    frequency: Arc<Frequency>,
    counted: Tests,
}

/// Why a test is not begun.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBegun {
    /// For what custody says.
    #[error(transparent)]
    Custody(#[from] TestProblem),
    /// Too many tests are waiting.
    #[error("too many tests are waiting")]
    Busy,
    /// There were too many for the same.
    #[error(transparent)]
    TooOften(#[from] TooOften),
}

/// A report as it grows: the body of an answer. Dropped, the test is ended.
pub struct Report(mpsc::Receiver<Result<Bytes, Unfinished>>);

/// What became of the test could not be recorded: so its caller is not told either.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("what became of the test could not be recorded")]
pub struct Unfinished;

/// The right to test, until it is dropped.
struct Place {
    _waiting: OwnedSemaphorePermit,
    guess: Guess,
}

/// This program as the process that tries a credential.
#[must_use]
pub fn this_program() -> Program {
    Program {
        path: THIS_PROGRAM.into(),
        arguments: vec![CHILD.into()],
    }
}

/// What the process is told to try: without TLS, too, if the credential says so. Beside these certificates it trusts the one that belongs to the credential.
#[must_use]
pub fn request(
    mut credential: KeptCredential,
    encryption: Encryption,
    policy: Policy,
    mut trusted: Vec<Fingerprint>,
) -> Request {
    use std::mem::take;
    let kind = linked_service::kind(&credential.kind);
    let encrypt = kind.and_then(Kind::encryption);
    let is_off = encrypt.is_some_and(|field| {
        let value = credential.properties.get(field.name);
        value.is_some_and(|value| value == "false")
    });
    let field = kind.and_then(Kind::trusted_certificate);
    let stored = field.and_then(|field| credential.properties.get(field.name));
    trusted.extend(stored.and_then(|stored| stored.parse().ok()));
    Request {
        destination: Destination::of(&credential.kind, &credential.properties),
        sign_in: Destination::of_sign_in(&credential.kind),
        kind: take(&mut credential.kind),
        auth: take(&mut credential.auth),
        encryption: match is_off {
            true => Encryption::Off,
            false => encryption,
        },
        properties: take(&mut credential.properties),
        secrets: take(&mut credential.secrets),
        policy,
        trusted,
        authorities: Vec::new(),
        limits: Limits::default(),
    }
}

impl Tester {
    /// Tests by this program, where the policy lets them go, and counts them.
    #[must_use]
    pub fn new(program: Program, policy: Policy, counted: Tests) -> Self {
        Self {
            program,
            policy,
            places: Arc::new(Semaphore::new(CHILDREN + WAITING)),
            children: Semaphore::new(CHILDREN),
            frequency: Arc::default(),
            counted,
        }
    }

    /// Begins a test, which goes on by itself as long as its report is there. The report is in these words.
    ///
    /// # Errors
    /// See [`NotBegun`].
    pub async fn begin(
        self: &Arc<Self>,
        custody: &Custody,
        candidate: Candidate,
        words: &'static Translation,
    ) -> Result<Report, NotBegun> {
        let place = match self.place(&candidate) {
            Ok(place) => place,
            Err(problem) => {
                let reason = match &problem {
                    NotBegun::TooOften(too_often) => too_often.reason(),
                    NotBegun::Busy | NotBegun::Custody(_) => "busy",
                };
                let now = clock::now();
                custody.refuse_test(&candidate, reason, now).await;
                return Err(problem);
            }
        };
        let (tester, custody) = (self.clone(), custody.clone());
        let (sender, lines) = mpsc::channel(LINES);
        // A task of its own: a test that has begun in the audit trail ends there, too.
        let beginning = tokio::spawn(async move {
            custody.begin_test(&candidate, clock::now()).await?;
            let under_way = UnderWay {
                tester,
                custody,
                candidate,
                place,
                words,
                lines: sender,
            };
            tokio::spawn(under_way.run());
            Ok(())
        });
        let begun = beginning.await;
        begun.unwrap_or(Err(TestProblem::from(SetProblem::Unavailable)))?;
        Ok(Report(lines))
    }

    fn place(&self, candidate: &Candidate) -> Result<Place, NotBegun> {
        let waiting = self.places.clone().try_acquire_owned();
        let waiting = waiting.map_err(|_| NotBegun::Busy)?;
        let credential = candidate.credential();
        // Of a shared access signature the host is in the secret.
        let (kind, auth) = (&credential.kind, &credential.auth);
        let destination = Destination::of_secret(kind, auth, &credential.secrets)
            .unwrap_or_else(|| Destination::of(kind, &credential.properties));
        // Where one signs in elsewhere, that is where a password is guessed at.
        let sign_in = Destination::of_sign_in(kind);
        let destinations = (&destination, sign_in.as_ref());
        let asked = (candidate.place(), destinations, candidate.account());
        Ok(Place {
            _waiting: waiting,
            guess: self.frequency.admit(asked, Instant::now())?,
        })
    }
}

impl Body for Report {
    type Data = Bytes;
    type Error = Unfinished;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Unfinished>>> {
        let line = self.0.poll_recv(context);
        line.map(|line| line.map(|line| line.map(Frame::data)))
    }
}
