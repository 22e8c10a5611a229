//! Writes the form of each kind of data store as HTML, from the components that the page itself is made of. index.html holds
//! them, boot.js shows the one that the ticket names, and the program takes it over with what was typed by then.
//!
//! Called by `cargo xtask page` with the path of the file to write.

use std::path::PathBuf;
use std::{env, fs, io};

use credential_setter::capture::SecretFields;
use credential_setter::components::context_panel::{Context, UNKNOWN, context_panel};
use credential_setter::components::form::{FormView, form};
use credential_setter::components::masthead::masthead;
use credential_setter::state::{Form, Page, Work};
use envelope::{
    DataFactoryName, GatewayId, Kid, LinkedServiceName, Operation, TicketClaims, TicketId,
    UnixSeconds,
};
use language::{Message, Words};
use linked_service::{Kind, catalogue};
use yew::LocalServerRenderer;
use yew::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let file = env::args_os().nth(1).map(PathBuf::from);
    let file = file.ok_or_else(|| io::Error::other("the path of the file to write is missing"))?;
    language::speak(Words::new(one_character_each(), |_| String::new()));
    let mut templates = String::new();
    for kind in catalogue() {
        let html = LocalServerRenderer::<Skeleton>::with_props(SkeletonProps { kind })
            .hydratable(false)
            .render()
            .await;
        if html.is_empty() {
            return Err(io::Error::other(format!("{} has no form", kind.id)));
        }
        templates += &format!("<template id=\"form-{}\">{html}</template>\n", kind.id);
    }
    fs::write(file, templates)
}

/// A language whose messages are a private-use character each: the forms are the same in all languages, and boot.js puts the
/// words in. U+E000 stands for the first message.
fn one_character_each() -> &'static str {
    let characters = (0xE000..0xF8FF).filter_map(char::from_u32);
    let lines: Vec<_> = characters.take(Message::COUNT).map(String::from).collect();
    lines.join("\n").leak()
}

#[derive(Clone, PartialEq, Properties)]
struct SkeletonProps {
    kind: &'static Kind,
}

/// The page with a form of this kind; what only the ticket and the gateway can tell is left open.
#[component]
fn Skeleton(props: &SkeletonProps) -> Html {
    let Some(form_of_kind) = starting(props.kind) else {
        return Html::default();
    };
    let nothing = Context {
        linked_service: UNKNOWN,
        data_factory: UNKNOWN,
        gateway: UNKNOWN,
        fingerprint: UNKNOWN,
        certificate: UNKNOWN,
        requested_by: UNKNOWN,
        time_left: UNKNOWN,
        stored: UNKNOWN,
        more: Html::default(),
    };
    let view = FormView {
        form: &form_of_kind,
        offered: None,
        secrets: &SecretFields::default(),
        remedy: Html::default(),
        absence: None,
        act: Callback::noop(),
        tests: None,
        on_press: Callback::noop(),
        on_trust: Callback::noop(),
        on_cancel: Callback::noop(),
    };
    html! {
        <>
            { masthead(None) }
            <main class="page">
                { context_panel(&nothing) }
                { form(&view) }
            </main>
        </>
    }
}

/// The form as a ticket for this kind opens it, before the program is there.
fn starting(kind: &Kind) -> Option<Form> {
    let claims = TicketClaims {
        iss: String::new(),
        aud: GatewayId::parse("-").ok()?,
        sub: String::new(),
        jti: TicketId::parse("-").ok()?,
        iat: UnixSeconds(0),
        nbf: UnixSeconds(0),
        exp: UnixSeconds(0),
        op: Operation::Set,
        df: DataFactoryName::parse("-").ok()?,
        ls: LinkedServiceName::parse("-").ok()?,
        kind: Some(kind.id.to_owned()),
        thp: Kid::of_canonical_json("-"),
        org: None,
    };
    let mut form = Page::open(Ok(&claims)).form()?.clone();
    form.work = Work::Starting;
    Some(form)
}
