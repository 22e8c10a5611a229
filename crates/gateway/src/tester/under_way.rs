//! One test, from its turn to its end.

use std::sync::Arc;

use hyper::body::Bytes;
use language::Translation;
use probe::parent::{Confinement, Test};
use probe::report::{Cause, Ending, Guess, Line, Outcome};
use probe::request::Encryption;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{PATIENCE, Place, Tester, Unfinished, request};
use crate::clock;
use crate::custody::Custody;
use crate::custody::candidate::{Candidate, Ended};

pub(super) struct UnderWay {
    pub(super) tester: Arc<Tester>,
    pub(super) custody: Custody,
    pub(super) candidate: Candidate,
    pub(super) place: Place,
    pub(super) words: &'static Translation,
    pub(super) lines: mpsc::Sender<Result<Bytes, Unfinished>>,
}

impl UnderWay {
    pub(super) async fn run(mut self) {
        let (ending, guess) = self.tried().await;
        let ended = match ending {
            None => Ended::Abandoned,
            Some(Ending { cause: None, .. }) => Ended::Passed,
            Some(Ending {
                cause: Some(cause), ..
            }) => Ended::Failed(cause),
        };
        self.tester.counted.count(&ended);
        if guess != Guess::Perhaps {
            self.place.guess.was_none();
        }
        let recorded = self
            .custody
            .end_test(&self.candidate, ended, clock::now())
            .await;
        match (recorded, ending) {
            (Ok(()), Some(ending)) => self.say(Ok(Line::Ending(ending))).await,
            (Ok(()), None) => {}
            // The writer has logged why.
            (Err(_), _) => self.say(Err(Unfinished)).await,
        }
    }

    /// The ending; none if nobody waits for it any more.
    async fn tried(&mut self) -> (Option<Ending>, Guess) {
        let tester = self.tester.clone();
        let turn = tokio::select! {
            biased;
            () = self.lines.closed() => return (None, Guess::None),
            turn = timeout(PATIENCE, tester.children.acquire()) => turn,
        };
        let Ok(Ok(_turn)) = turn else {
            return (Some(not_started()), Guess::None);
        };
        let policy = tester.policy.clone();
        let request = request(
            self.candidate.take(),
            Encryption::Required,
            policy,
            Vec::new(),
        );
        let test = Test::start(&tester.program, &request, Confinement::default());
        drop(request);
        let mut test = match test {
            Ok(test) => test,
            Err(error) => {
                tracing::error!(%error, "a test is not started");
                return (Some(not_started()), Guess::None);
            }
        };
        let mut guess = Guess::None;
        loop {
            let line = tokio::select! {
                biased;
                () = self.lines.closed() => return (None, guess),
                line = test.next() => line,
            };
            match line {
                Some(Line::Stage(stage)) => {
                    guess = guess.after(&stage);
                    self.say(Ok(Line::Stage(stage))).await;
                }
                Some(Line::Ending(ending)) => return (Some(ending), guess),
                None => return (Some(failed(Cause::ProbeDied)), guess),
            }
        }
    }

    /// There is room for all lines; whoever is gone is noticed elsewhere.
    async fn say(&self, line: Result<Line, Unfinished>) {
        let line = line.and_then(|line| {
            let told = line.told(|message| self.words.text(message));
            let mut json = serde_json::to_vec(&told).map_err(|_| Unfinished)?;
            json.push(b'\n');
            Ok(json.into())
        });
        let _ = self.lines.send(line).await;
    }
}

fn not_started() -> Ending {
    failed(Cause::ProbeNotStarted)
}

fn failed(cause: Cause) -> Ending {
    Ending {
        outcome: Outcome::Failed,
        ms: 0,
        cause: Some(cause),
    }
}
