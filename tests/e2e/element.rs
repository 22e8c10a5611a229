//! `<credential-setter>` by itself: what a portal may do with it, and what it can be told.

mod diagnosis;
mod frame;
mod outcome;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::element_events::{first, listen, problem, told};
use crate::harness::{CredentialToType, GatewayPage, Stage, TestTicket, Wizard, eventually};

const LINKED_SERVICE: &str = "SalesSqlServer";
const KIND: &str = "OnPremisesSqlServer";
/// What linked-service JSON of the time before calls the same kind.
const OTHER_NAME_OF_KIND: &str = "OnPremisesSqlLinkedService";

/// The wizard's element.
const SETTER: &str = "const setter = document.querySelector('#setter'); ";

/// The wizard with its linked service chosen, and all that its element tells written down from now on.
async fn chosen<'s>(stage: &'s Stage) -> Result<Wizard<'s>> {
    let wizard = stage.wizard().await?;
    wizard.choose(LINKED_SERVICE).await?;
    listen(&stage.browser).await?;
    Ok(wizard)
}

#[tokio::test]
async fn a_kind_may_go_by_another_of_its_names() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(OTHER_NAME_OF_KIND))?
        .with("org", stage.portal.origin())
        .sign(&stage.portal)?;
    let ask = format!(
        "{SETTER} const [ticket] = arguments; setter.kind = '{OTHER_NAME_OF_KIND}'; \
         setter.getTicket = async (asked) => {{ window.asked = asked; return ticket; }};"
    );
    stage.browser.run(&ask, vec![json!(ticket)]).await?;
    let page = wizard.press_and_follow().await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    page.save().await?;
    page.receipt().await?;
    // The element believes it; the portal's server issued no such ticket.
    assert_eq!(wizard.problem().await?, "receipt_ticket");
    let saved = first(&stage.browser, "saved").await?;
    assert_eq!(saved.detail["receipt"]["kind"], KIND);
    let asked = stage.browser.run("return window.asked", vec![]).await?;
    assert_eq!(
        asked,
        json!({ "linkedService": LINKED_SERVICE, "kind": OTHER_NAME_OF_KIND })
    );
    Ok(())
}

/// The gateway's page would tell another origin, or nobody.
#[tokio::test]
async fn a_ticket_for_another_portal_s_page_opens_nothing() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?;
    for ticket in [ticket.clone(), ticket.with("org", "https://portal.example")] {
        let ask = format!(
            "{SETTER} const [ticket] = arguments; window.told.length = 0; setter.getTicket = async () => ticket;"
        );
        let compact = ticket.sign(&stage.portal)?;
        stage.browser.run(&ask, vec![json!(compact)]).await?;
        wizard.press().await?;
        let refused = problem(&stage.browser, "ticket_origin").await?;
        ensure!(refused.detail["final"] == true);
        eventually("the window closes", async || {
            Ok((wizard.windows().await? == 1).then_some(()))
        })
        .await?;
    }
    Ok(())
}

/// Another choice while a window is open: the one before is told to be over, and keeps its name.
#[tokio::test]
async fn a_window_that_is_replaced_is_told_to_be_over() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    wizard.press_and_follow().await?.form().await?;
    wizard.switch_to().await?;
    first(&stage.browser, "ready").await?;
    let other = format!("{SETTER} setter.linkedService = 'RatesHttp';");
    stage.browser.run(&other, vec![]).await?;
    wizard.press_and_follow().await?;
    wizard.switch_to().await?;
    let over = first(&stage.browser, "cancel").await?;
    assert_eq!(
        over.detail,
        json!({ "linkedService": LINKED_SERVICE, "reason": "closed" })
    );
    Ok(())
}

/// A portal that closes it as soon as it hears that it opens.
#[tokio::test]
async fn it_may_be_closed_by_whoever_is_told_that_it_opens() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    let close = format!(
        "{SETTER} setter.mode = 'frame'; setter.addEventListener('cs-open', () => setter.close(), {{ once: true }});"
    );
    stage.browser.run(&close, vec![]).await?;
    wizard.press().await?;
    first(&stage.browser, "cancel").await?;
    let left = format!("{SETTER} return setter.shadowRoot.querySelectorAll('iframe').length;");
    assert_eq!(stage.browser.run(&left, vec![]).await?, json!(0));
    Ok(())
}

#[tokio::test]
async fn a_receipt_for_another_ticket_is_not_believed() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    wizard.set_credential(LINKED_SERVICE).await?.form().await?;
    let message =
        json!({ "type": "cs-saved", "receipt": receipt("not-the-ticket-s"), "jws": "a.b.c" });
    post(&stage, message).await?;
    assert_eq!(wizard.problem().await?, "receipt_mismatch");
    Ok(())
}

/// Whoever answers for the portal can tell the gateway's administrator which line of the log it is.
#[tokio::test]
async fn what_the_gateway_refuses_has_its_name_in_the_gateway_s_log() -> Result<()> {
    let stage = Stage::set().await?;
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?
        .with("org", stage.portal.origin());
    let credential = CredentialToType::sample_of(KIND, "SQL");
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.fill(&credential).await?;
    page.save().await?;
    page.receipt().await?;

    let wizard = chosen(&stage).await?;
    let again =
        format!("{SETTER} const [ticket] = arguments; setter.getTicket = async () => ticket;");
    let compact = ticket.sign(&stage.portal)?;
    stage.browser.run(&again, vec![json!(compact)]).await?;
    let page = wizard.press_and_follow().await?;
    page.fill(&credential.with_password("another one")).await?;
    page.save().await?;
    wizard.switch_to().await?;
    let refused = problem(&stage.browser, "ticket_used").await?;
    let id = refused.detail["correlationId"].as_str();
    let id = id.context("the portal is not told which request it was")?;
    let log = std::fs::read_to_string(stage.home().join("gateway.log"))?;
    let line = log
        .lines()
        .find(|line| line.contains(id))
        .context("not in the log")?;
    ensure!(line.contains("ticket_used"), "{line}");
    Ok(())
}

#[tokio::test]
async fn nothing_but_known_members_of_known_messages_is_told() -> Result<()> {
    const SECRET: &str = "must-not-be-told";
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    // The ticket is noted on its way, for a receipt that is believed.
    let note = format!(
        "{SETTER} const getTicket = setter.getTicket; \
         setter.getTicket = async (asked) => (window.ticket = await getTicket(asked));"
    );
    stage.browser.run(&note, vec![]).await?;
    wizard.press_and_follow().await?.form().await?;
    wizard.switch_to().await?;
    first(&stage.browser, "ready").await?;
    let jti = "return JSON.parse(atob(window.ticket.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).jti";
    let jti = stage.browser.run(jti, vec![]).await?;

    let mut receipt = receipt(jti.as_str().context("no ticket")?);
    receipt["password"] = json!(SECRET);
    receipt["account"] = json!({ "password": SECRET });
    for message in [
        json!(SECRET),
        json!(null),
        json!({ "type": "cs-password", "password": SECRET }),
        json!({ "type": "cs-open", "mode": SECRET }),
        json!({ "type": "cs-ready", "linkedService": SECRET, "password": SECRET }),
        json!({ "type": "cs-error" }),
        json!({ "type": "cs-error", "code": null }),
        json!({ "type": "cs-error", "code": ["store_failed"] }),
        json!({ "type": "cs-error", "code": "Has Spaces And CAPITALS", "message": SECRET, "advice": SECRET, "password": SECRET }),
        json!({ "type": "cs-error", "code": "store_failed", "correlationId": "urn:credential-gateway:request:0af7120af7120af7", "offer": SECRET, "final": SECRET }),
        json!({ "type": "cs-error", "code": "store_failed", "correlationId": format!("urn:credential-gateway:request:{SECRET}") }),
        json!({ "type": "cs-tested", "outcome": SECRET, "cause": [SECRET], "result": SECRET }),
        json!({ "type": "cs-saved", "receipt": receipt, "jws": "a.b.c", "secrets": { "password": SECRET } }),
    ] {
        post(&stage, message).await?;
    }
    wizard.switch_to().await?;
    let saved = first(&stage.browser, "saved").await?;
    assert_eq!(saved.detail["receipt"]["account"], Value::Null);
    let all = told(&stage.browser).await?;
    ensure!(
        !format!("{all:?}").contains(SECRET),
        "it was told: {all:#?}"
    );
    let of = |name: &str| {
        all.iter()
            .filter(|each| each.name == name)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("open").len(), 1);
    let codes: Vec<&Value> = of("error")
        .iter()
        .map(|each| &each.detail["code"])
        .collect();
    let [unknown, failed] = ["unknown", "store_failed"];
    assert_eq!(codes, [unknown, unknown, unknown, unknown, failed, failed]);
    let ids: Vec<&Value> = of("error")
        .iter()
        .map(|each| &each.detail["correlationId"])
        .collect();
    let mut expected = [&Value::Null; 6];
    let id = json!("0af7120af7120af7");
    expected[4] = &id;
    assert_eq!(ids, expected);
    let tested = first(&stage.browser, "tested").await?;
    assert_eq!(
        tested.detail,
        json!({ "outcome": "failed", "cause": null, "linkedService": LINKED_SERVICE })
    );
    Ok(())
}

#[tokio::test]
async fn two_elements_work_at_once_and_hear_their_own_window() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    let second = format!(
        "{SETTER} const second = document.createElement('credential-setter'); second.id = 'second'; \
         second.gateway = setter.gateway; second.linkedService = 'RatesHttp'; second.getTicket = setter.getTicket; \
         document.body.append(second);"
    );
    stage.browser.run(&second, vec![]).await?;
    let first_page = wizard.press_and_follow().await?;
    first_page.form().await?;
    let one = stage.browser.driver().window().await?;
    wizard.switch_to().await?;
    let before = stage.browser.driver().windows().await?;
    stage.browser.click("#second").await?;
    let other = eventually("a second window", async || {
        let windows = stage.browser.driver().windows().await?;
        Ok(windows.into_iter().find(|window| !before.contains(window)))
    })
    .await?;
    stage.browser.driver().switch_to_window(other).await?;
    let page = GatewayPage::in_current_window(&stage.browser);
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    page.save().await?;
    page.receipt().await?;
    stage.browser.driver().switch_to_window(one).await?;
    first_page.cancel().await?;
    wizard.switch_to().await?;
    let saved = first(&stage.browser, "saved").await?;
    let cancelled = first(&stage.browser, "cancel").await?;
    assert_eq!(
        (saved.id.as_str(), &saved.detail["linkedService"]),
        ("second", &json!("RatesHttp"))
    );
    assert_eq!(
        (cancelled.id.as_str(), &cancelled.detail["reason"]),
        ("setter", &json!("cancelled"))
    );
    Ok(())
}

#[tokio::test]
async fn it_can_be_defined_twice_moved_and_filled_in_before_it_is_defined() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let before = "return Object.getOwnPropertyNames(window).length";
    let before = stage.browser.run(before, vec![]).await?;
    let again = "const done = arguments[arguments.length - 1];
        import('/credential-setter.js?again').then(
          (module) => done([Object.keys(module), Object.getOwnPropertyNames(window).length]), (error) => done(String(error)));";
    let again = stage.browser.run_to_end(again, vec![]).await?;
    assert_eq!(again, json!([["CredentialSetterElement"], before]));

    // A document of its own has no definition yet; what is set there must survive the move to where there is one.
    let early = format!(
        "{SETTER} const early = document.implementation.createHTMLDocument().createElement('credential-setter'); \
         early.id = 'early'; early.gateway = setter.gateway; early.linkedService = 'RatesHttp'; early.disabled = true; \
         early.getTicket = setter.getTicket; early.defaults = {{ url: 'https://rates.example/' }}; \
         document.body.prepend(document.adoptNode(early)); \
         return [early.getAttribute('gateway') === setter.gateway, early.getAttribute('linked-service'), \
           early.hasAttribute('disabled'), early.getTicket === setter.getTicket, early.defaults.url, \
           Object.hasOwn(early, 'gateway'), early.remove()].slice(0, 6);"
    );
    let early = stage.browser.run(&early, vec![]).await?;
    assert_eq!(
        early,
        json!([
            true,
            "RatesHttp",
            true,
            true,
            "https://rates.example/",
            false
        ])
    );

    // Moved while its window is open, it goes on listening; removed, it does not.
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    page.form().await?;
    wizard.switch_to().await?;
    listen(&stage.browser).await?;
    stage
        .browser
        .run(&format!("{SETTER} document.body.append(setter)"), vec![])
        .await?;
    post(&stage, json!({ "type": "cs-error", "code": "first" })).await?;
    wizard.switch_to().await?;
    problem(&stage.browser, "first").await?;
    stage
        .browser
        .run(
            &format!("{SETTER} window.removed = setter; setter.remove()"),
            vec![],
        )
        .await?;
    let hear = "window.told = []; window.removed.addEventListener('cs-error', (event) => window.told.push(event.detail))";
    stage.browser.run(hear, vec![]).await?;
    post(&stage, json!({ "type": "cs-error", "code": "second" })).await?;
    wizard.switch_to().await?;
    // A message posted now comes after the one before.
    let after = "const done = arguments[arguments.length - 1]; addEventListener('message', () => done(window.told), { once: true }); \
         window.postMessage('', '*');";
    assert_eq!(stage.browser.run_to_end(after, vec![]).await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn close_tells_of_it_and_reset_does_not() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    wizard.set_credential(LINKED_SERVICE).await?.form().await?;
    wizard.switch_to().await?;
    listen(&stage.browser).await?;
    stage
        .browser
        .run(&format!("{SETTER} setter.close()"), vec![])
        .await?;
    let cancelled = first(&stage.browser, "cancel").await?;
    assert_eq!(
        cancelled.detail,
        json!({ "reason": "closed", "linkedService": LINKED_SERVICE })
    );
    one_window(&stage).await?;

    wizard.press_and_follow().await?.form().await?;
    wizard.switch_to().await?;
    listen(&stage.browser).await?;
    stage
        .browser
        .run(&format!("{SETTER} setter.reset()"), vec![])
        .await?;
    one_window(&stage).await?;
    assert_eq!(told(&stage.browser).await?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn what_the_portal_leaves_out_is_told_with_what_to_do() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    for (change, code) in [
        ("gateway = ''", "gateway_address"),
        ("gateway = 'ftp://localhost/'", "gateway_address"),
        ("gateway = 'http://localhost:1/'", "gateway_insecure"),
        ("linkedService = ''", "linked_service_missing"),
        ("getTicket = null", "ticket_source_missing"),
    ] {
        let script = format!(
            "{SETTER} const copy = setter.cloneNode(true); copy.id = 'copy'; copy.gateway = setter.gateway; \
             copy.getTicket = setter.getTicket; copy.{change}; document.querySelector('#copy')?.remove(); document.body.prepend(copy); \
             let code = null; copy.addEventListener('cs-error', (event) => {{ code = event.detail; }}); copy.open(); \
             return [code, copy.shadowRoot.querySelector('[part=note]').textContent];"
        );
        let answer = stage.browser.run(&script, vec![]).await?;
        let (detail, said) = (&answer[0], answer[1].as_str().unwrap_or_default());
        assert_eq!(detail["code"], code, "{change}");
        assert_eq!(detail["final"], true, "{change}");
        let words = format!("{} {}", text(&detail["message"]), text(&detail["advice"]));
        assert_eq!(said, words, "{change}");
    }
    assert_eq!(wizard.windows().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_window_begins_with_what_the_portal_knows() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    wizard.choose(LINKED_SERVICE).await?;
    let known = format!(
        "{SETTER} setter.defaults = {{ 'Initial Catalog': 'Sales-ä', password: 'not from here' }};"
    );
    stage.browser.run(&known, vec![]).await?;
    let page = wizard.press_and_follow().await?;
    page.form().await?;
    assert_eq!(page.shown("Initial Catalog").await?, "Sales-ä");
    ensure!(
        page.readable("password").await?.is_empty(),
        "a secret was filled in"
    );
    Ok(())
}

#[tokio::test]
async fn a_blocked_window_is_offered_again_by_a_button() -> Result<()> {
    let stage = Stage::set().await?;
    chosen(&stage).await?;
    // Not in a click, when those before are forgotten: blocked. (A script of the driver's own counts as a click.)
    let evaluate = async |expression: &str| {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        stage.browser.cdp("Runtime.evaluate", parameters).await
    };
    eventually("the end of the click", async || {
        let active = evaluate("navigator.userActivation.isActive").await?;
        Ok((active["result"]["value"] == false).then_some(()))
    })
    .await?;
    evaluate(&format!("{{ {SETTER} setter.open() }}")).await?;
    let blocked = problem(&stage.browser, "popup_blocked").await?;
    assert_eq!(blocked.detail["offer"], "popup");
    let offered = format!("{SETTER} return setter.shadowRoot.querySelector('[part=offer]')");
    let offered = stage
        .browser
        .driver()
        .execute(&offered, vec![])
        .await?
        .element()?;
    let before = stage.browser.driver().windows().await?;
    offered.click().await?;
    eventually("the gateway's window", async || {
        Ok((stage.browser.driver().windows().await?.len() > before.len()).then_some(()))
    })
    .await?;
    first(&stage.browser, "ready").await?;
    let said =
        format!("{SETTER} return setter.shadowRoot.querySelector('[part=note]').textContent");
    assert_eq!(stage.browser.run(&said, vec![]).await?, json!(""));
    Ok(())
}

/// A receipt for the linked service, well formed.
fn receipt(jti: &str) -> Value {
    json!({
        "v": 1, "gw": "g", "df": "demo-factory", "ls": LINKED_SERVICE, "kind": KIND, "auth": "SQL",
        "target": "sql01", "account": null, "version": 9, "kid": "k", "jti": jti, "sub": "s", "at": 1,
    })
}

/// Posts a message from the gateway's window, as a page in it would.
async fn post(stage: &Stage, message: Value) -> Result<()> {
    let windows = stage.browser.driver().windows().await?;
    let popup = windows
        .into_iter()
        .nth(1)
        .context("no window of the gateway's")?;
    stage.browser.driver().switch_to_window(popup).await?;
    let post = "window.opener.postMessage(arguments[0], arguments[1])";
    let portal = json!(stage.portal.origin());
    stage
        .browser
        .run(post, vec![message, portal])
        .await
        .map(drop)
}

async fn one_window(stage: &Stage) -> Result<()> {
    eventually("the window's end", async || {
        Ok((stage.browser.driver().windows().await?.len() == 1).then_some(()))
    })
    .await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
