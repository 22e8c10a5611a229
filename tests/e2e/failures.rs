//! What can go wrong for an honest person: each has its sentence, and nothing that was typed is lost.

use anyhow::{Context, Result};

use crate::harness::{CredentialToType, Engine, GatewayPage, Stage, TestTicket, in_each_engine};

const LINKED_SERVICE: &str = "SalesSqlServer";
const KIND: &str = "OnPremisesSqlServer";
const PASSWORD: &str = "typed-once-kept-until-it-is-saved";

fn credential() -> CredentialToType {
    CredentialToType::sample_of(KIND, "SQL").with_password(PASSWORD)
}

fn good_link(stage: &Stage) -> Result<String> {
    TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?.link(&stage.gateway, &stage.portal)
}

in_each_engine!(
    a_used_ticket_is_refused_and_the_first_credential_stays,
    a_gateway_that_stopped_before_save_loses_nothing_typed
);

async fn filled<'s>(stage: &'s Stage, link: &str) -> Result<GatewayPage<'s>> {
    let page = GatewayPage::follow(&stage.browser, link).await?;
    page.fill(&credential()).await?;
    Ok(page)
}

/// The form is as it was filled.
async fn nothing_is_lost(page: &GatewayPage<'_>) -> Result<()> {
    for (name, value) in &credential().properties {
        assert_eq!(page.shown(name).await?, *value, "{name}");
    }
    assert!(
        page.readable("password").await? == PASSWORD,
        "the password is gone"
    );
    Ok(())
}

/// Saves and checks that what arrives is what was typed before the failure.
async fn saves_in_the_end(stage: &Stage, page: &GatewayPage<'_>) -> Result<()> {
    page.save().await?;
    page.receipt().await?;
    assert!(stage.gateway.reveal_secret(LINKED_SERVICE, "password")? == PASSWORD.as_bytes());
    Ok(())
}

#[tokio::test]
async fn an_expired_ticket_is_replaced_without_typing_again() -> Result<()> {
    let stage = Stage::set().await?;
    let expired = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?.expired();
    let page = filled(&stage, &expired.link(&stage.gateway, &stage.portal)?).await?;
    page.save().await?;
    let notice = page.notice().await?;
    assert!(
        ["ticket_expired", "ticket_invalid"].contains(&notice.code.as_str()),
        "{notice:?}"
    );
    assert!(notice.words.contains("link"), "{notice:?}");
    nothing_is_lost(&page).await?;
    assert!(stage.gateway.list()?.is_empty());
    page.take_new_link(&good_link(&stage)?).await?;
    saves_in_the_end(&stage, &page).await
}

async fn a_used_ticket_is_refused_and_the_first_credential_stays(engine: Engine) -> Result<()> {
    let stage = Stage::set_in(engine).await?;
    let link = good_link(&stage)?;
    let first = GatewayPage::follow(&stage.browser, &link).await?;
    first.fill(&credential().with_password("the first")).await?;
    first.save().await?;
    first.receipt().await?;
    let page = filled(&stage, &link).await?;
    page.save().await?;
    assert_eq!(page.notice().await?.code, "ticket_used");
    nothing_is_lost(&page).await?;
    assert!(stage.gateway.reveal_secret(LINKED_SERVICE, "password")? == b"the first");
    page.take_new_link(&good_link(&stage)?).await?;
    saves_in_the_end(&stage, &page).await
}

#[tokio::test]
async fn a_key_that_is_not_the_ticket_s_is_refused_before_anything_is_sealed() -> Result<()> {
    let stage = Stage::set().await?;
    let other = "A".repeat(43);
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?.with("thp", other);
    let page = filled(&stage, &ticket.link(&stage.gateway, &stage.portal)?).await?;
    page.save().await?;
    assert_eq!(page.notice().await?.code, "key_not_pinned");
    nothing_is_lost(&page).await?;
    // Nothing was posted: a post would have been audited as one. To be told what is stored the page was refused, too.
    let audit = std::fs::read_to_string(stage.gateway.folder().join("audit.jsonl"))?;
    let of = |event: &str| audit.matches(&format!("\"event\":\"{event}\"")).count();
    assert_eq!(
        (of("ticket_refused"), of("credential_set")),
        (1, 0),
        "something was posted"
    );
    page.take_new_link(&good_link(&stage)?).await?;
    saves_in_the_end(&stage, &page).await
}

async fn a_gateway_that_stopped_before_save_loses_nothing_typed(engine: Engine) -> Result<()> {
    let mut stage = Stage::set_in(engine).await?;
    let link = good_link(&stage)?;
    filled(&stage, &link).await?;
    stage.gateway.stop().await?;
    {
        let page = GatewayPage::in_current_window(&stage.browser);
        page.save().await?;
        let notice = page.notice().await?;
        assert_eq!(notice.code, "gateway_down", "{}", notice.words);
        nothing_is_lost(&page).await?;
    }
    stage.gateway.serve().await?;
    saves_in_the_end(&stage, &GatewayPage::in_current_window(&stage.browser)).await
}

#[tokio::test]
async fn offline_is_told_and_loses_nothing_typed() -> Result<()> {
    let stage = Stage::set().await?;
    let page = filled(&stage, &good_link(&stage)?).await?;
    stage.browser.network(true, None).await?;
    page.save().await?;
    assert_eq!(page.notice().await?.code, "offline");
    nothing_is_lost(&page).await?;
    stage.browser.network(false, None).await?;
    saves_in_the_end(&stage, &page).await
}

#[tokio::test]
async fn a_link_that_permits_nothing_opens_no_form() -> Result<()> {
    let stage = Stage::set().await?;
    let good = good_link(&stage)?;
    let page_alone = good.split('#').next().context("no fragment")?.to_owned();
    let cut = good[..good.len() - 40].to_owned();
    for (link, code) in [
        (page_alone.clone(), "no_ticket"),
        (format!("{page_alone}#ticket="), "ticket_malformed"),
        (
            format!("{page_alone}#ticket=not.a.ticket"),
            "ticket_malformed",
        ),
        (cut, "ticket_malformed"),
    ] {
        let page = GatewayPage::follow(&stage.browser, &link).await?;
        let notice = page.notice().await.with_context(|| link.clone())?;
        assert_eq!(notice.code, code);
        let fields = stage
            .browser
            .driver()
            .find_all(thirtyfour::By::Css("input[type='password'], textarea"))
            .await?;
        assert!(fields.is_empty(), "a secret could be typed");
        page.take_new_link(&good).await?;
        page.form().await?;
    }
    Ok(())
}

#[tokio::test]
async fn tickets_that_the_gateway_must_refuse() -> Result<()> {
    let stage = Stage::set().await?;
    let ticket = || TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND));
    for (what, ticket, codes) in [
        (
            "another gateway",
            ticket()?.with("aud", "gateway-elsewhere"),
            &["wrong_gateway", "ticket_invalid"][..],
        ),
        (
            "another issuer",
            ticket()?.with("iss", "someone-else"),
            &["ticket_invalid"],
        ),
        (
            "another data factory",
            ticket()?.with("df", "other-factory"),
            &["ticket_invalid"],
        ),
        (
            "another operation",
            ticket()?.with("op", "delete"),
            &["ticket_wrong_operation"],
        ),
        (
            "a day's life",
            ticket()?.with("exp", 4_000_000_000u64),
            &["ticket_invalid", "ticket_malformed"],
        ),
    ] {
        let page =
            GatewayPage::follow(&stage.browser, &ticket.link(&stage.gateway, &stage.portal)?)
                .await?;
        if page.opens_a_form().await? {
            page.fill(&credential()).await?;
            page.save().await?;
        }
        let notice = page.notice().await.with_context(|| what.to_owned())?;
        assert!(codes.contains(&notice.code.as_str()), "{what}: {notice:?}");
    }
    assert!(stage.gateway.list()?.is_empty());
    Ok(())
}
