//! WCAG 2.2 AA, in the real pages and in each of their states: axe-core in light and in dark, forced colours, reduced motion,
//! 400 % zoom, text spacing, and a document that is written from right to left.

mod inspection;

use anyhow::Result;
use language::LOCALES;

use crate::harness::impostor::{Impostor, statement_in, with_statement};
use crate::harness::{
    Authority, Browser, CredentialToType, GatewayPage, Held, Leaf, PostgreSql, Stage, StageOptions,
    Substitution, TestTicket, Trials, eventually,
};
use inspection::Inspection;

#[tokio::test]
async fn screens_without_a_form_and_those_before_it() -> Result<()> {
    let stage = Stage::set().await?;
    let mut inspection = Inspection::begin(&stage.browser)?;
    let page = GatewayPage::follow(&stage.browser, stage.gateway.origin()).await?;
    page.notice().await?;
    inspection.look("no ticket").await?;
    show_what_boot_shows(&stage.browser).await?;
    inspection.look("what is shown in place of a page").await?;
    let damaged = format!("{}/#ticket=not.a.ticket", stage.gateway.origin());
    let page = GatewayPage::follow(&stage.browser, &damaged).await?;
    page.notice().await?;
    inspection.look("damaged link").await?;

    let held = Held::begin(&stage.browser, ".wasm").await?;
    follow(&stage, "starting", Some("OnPremisesSqlServer")).await?;
    stage.browser.find(".section:disabled").await?;
    inspection.look("starting").await?;
    held.end().await?;

    for (claim, value) in [
        ("op", "delete"),
        ("aud", "gateway-elsewhere"),
        ("kind", "Sybase9"),
    ] {
        let ticket = TestTicket::new(&stage.gateway, "refused", Some("Http"))?.with(claim, value);
        let link = ticket.link(&stage.gateway, &stage.portal)?;
        let page = GatewayPage::follow(&stage.browser, &link).await?;
        page.notice().await?;
        inspection
            .look(&format!("a ticket with another {claim}"))
            .await?;
    }
    let page = follow(&stage, "cancelled", Some("Http")).await?;
    page.form().await?;
    page.cancel().await?;
    stage.browser.find("#closing").await?;
    inspection.look("cancelled").await?;
    inspection.end()
}

#[tokio::test]
async fn forms_and_what_happens_in_them() -> Result<()> {
    let stage = Stage::set().await?;
    let mut inspection = Inspection::begin(&stage.browser)?;
    let page = follow(&stage, "any", None).await?;
    page.form().await?;
    inspection.look("open choice of a kind").await?;
    page.save().await?;
    page.notice().await?;
    inspection.look("no kind chosen").await?;
    for kind in linked_service::catalogue() {
        page.choose("#field-kind", kind.id).await?;
        for auth in kind.auth_types {
            page.choose("#field-auth", auth.id).await?;
            inspection
                .look_zoomed(&format!("{} by {}", kind.id, auth.id))
                .await?;
        }
    }
    for kind in [
        "OnPremisesSqlServer",
        "Sftp",
        "OnPremisesMongoDb",
        "OnPremisesOdbc",
    ] {
        let page = follow(&stage, "fixed", Some(kind)).await?;
        page.form().await?;
        if kind == "Sftp" {
            page.choose("#field-auth", "SshPublicKey").await?;
        }
        inspection.look(kind).await?;
        page.save().await?;
        page.notice().await?;
        inspection.look(&format!("{kind} with faults")).await?;
    }

    let page = follow(&stage, "pasted", Some("OnPremisesSqlServer")).await?;
    page.form().await?;
    let text = "Server=tcp:sql01.corp.example,1433;Initial Catalog=Sales;User ID=etl_reader;Password=one;Pooling=true";
    page.paste_connection_string(text).await?;
    inspection.look("pasted").await?;
    page.paste_connection_string("just some words").await?;
    inspection.look("pasted in vain").await?;
    stage
        .browser
        .click("[data-field='password'] .secret__reveal")
        .await?;
    inspection.look("a secret that is shown").await?;
    page.make_plain("password").await?;
    inspection.look("a plain field").await?;
    let warning = "const now = Date.now.bind(Date); Date.now = () => now() + 245000;";
    stage.browser.run(warning, vec![]).await?;
    stage.browser.find("form > .notice").await?;
    inspection.look("secrets are about to be wiped").await?;
    inspection.end()
}

#[tokio::test]
async fn saving_and_what_comes_of_it() -> Result<()> {
    let stage = Stage::set().await?;
    let mut inspection = Inspection::begin(&stage.browser)?;
    let http = CredentialToType::sample_of("Http", "Basic");
    for (path, state) in [
        ("/v1/keys", "waiting for the key"),
        ("/credential", "sending"),
    ] {
        let held = Held::begin(&stage.browser, path).await?;
        let page = follow(&stage, "waiting", Some("Http")).await?;
        page.fill(&http).await?;
        page.save().await?;
        stage.browser.find("form[aria-busy='true']").await?;
        inspection.look(state).await?;
        held.end().await?;
    }

    let ticket = TestTicket::new(&stage.gateway, "late", Some("Http"))?.expired();
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.form().await?;
    page.fill(&http).await?;
    page.save().await?;
    page.notice().await?;
    inspection.look("expired").await?;

    let first = CredentialToType::sample_of("Sftp", "SshPublicKey");
    let page = follow(&stage, "partner", Some("Sftp")).await?;
    page.fill(&first).await?;
    page.save().await?;
    page.receipt().await?;
    inspection.look("receipt").await?;
    stage.browser.click(".snippet .button").await?;
    eventually("what became of copying", async || {
        let note = stage.browser.find(".snippet .field__note").await?;
        Ok((!note.text().await?.is_empty()).then_some(()))
    })
    .await?;
    inspection.look("receipt, copied").await?;

    let page = follow(&stage, "partner", Some("Sftp")).await?;
    page.form().await?;
    stage.browser.find(".stored").await?;
    inspection.look("a stored credential").await?;
    page.press("[data-field='passPhrase']", "Replace").await?;
    inspection.look("a stored secret is replaced").await?;
    page.press("[data-field='passPhrase']", "Keep").await?;
    page.press("[data-field='passPhrase']", "Clear").await?;
    inspection.look("a stored secret is cleared").await?;
    page.replace("host", "elsewhere.example").await?;
    inspection
        .look("a stored credential goes elsewhere")
        .await?;
    page.save().await?;
    page.notice().await?;
    inspection.look("a secret must be typed again").await?;
    inspection.end()
}

/// A test that goes on, one that has failed at a certificate that can be trusted, and one of an earlier state; in long words and from right to left too.
#[tokio::test]
async fn tests_and_what_comes_of_them() -> Result<()> {
    let server = PostgreSql::start("");
    let (chain, key) = Authority::new("Authority of the test").issue(&Leaf::Sound);
    server.show(&chain, &key);
    let stage = Stage::with(StageOptions {
        trials: Trials::Chosen,
        ..StageOptions::default()
    })
    .await?;
    let mut inspection = Inspection::begin(&stage.browser)?;
    let mut credential = CredentialToType::sample_of("OnPremisesPostgreSql", "Basic");
    let address = format!("127.0.0.1:{}", server.port);
    credential.properties.insert("server", address);
    let open = async |tag: &str| {
        let kind = Some(credential.kind.id);
        let ticket = TestTicket::new(&stage.gateway, &format!("tested-{tag}"), kind)?;
        let link = ticket.link(&stage.gateway, &stage.portal)?;
        let link = link.replacen("#ticket", &format!("?lang={tag}#ticket"), 1);
        let page = GatewayPage::follow(&stage.browser, &link).await?;
        page.fill(&credential).await?;
        page.save().await?;
        stage.browser.find("#trial").await?;
        anyhow::Ok(page)
    };
    for tag in ["en", "de", "ar"] {
        let held = Held::begin(&stage.browser, "/test").await?;
        open(tag).await?;
        inspection.look(&format!("a test goes on in {tag}")).await?;
        held.end().await?;
        let page = open(tag).await?;
        stage.browser.find("#trust-certificate").await?;
        inspection.look(&format!("a failed test in {tag}")).await?;
        page.replace("schema", "other").await?;
        inspection
            .look(&format!("an outdated test in {tag}"))
            .await?;
    }
    inspection.end()
}

#[tokio::test]
async fn the_portal_and_what_only_a_person_can_decide() -> Result<()> {
    let stage = Stage::set().await?;
    let mut inspection = Inspection::begin(&stage.browser)?;
    let http = CredentialToType::sample_of("Http", "Basic");
    let wizard = stage.wizard().await?;
    inspection.look("portal").await?;
    wizard.choose("RatesHttp").await?;
    inspection.look("portal, chosen").await?;
    let page = wizard.press_and_follow().await?;
    page.fill(&http).await?;
    wizard.outcome(&["waiting"]).await?;
    inspection.look("portal, waiting").await?;
    let page = wizard.switch_to_popup().await?;
    page.save().await?;
    page.receipt().await?;
    wizard.stored().await?;
    inspection.look("portal, stored").await?;
    wizard.choose("SalesSqlServer").await?;
    let page = wizard.press_and_follow().await?;
    page.form().await?;
    page.cancel().await?;
    wizard.problem().await?;
    inspection.look("portal, problem").await?;
    wizard.go("next").await?;
    inspection.look("portal, refused").await?;
    wizard.choose("RatesHttp").await?;
    wizard.next("destination").await?;
    inspection.look("portal, destination").await?;
    let sftp = CredentialToType::sample_of("Sftp", "Basic");
    wizard.set("PartnerSftp", &sftp).await?;
    wizard.next("options").await?;
    inspection.look("portal, options").await?;
    wizard.go("next").await?;
    inspection.look("portal, options refused").await?;
    let item = stage.browser.find("#item").await?;
    item.send_keys("/nightly").await?;
    wizard.next("review").await?;
    stage.browser.click("[data-do=copy]").await?;
    wizard.go("finish").await?;
    inspection.look("portal, review").await?;

    let told = stage.gateway.fingerprint()?;
    let genuine = stage.browser.key_document(stage.gateway.origin()).await?;
    let impostor = Impostor::new()?;
    let said = impostor.says(&statement_in(&genuine)?);
    let document = with_statement(&genuine, impostor.sign(&said)?)?;
    let substitution = Substitution::begin(&stage.browser, &document.to_string()).await?;
    let ticket = TestTicket::new(&stage.gateway, "Second", Some("Http"))?.with("thp", told.kid);
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.notice().await?;
    stage.browser.find("#trust").await?;
    inspection.look("another identity key").await?;
    substitution.end().await?;

    inspection.end()
}

/// The longest words and other alphabets: a form with every sort of field and control, its faults, what was pasted in vain, a receipt.
#[tokio::test]
async fn the_screens_in_each_other_language() -> Result<()> {
    let stage = Stage::set().await?;
    let mut inspection = Inspection::begin(&stage.browser)?;
    let others = LOCALES.iter().filter(|locale| locale.tag != "en");
    for locale in others {
        let tag = locale.tag;
        let screen = |name: &str| format!("{name} in {tag}");
        let ticket = TestTicket::new(&stage.gateway, &format!("spoken-{tag}"), Some("Sftp"))?;
        let link = ticket.link(&stage.gateway, &stage.portal)?;
        let link = link.replacen("#ticket", &format!("?lang={tag}#ticket"), 1);
        let page = GatewayPage::follow(&stage.browser, &link).await?;
        page.form().await?;
        page.choose("#field-auth", "SshPublicKey").await?;
        inspection.look(&screen("form")).await?;
        page.save().await?;
        stage.browser.find("[data-code='fields']").await?;
        inspection.look(&screen("faults")).await?;
        page.paste_connection_string("just some words").await?;
        page.fill(&CredentialToType::sample_of("Sftp", "SshPublicKey"))
            .await?;
        inspection.look(&screen("filled in")).await?;
        page.save().await?;
        page.receipt().await?;
        inspection.look(&screen("receipt")).await?;
    }
    inspection.end()
}

/// What boot.js shows when the program cannot run, without breaking it in three ways.
async fn show_what_boot_shows(browser: &Browser) -> Result<()> {
    let script = "for (const id of ['stopped', 'too-old', 'not-loaded']) document.getElementById(id).hidden = false;";
    browser.run(script, vec![]).await?;
    Ok(())
}

async fn follow<'s>(
    stage: &'s Stage,
    linked_service: &str,
    kind: Option<&str>,
) -> Result<GatewayPage<'s>> {
    let ticket = TestTicket::new(&stage.gateway, linked_service, kind)?;
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    GatewayPage::follow(&stage.browser, &link).await
}
