//! What the portal may decide about the page's looks, and what it may begin the form with.

use anyhow::{Result, ensure};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::{Value, json};

use super::parent::{Framing, KIND};
use crate::harness::{GatewayPage, TestTicket};

/// The page with a theme and an appearance, in the site's frame.
async fn dressed(framing: &Framing, theme: &str, appearance: Value) -> Result<Value> {
    framing.browser().goto(framing.site.origin()).await?;
    framing.frame().await?;
    framing.greeted().await?;
    let mut connection = framing.connection(&framing.ticket("rates")?)?;
    connection["theme"] = json!(theme);
    connection["appearance"] = appearance;
    framing.post(&connection, &["good"]).await?;
    framing.enter().await?.form().await?;
    let looks = "const of = (element, name) => getComputedStyle(element).getPropertyValue(name); \
        const [root, card, save] = [document.documentElement, document.querySelector('.card'), document.getElementById('save')]; \
        return { scheme: of(root, 'color-scheme'), text: of(document.body, 'color'), ground: of(card, 'background-color'), \
          save: of(save, 'background-color'), saveText: of(save, 'color'), radius: of(card, 'border-start-start-radius'), \
          font: of(save, 'font-family'), style: root.style.cssText };";
    framing.browser().run(looks, vec![]).await
}

#[tokio::test]
async fn tokens_on_the_list_change_the_page_s_looks() -> Result<()> {
    let framing = Framing::set().await?;
    let plain = dressed(&framing, "light", json!({})).await?;
    assert_eq!(plain["scheme"], "light");
    assert_eq!(
        dressed(&framing, "dark", json!({})).await?["scheme"],
        "dark"
    );

    let wanted = json!({
        "background": "#102030", "text": "white", "accent": "oklch(0.85 0.15 90)", "accentText": "#111", "border": "gray",
        "radius": "3px", "fontFamily": "'Noto Sans', serif",
    });
    let looks = dressed(&framing, "light", wanted).await?;
    // By its ground the page is a dark one.
    for (name, value) in [
        ("scheme", "dark"),
        ("text", "rgb(255, 255, 255)"),
        ("ground", "rgb(16, 32, 48)"),
        ("saveText", "rgb(17, 17, 17)"),
        ("radius", "3px"),
        ("font", "\"Noto Sans\", serif"),
    ] {
        assert_eq!(looks[name], value, "{name}");
    }
    assert_ne!(looks["save"], plain["save"]);
    Ok(())
}

#[tokio::test]
async fn nothing_else_gets_into_the_page_s_style() -> Result<()> {
    let framing = Framing::set().await?;
    let plain = dressed(&framing, "", json!({})).await?;
    for refused in [
        // Illegible, alone or with the page's own colours.
        json!({ "text": "#777", "background": "#888" }),
        json!({ "text": "#fff", "background": "white" }),
        json!({ "accent": "#ffff00", "accentText": "#ffffff" }),
        json!({ "background": "#777" }),
        // No colours, or not to be seen through.
        json!({ "background": "rgb(0 0 0 / 50%)", "text": "white" }),
        json!({ "background": "transparent" }),
        json!({ "background": "url(https://evil.example/x)" }),
        json!({ "accent": "red; background: blue" }),
        json!({ "text": 7 }),
        // Not on the list, or not of its form.
        json!({ "radius": "1000px" }),
        json!({ "radius": "1em" }),
        json!({ "radius": "5px; color: red" }),
        json!({ "fontFamily": "x; color: red" }),
        json!({ "fontFamily": "url(x)" }),
        json!({ "--text": "red", "display": "none", "__proto__": "x" }),
    ] {
        let looks = dressed(&framing, "", refused.clone()).await?;
        for name in [
            "scheme", "text", "ground", "save", "saveText", "radius", "font", "style",
        ] {
            assert_eq!(looks[name], plain[name], "{name} of {refused}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_form_begins_with_what_the_portal_knows_but_for_secrets() -> Result<()> {
    let framing = Framing::set().await?;
    framing.frame().await?;
    framing.greeted().await?;
    let defaults = json!({
        "url": "https://größe.example/日本", "userName": "etl", "enableServerCertificateValidation": "false",
        "password": "from the portal", "connection-string": "Server=x", "unknown": "x", "toString": "x",
    });
    let mut connection = framing.connection(&framing.ticket("rates")?)?;
    connection["defaults"] = defaults.clone();
    framing.post(&connection, &["good"]).await?;
    begins_with_them(&framing, framing.enter().await?).await?;

    // In a window of its own as well.
    let encoded = Base64UrlUnpadded::encode_string(defaults.to_string().as_bytes());
    let ticket = TestTicket::new(&framing.stage.gateway, "rates", Some(KIND))?;
    let link = ticket.link(&framing.stage.gateway, &framing.stage.portal)?;
    framing.browser().driver().enter_default_frame().await?;
    let page =
        GatewayPage::follow(framing.browser(), &format!("{link}&defaults={encoded}")).await?;
    begins_with_them(&framing, page).await?;
    // What cannot be read is nothing.
    for nonsense in ["", "!", "bnVsbA", "WzFd", "IngiCg"] {
        let link = format!("{link}&defaults={nonsense}");
        let page = GatewayPage::follow(framing.browser(), &link).await?;
        page.form().await?;
        assert_eq!(page.shown("url").await?, "", "{nonsense}");
    }
    Ok(())
}

async fn begins_with_them(framing: &Framing, page: GatewayPage<'_>) -> Result<()> {
    page.form().await?;
    assert_eq!(page.shown("url").await?, "https://größe.example/日本");
    assert_eq!(page.shown("userName").await?, "etl");
    for field in ["password", "connection-string"] {
        assert_eq!(page.shown(field).await?, "", "{field}");
    }
    let switch =
        "return document.querySelector(\"[name='enableServerCertificateValidation']\").checked;";
    ensure!(
        framing.browser().run(switch, vec![]).await? == json!(false),
        "the switch is on"
    );
    Ok(())
}
