//! What the page shows: each stage's screen from the parts in [`crate::components`].

use envelope::{Kid, fingerprint};
use yew::prelude::*;

use super::{App, Event};
use crate::browser;
use crate::components::context_panel::UNKNOWN;
use crate::components::{
    closing, context_panel, form, identity_change, notice, receipt, ticket_request,
};
use crate::documents::Description;
use crate::lifetime::seconds_until;
use crate::opener;
use crate::state::{Existing, Form, Stage};
use crate::text;
use crate::trouble::Trouble;

impl App {
    /// The screen for the page's stage.
    pub(super) fn screen(&self, ctx: &Context<Self>, gateway: Option<&Description>) -> Html {
        match &self.page.stage {
            Stage::Closed(trouble) => html! {
                <>
                    <h1 class="sr-only">{ text::PRODUCT }</h1>
                    { notice::notice(trouble, self.remedy(ctx, Some(trouble))) }
                </>
            },
            Stage::Editing(form) => html! {
                <>
                    { self.context(ctx, form, gateway) }
                    { self.form(ctx, form, gateway) }
                </>
            },
            Stage::Saved(saved) => {
                let on_close = opener::is_there().then(|| ctx.link().callback(|_| Event::Close));
                receipt::receipt(
                    saved,
                    self.copied,
                    ctx.link().callback(|_| Event::Copy),
                    on_close,
                    self.closes_ms
                        .map(|at| seconds_until(at, browser::now_ms())),
                    ctx.link().callback(|_| Event::KeepOpen),
                )
            }
            Stage::Cancelled => closing::closing(),
        }
    }

    fn context(&self, ctx: &Context<Self>, form: &Form, gateway: Option<&Description>) -> Html {
        let claims = &form.claims;
        let left = self
            .now()
            .map(|now| text::time_left(form.seconds_left(now)));
        let fingerprint = form.identity.as_ref().map(|kid| self.in_words(kid));
        context_panel::context_panel(&context_panel::Context {
            linked_service: claims.ls.as_str(),
            data_factory: claims.df.as_str(),
            gateway: gateway.map_or(claims.aud.as_str(), |gateway| &gateway.name),
            fingerprint: fingerprint.as_deref().unwrap_or(UNKNOWN),
            certificate: gateway.map_or(UNKNOWN, |gateway| &gateway.certificate_sha256),
            requested_by: &claims.sub,
            time_left: left.as_deref().unwrap_or(UNKNOWN),
            stored: &match &form.existing {
                Existing::Asked => UNKNOWN.to_owned(),
                Existing::Nothing => text::NOTHING_STORED.text().to_owned(),
                Existing::Unread => text::STORED_UNREAD.text().to_owned(),
                Existing::Stored(stored) => {
                    text::stored(stored, &browser::local_time(stored.set_at))
                }
            },
            more: match &form.existing {
                Existing::Stored(_) => self.settings(ctx, form),
                _ => Html::default(),
            },
        })
    }

    /// Copying what the form shows. Where the browser does not copy, the text is there to be copied by hand.
    fn settings(&self, ctx: &Context<Self>, form: &Form) -> Html {
        let by_hand = match self.copied {
            Some(text::NOT_COPIED) => form.settings(),
            _ => None,
        };
        let on_copy = ctx.link().callback(|_| Event::Copy);
        receipt::snippet(
            Html::default(),
            text::COPY_SETTINGS.text(),
            by_hand.as_ref(),
            self.copied,
            on_copy,
        )
    }

    fn form(&self, ctx: &Context<Self>, form: &Form, gateway: Option<&Description>) -> Html {
        form::form(&form::FormView {
            form,
            offered: gateway.map(|gateway| gateway.kinds.as_slice()),
            secrets: &self.secrets,
            remedy: self.remedy(ctx, form.notice()),
            absence: self.absence,
            act: ctx.link().callback(Event::Act),
            tests: self.page.tests(),
            on_press: ctx.link().callback(Event::Press),
            on_trust: ctx.link().callback(Event::TrustCertificate),
            on_cancel: ctx.link().callback(|_| Event::Cancel),
        })
    }

    /// What a person can do about a trouble, beside what its advice says.
    fn remedy(&self, ctx: &Context<Self>, trouble: Option<&Trouble>) -> Html {
        match trouble {
            Some(Trouble::IdentityChanged(change)) => identity_change::identity_change(
                change,
                |kid| self.in_words(kid),
                ctx.link().callback(|_| Event::Trust),
            ),
            Some(trouble) if trouble.wants_new_ticket() => {
                let on_take = ctx.link().callback(|()| Event::TakeLink);
                ticket_request::ticket_request(self.link.clone(), on_take)
            }
            _ => Html::default(),
        }
    }

    /// An identity key's thumbprint as people compare it; as it is where the list of words is not there.
    fn in_words(&self, thumbprint: &Kid) -> String {
        fingerprint::words(thumbprint, &self.word_list)
            .unwrap_or_else(|| thumbprint.as_str().to_owned())
    }
}
