//! Secret fields with a real keyboard, clipboard and input method: what is typed never is in the page's document, and arrives as
//! it was typed.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::{Key, TypingData};

use crate::harness::{Browser, CredentialToType, GatewayPage, Stage, TestTicket, eventually};

const KIND: &str = "OnPremisesSqlServer";
const FIELD: &str = "[name='password']";

async fn form(stage: &Stage, linked_service: &str) -> Result<()> {
    let link = TestTicket::new(&stage.gateway, linked_service, Some(KIND))?
        .link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    let mut rest = CredentialToType::sample_of(KIND, "SQL");
    rest.secrets.clear();
    page.fill(&rest).await?;
    stage.browser.click(FIELD).await?;
    Ok(())
}

/// Presses keys in the password field.
async fn press(browser: &Browser, keys: impl Into<TypingData>) -> Result<()> {
    browser.find(FIELD).await?.send_keys(keys).await?;
    Ok(())
}

/// What the field shows, once it is so long.
async fn shows(browser: &Browser, characters: usize) -> Result<String> {
    eventually(&format!("{characters} characters"), async || {
        let shown = browser.find(FIELD).await?.prop("value").await?;
        Ok(shown.filter(|shown| shown.chars().count() == characters))
    })
    .await
}

async fn bullets(browser: &Browser, characters: usize) -> Result<()> {
    let shown = shows(browser, characters).await?;
    ensure!(
        shown.chars().all(|each| each == '•' || each == '\n'),
        "something else than bullets is shown"
    );
    Ok(())
}

/// Saves, and compares what the gateway keeps.
async fn arrives(stage: &Stage, linked_service: &str, secret: &str) -> Result<()> {
    let page = GatewayPage::in_current_window(&stage.browser);
    page.save().await?;
    page.receipt().await?;
    let revealed = stage.gateway.reveal_secret(linked_service, "password")?;
    ensure!(
        revealed == secret.as_bytes(),
        "what came out is not what was typed"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_typed_selected_deleted_and_undone_is_what_arrives() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    form(&stage, "typed").await?;
    press(browser, "never seen").await?;
    bullets(browser, 10).await?;
    // Ctrl+Z clears; it could bring back nothing, because nothing was kept.
    press(browser, Key::Control + "z").await?;
    bullets(browser, 0).await?;
    press(browser, "two wörds").await?;
    bullets(browser, 9).await?;
    press(browser, Key::Control + Key::Backspace).await?;
    bullets(browser, 4).await?;
    press(browser, "keys!").await?;
    press(browser, Key::Backspace + "").await?;
    bullets(browser, 8).await?;
    press(browser, Key::Home + "").await?;
    press(browser, Key::Delete + "").await?;
    bullets(browser, 7).await?;
    press(browser, "T").await?;
    // The two characters behind the caret, replaced by three.
    press(browser, Key::Shift + Key::Right).await?;
    press(browser, Key::Shift + Key::Right).await?;
    press(browser, "xyz").await?;
    bullets(browser, 9).await?;
    arrives(&stage, "typed", "Txyz keys").await
}

#[tokio::test]
async fn a_paste_arrives_and_a_cut_does_not_leave() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    form(&stage, "pasted").await?;
    press(browser, "a").await?;
    browser.paste("line 1\r\nline 2").await?;
    bullets(browser, 15).await?;
    press(browser, Key::Control + "a").await?;
    for key in ["x", "c"] {
        press(browser, Key::Control + key).await?;
        bullets(browser, 15).await?;
        let note = browser.find("#field-password-note").await?.text().await?;
        ensure!(note.contains("cannot be copied"), "nothing is said: {note}");
    }
    // What is on the clipboard still is what was pasted.
    press(browser, Key::End + "").await?;
    press(browser, Key::Control + "v").await?;
    bullets(browser, 29).await?;
    arrives(&stage, "pasted", "aline 1\r\nline 2line 1\r\nline 2").await
}

#[tokio::test]
async fn show_is_undone_by_leaving_the_field_by_save_and_by_another_tab() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    form(&stage, "shown").await?;
    press(browser, "visible?").await?;
    for leave in ["focus", "tab", "save"] {
        browser.click(".secret__reveal").await?;
        let shown = eventually("the text", async || {
            let shown = shows(browser, 8).await?;
            Ok((!shown.contains('•')).then_some(shown))
        })
        .await?;
        ensure!(shown == "visible?", "another text is shown");
        match leave {
            "focus" => browser.click("[name='Data Source']").await?,
            "tab" => {
                let here = browser.driver().window().await?;
                let other = browser.driver().new_tab().await?;
                browser.driver().switch_to_window(other).await?;
                browser.driver().close_window().await?;
                browser.driver().switch_to_window(here).await?;
            }
            _ => {
                // No answer comes, so that the form stays.
                browser.network(true, None).await?;
                GatewayPage::in_current_window(browser).save().await?;
            }
        }
        eventually(leave, async || {
            Ok(shows(browser, 8).await?.starts_with('•').then_some(()))
        })
        .await?;
        browser
            .find(".secret__reveal[aria-pressed='false']")
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_plain_field_is_a_password_field_and_what_is_in_it_arrives() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    form(&stage, "plain").await?;
    press(browser, "from ").await?;
    browser.click(".link-button").await?;
    let field = browser.find("input[name='password']").await?;
    ensure!(field.attr("type").await?.as_deref() == Some("password"));
    ensure!(field.attr("autocomplete").await?.as_deref() == Some("new-password"));
    press(browser, Key::End + "the plain field").await?;
    arrives(&stage, "plain", "from the plain field").await
}

#[tokio::test]
async fn an_input_method_s_text_arrives_and_the_plain_field_is_offered() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    form(&stage, "composed").await?;
    press(browser, "ab").await?;
    press(browser, Key::Left + "").await?;
    let composing = json!({ "text": "にほ", "selectionStart": 2, "selectionEnd": 2 });
    browser.cdp("Input.imeSetComposition", composing).await?;
    let note = browser.find("#field-password-note").await?;
    eventually("a note", async || {
        Ok(note.text().await?.contains("Plain field").then_some(()))
    })
    .await?;
    browser
        .cdp("Input.insertText", json!({ "text": "日本" }))
        .await?;
    bullets(browser, 4).await?;
    press(browser, "c").await?;
    arrives(&stage, "composed", "a日本cb").await
}

#[tokio::test]
async fn a_screen_reader_is_given_the_number_of_characters_and_never_the_characters() -> Result<()>
{
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    form(&stage, "spoken").await?;
    browser.cdp("Accessibility.enable", json!({})).await?;
    let (_, description) = tree(browser, "Hidden: only the number").await?;
    ensure!(
        description.contains("Plain field"),
        "the mode is not described: {description}"
    );
    press(browser, "Zwölf Boxkämpfer").await?;
    let (after, description) = tree(browser, "16 characters").await?;
    ensure!(description == "16 characters", "described as {description}");
    ensure!(
        !after.to_string().contains("Boxk"),
        "the tree holds the secret"
    );
    let nodes = after["nodes"].as_array().context("no nodes")?;
    let status = nodes
        .iter()
        .find(|node| node["role"]["value"] == "status" && node.to_string().contains("polite"));
    ensure!(status.is_some(), "no polite region");
    Ok(())
}

/// What a screen reader is given, once it holds these words, and how it describes the password field.
async fn tree(browser: &Browser, words: &str) -> Result<(Value, String)> {
    let tree = eventually(words, async || {
        let tree = browser
            .cdp("Accessibility.getFullAXTree", json!({}))
            .await?;
        Ok(tree.to_string().contains(words).then_some(tree))
    })
    .await?;
    let is_field = |node: &&Value| {
        let name = node["name"]["value"].as_str().unwrap_or_default();
        node["role"]["value"] == "textbox" && name.starts_with("Password")
    };
    let nodes = tree["nodes"].as_array().context("no nodes")?;
    let field = nodes.iter().find(is_field).context("no field")?;
    let description = field["description"]["value"].as_str().unwrap_or_default();
    Ok((tree.clone(), description.to_owned()))
}

#[tokio::test]
async fn neither_the_document_nor_a_password_field_holds_what_is_captured() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    form(&stage, "nowhere").await?;
    press(browser, "Canary12345").await?;
    bullets(browser, 11).await?;
    let script = "return [document.documentElement.outerHTML, \
         [...document.querySelectorAll('input, textarea')].map((each) => each.value), \
         document.querySelectorAll('[type=password]').length]";
    let found = browser.run(script, vec![]).await?;
    ensure!(
        !found.to_string().contains("Canary"),
        "the document holds it"
    );
    ensure!(
        found[2] == 0,
        "a password field would be the password manager's business"
    );
    Ok(())
}
