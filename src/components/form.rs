//! The form: what the ticket leaves open, the destination, how to sign in, and the bar with Save.

use language::Message;
use linked_service::{Field, Role};
use yew::prelude::*;

use super::error_summary::error_summary;
use super::field::{fault_of, property_field, word};
use super::kind_chooser::kind_chooser;
use super::notice::notice;
use super::paste_report::paste_report;
use super::stored_secret::{moved, other_step, stored_secret};
use super::trial_report::trial_report;
use crate::capture::SecretFields;
use crate::documents::Policy;
use crate::key_file::{Passphrase, passphrase};
use crate::lifetime::Absence;
use crate::paste_field::PasteField;
use crate::secret_field::SecretField;
use crate::state::{Action, Form, Keys, Step, Wish, Work};
use crate::text;
use crate::text::trials;

/// What the form is drawn from and what it calls.
pub struct FormView<'a> {
    /// The state.
    pub form: &'a Form,
    /// The kinds that the gateway offers, once known.
    pub offered: Option<&'a [String]>,
    /// Where secret fields announce themselves.
    pub secrets: &'a SecretFields,
    /// What belongs into the notice of a trouble, such as the field for a new link.
    pub remedy: Html,
    /// What becomes of the secrets while nobody goes on.
    pub absence: Option<Absence>,
    /// Receives every change.
    pub act: Callback<Action>,
    /// Whether the gateway can try what the form is for, and how it wants it.
    pub tests: Option<Policy>,
    /// Something was pressed that sends.
    pub on_press: Callback<Wish>,
    /// A certificate is to be trusted.
    pub on_trust: Callback<String>,
    /// Cancel was pressed.
    pub on_cancel: Callback<MouseEvent>,
}

/// The id by which Save takes the focus.
pub const SAVE_ID: &str = "save";

const SECTIONS: [(Message, &[Role]); 3] = [
    (text::DESTINATION, &[Role::Destination]),
    (text::SIGN_IN, &[Role::Account, Role::Secret]),
    (text::OPTIONS, &[Role::Option]),
];

/// The form.
pub fn form(view: &FormView<'_>) -> Html {
    let FormView {
        form,
        offered,
        act,
        on_press,
        on_trust,
        ..
    } = view;
    let busy = form.work.is_under_way();
    let blocked = busy || matches!(form.keys, Keys::Untrusted(_));
    let onsubmit = on_press.reform(|event: SubmitEvent| {
        event.prevent_default();
        Wish::Save
    });
    // The controls take these from their form: nothing that is typed is corrected or sent to a spelling service.
    html! {
        <form class="card" novalidate=true autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
            {onsubmit} aria-busy={word(busy)}>
            { summary(view) }
            { for view.absence.map(absence) }
            <div class="card__body" inert={blocked}>
                <fieldset class="section" disabled={form.work == Work::Starting}>
                    <legend class="section__title">{ text::DATA_STORE.text() }</legend>
                    { kind_chooser(form, *offered, act.reform(Action::KindChosen), act.reform(Action::AuthChosen)) }
                </fieldset>
                <div class="section section--paste">{ paste(view) }</div>
                { for SECTIONS.iter().map(|(title, roles)| section(view, *title, roles)) }
            </div>
            { trial_report(form, on_trust) }
            { action_bar(view) }
        </form>
    }
}

/// What is pasted has a secret in it: only the program may get it.
fn paste(view: &FormView<'_>) -> Html {
    let FormView {
        form, secrets, act, ..
    } = view;
    let fixed = form.claims.kind.is_some();
    let likely = form.kind.map(|kind| kind.id);
    let wanted = likely.filter(|_| fixed);
    let fields = (*secrets).clone();
    html! {
        <fieldset disabled={form.work == Work::Starting}>
            <PasteField {wanted} {likely} {fields} act={act.clone()} />
            { paste_report(&form.paste) }
        </fieldset>
    }
}

fn summary(view: &FormView<'_>) -> Html {
    let FormView { form, remedy, .. } = view;
    match form.notice() {
        Some(trouble) => notice(trouble, remedy.clone()),
        None if !form.faults.is_empty() => error_summary(form.auth, &form.faults),
        None => Html::default(),
    }
}

fn absence(absence: Absence) -> Html {
    // Pressing the button is input like any other, so it needs nothing of its own.
    html! {
        <section class="notice" role="alert">
            <p class="notice__body">{ text::secrets::absence(absence).text() }</p>
            if absence == Absence::Ending { <button type="button" class="button">{ text::secrets::KEEP_SECRETS.text() }</button> }
        </section>
    }
}

fn section(view: &FormView<'_>, title: Message, roles: &[Role]) -> Html {
    let mut fields = view
        .form
        .fields()
        .filter(|field| roles.contains(&field.role))
        .filter(|field| passphrase(view.form, view.secrets, field.name) == Passphrase::Asked)
        .peekable();
    if fields.peek().is_none() {
        return Html::default();
    }
    // A secret is typed only into a field that the program watches over.
    let disabled = view.form.work == Work::Starting && roles.contains(&Role::Secret);
    html! {
        <fieldset class="section" key={title.text()} {disabled}>
            <legend class="section__title">{ title.text() }</legend>
            // Nothing else is in the list: fields keep to themselves by their keys.
            <div class="grid">{ for fields.map(|shown| field(view, shown)) }</div>
            if roles == [Role::Destination] { { unwritten(view) } }
        </fieldset>
    }
}

fn field(view: &FormView<'_>, field: &'static Field) -> Html {
    let FormView { form, act, .. } = view;
    let fault = fault_of(form, field.name);
    if field.is_secret() {
        return secret(view, field, fault);
    }
    let value = form.value(field.name);
    let on_change = act.reform(|value| Action::PropertyChanged(field.name, value));
    // A list that was touched does not follow its options' attributes any more: another kind gets another list.
    let mut restored = itoa::Buffer::new();
    let key = [
        form.kind.map_or("", |kind| kind.id),
        field.name,
        restored.format(form.restored),
    ];
    html! { <div class="contents" key={key.concat()}>{ property_field(field, value, fault, on_change) }</div> }
}

fn secret(view: &FormView<'_>, field: &'static Field, fault: Option<&str>) -> Html {
    let FormView { form, act, .. } = view;
    let first = form.fields().find(|field| field.is_secret());
    let why = match first {
        Some(first) if first.name == field.name => moved(form, act),
        _ => Html::default(),
    };
    let shown = match form.step(field.name) {
        Step::Keep | Step::Clear => stored_secret(form, field, fault, act),
        Step::Type | Step::Replace | Step::TypeAgain => {
            let on_edit = act.reform(Action::SecretChanged);
            let (fields, fault) = (view.secrets.clone(), fault.map(str::to_owned));
            let other = other_step(form, field, act);
            html! { <SecretField {field} {fields} {fault} {other} {on_edit} /> }
        }
    };
    html! { <div class="contents" key={field.name}>{ why }{ shown }</div> }
}

/// What is in the credential and in no field: a certificate that is trusted, a connection without TLS. And the way back from each.
fn unwritten(view: &FormView<'_>) -> Vec<Html> {
    let mut shown = Vec::new();
    for field in view.form.unwritten() {
        let value = view.form.value(field.name);
        if value.is_empty() {
            continue;
        }
        let clear = move |_: MouseEvent| Action::PropertyChanged(field.name, String::new());
        shown.push(html! {
            <div class="field field--trusted">
                <p class="field__label">{ field.label.text() }</p>
                <div class="stored">
                    <code class="stored__state">{ value.to_owned() }</code>
                    <button type="button" class="button button--small" onclick={view.act.reform(clear)}>{ text::secrets::CLEAR.text() }</button>
                </div>
            </div>
        });
    }
    shown
}

fn action_bar(view: &FormView<'_>) -> Html {
    let starting = view.form.work == Work::Starting;
    let (busy, give_up, status) = match view.form.work {
        Work::Starting => (true, text::CANCEL, text::STARTING.text()),
        Work::Idle => (false, text::CANCEL, ""),
        Work::Checking => (true, text::CANCEL, text::key_files::READING.text()),
        Work::AwaitingKey => (true, text::STOP, text::FETCHING_KEY.text()),
        Work::Testing => (true, text::STOP, trials::TESTING.text()),
        Work::Sending => (true, text::STOP, text::POSTING.text()),
        Work::SendingAgain => (true, text::STOP, text::POSTING_AGAIN.text()),
    };
    let other = |id: &'static str, class: &'static str, words: Message, wish| {
        let onclick = view.on_press.reform(move |_: MouseEvent| wish);
        html! { <button {id} type="button" {class} aria-disabled={word(busy)} {onclick}>{ words.text() }</button> }
    };
    // A quiet choice, until there is a reason for it.
    let untested = if view.form.has_failed() {
        "button"
    } else {
        "link-button"
    };
    html! {
        <div class="action-bar">
            <p class="action-bar__status" role="status">{ status }</p>
            <button type="button" class="button" disabled={starting} onclick={view.on_cancel.clone()}>{ give_up.text() }</button>
            if let Some(policy) = view.tests {
                if policy == Policy::Chosen { { other("save-untested", untested, trials::SAVE_UNTESTED, Wish::SaveUntested) } }
                { other("test", "button", trials::TEST, Wish::Test) }
            }
            <button id={SAVE_ID} type="submit" class="button button--primary" disabled={starting} aria-disabled={word(busy)}>
                if busy { <span class="spinner" aria-hidden="true" /> }
                { text::SAVE.text() }
            </button>
        </div>
    }
}
