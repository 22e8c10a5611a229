//! What the gateway tells of a test, stage by stage, as it comes. All of it is text: names and words may be a hostile server's.

use envelope::UnixSeconds;
use language::Message;
use yew::prelude::*;

use super::context_panel::fact;
use super::icon::{Icon, icon};
use crate::browser::local_time;
use crate::state::{Cause, Form, Line, Outcome, Work};
use crate::text::CERTIFICATE;
use crate::text::trials as text;

/// The id by which the report takes the focus.
pub const REPORT_ID: &str = "trial";

/// The report, of which a screen reader is told what is new.
pub fn trial_report(form: &Form, on_trust: &Callback<String>) -> Html {
    let mut report = Vec::new();
    if let Some(trial) = &form.trial {
        let title = text::title(trial.ending());
        report.push(
            html! { <h2 id={REPORT_ID} class="notice__title" tabindex="-1">{ title.text() }</h2> },
        );
        if trial.outdated {
            report.push(paragraph(text::OUTDATED.text()));
        }
        // A certificate is trusted for what is in the form.
        let trusts = !trial.outdated && form.work == Work::Idle;
        let mut stages = Vec::new();
        for line in &trial.lines {
            if !line.stage.is_empty() {
                stages.push(stage(line, on_trust, trusts));
            }
        }
        report.push(html! { <ol>{ stages }</ol> });
    }
    // There before its words, so that they are something new.
    html! { <div class="trial" role="log">{ report }</div> }
}

fn stage(line: &Line, on_trust: &Callback<String>, trusts: bool) -> Html {
    let picture = match line.outcome {
        Outcome::Passed => Icon::Check,
        Outcome::Failed => Icon::Warning,
        Outcome::Skipped => Icon::Dash,
    };
    let (mut details, mut facts) = (Vec::new(), Vec::new());
    let mut row = |label: Message, value: &str| {
        if !value.is_empty() {
            facts.push(fact(label.text(), value, true));
        }
    };
    row(text::STORE_CODE, &line.code);
    row(text::STORE_SAID, &line.said);
    let cause = line.cause.as_ref();
    if let Some(cause) = cause {
        details.push(paragraph(&[&cause.sentence, " ", &cause.advice].concat()));
    }
    if let (Some(shown), Outcome::Failed) = (&line.certificate, line.outcome) {
        row(text::SUBJECT, &shown.subject);
        row(text::ISSUER, &shown.issuer);
        row(CERTIFICATE, &shown.sha256);
        row(text::UNTIL, &local_time(UnixSeconds(shown.not_after)));
        if trusts && cause.is_some_and(Cause::is_overcome_by_trust) {
            let sha256 = shown.sha256.clone();
            let onclick = on_trust.reform(move |_: MouseEvent| sha256.clone());
            details.push(html! {
                <button id="trust-certificate" type="button" class="button" {onclick}>{ text::TRUST.text() }</button>
            });
            details.push(paragraph(text::TRUST_HINT.text()));
        }
    }
    html! {
        <li data-stage={line.stage.clone()} data-outcome={line.outcome.code()}>
            { icon(picture) }
            <strong>{ text::stage(line) }</strong>
            <span>{ text::milliseconds(line) }</span>
            <dl class="facts">{ facts }</dl>
            { details }
        </li>
    }
}

fn paragraph(words: &str) -> Html {
    html! { <p>{ words.to_owned() }</p> }
}
