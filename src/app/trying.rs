//! A test of the credential: when there is one, and what comes of it.

use yew::prelude::*;

use super::App;
use crate::components::field::field_id;
use crate::components::trial_report::REPORT_ID;
use crate::opener::Message as ToOpener;
use crate::state::{Action, Line, Outcome, Wish, Work};
use crate::trouble::Trouble;

impl App {
    /// Whether a test comes next. What has passed already, or may be stored already, is not tested on its way there.
    pub(super) fn tests_first(&self) -> bool {
        let sent = self.unanswered.is_some() || self.passed == Some(self.edits);
        self.page.tests().is_some()
            && match self.wish {
                Wish::Save => !sent,
                Wish::Test => true,
                Wish::SaveUntested => false,
            }
    }

    pub(super) fn tried(&mut self, ctx: &Context<Self>, line: Line) {
        if !self.is_testing() {
            return;
        }
        let (is_last, passed) = (line.stage.is_empty(), line.outcome == Outcome::Passed);
        self.act(Action::Tried(line));
        if !is_last {
            return;
        }
        let form = self.page.form();
        let ending = form.and_then(|form| form.trial.as_ref()?.ending());
        if let Some(ending) = ending {
            self.tell_opener(&ToOpener::Tested(ending));
        }
        if !passed {
            // The field to look at says why; else the report does.
            let blamed = form.and_then(|form| form.blamed());
            let id = blamed.map(|(field, _)| field_id(field.name));
            self.focus = Some(id.unwrap_or_else(|| REPORT_ID.to_owned()));
            return;
        }
        self.passed = Some(self.sent_edits);
        if self.wish == Wish::Save {
            self.send(ctx);
        }
    }

    /// There is no more of the report. After its last line, which is before this, nothing waits for it.
    pub(super) fn trial_answered(&mut self) {
        if self.is_testing() {
            self.failed(Trouble::UnexpectedAnswer(200));
        }
    }

    fn is_testing(&self) -> bool {
        self.page
            .form()
            .is_some_and(|form| form.work == Work::Testing)
    }
}
