//! Passwords that break connection strings, forms, terminals and files: each comes out as it went in.

use anyhow::{Context, Result};

use crate::harness::{CredentialToType, GatewayPage, Stage, TestTicket};

const KIND: &str = "OnPremisesSqlServer";
const AUTH: &str = "SQL";

/// Name and value.
fn hostile_secrets() -> Vec<(&'static str, String)> {
    let named = |name, value: &str| (name, value.to_owned());
    vec![
        named("one space", " "),
        named("spaces around", "  a  "),
        named("quotes", r#"'"''""`''"""#),
        named("braces", "{a}{{b}}}c{"),
        named("semicolons and equals", ";Password=x;;Encrypt=False;==;"),
        named("percent", "%41%00%%%s%n%2525"),
        named("backslashes", r"\\n\0\x41\"),
        named("markup", "<script>alert(1)</script>&amp;&#65;"),
        named("shell", "$(id) `id` ${HOME} !! ~ * ? |"),
        named("emoji", "p😀🔐👩‍👩‍👧‍👦🇩🇪ss"),
        named("right to left", "סיסמה كلمة \u{202e}abc\u{202c}"),
        named(
            "combining, not normalised",
            "e\u{301}\u{e9}A\u{30a}\u{212b}",
        ),
        named("other scripts", "密碼пароль𝔭𝔞𝔰𝔰"),
        named(
            "byte order mark and joiners",
            "\u{feff}a\u{200b}b\u{200d}c\u{2028}d",
        ),
        named("NUL", "before\0after\0"),
        named("newline", "line 1\nline 2\n"),
        named("CR LF", "line 1\r\nline 2\r\n"),
        named("lone CR", "a\rb"),
        named("tab and other controls", "a\tb\u{1}\u{7f}\u{1b}[31m"),
        ("4 KB", "0123456789abcdef".repeat(256)),
        ("4 KB of other characters", "€".repeat(1365)),
    ]
}

#[tokio::test]
async fn hostile_secrets_arrive_byte_for_byte() -> Result<()> {
    let stage = Stage::set().await?;
    for (index, (name, secret)) in hostile_secrets().into_iter().enumerate() {
        let linked_service = format!("hostile-{index}");
        set(&stage, &linked_service, &secret)
            .await
            .with_context(|| name.to_owned())?;
        let revealed = stage.gateway.reveal_secret(&linked_service, "password")?;
        assert!(
            revealed == secret.as_bytes(),
            "{name}: what came out is not what went in"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_secret_that_is_too_long_is_refused_in_words_and_stays_in_the_form() -> Result<()> {
    let stage = Stage::set().await?;
    let secret = "x".repeat(4097);
    let page = fill(&stage, "too-long", &secret).await?;
    page.save().await?;
    let notice = page.notice().await?;
    assert_eq!(notice.code, "fields", "{}", notice.words);
    assert!(
        page.readable("password").await? == secret,
        "what was typed is gone"
    );
    assert!(stage.gateway.list()?.is_empty());
    Ok(())
}

async fn set(stage: &Stage, linked_service: &str, secret: &str) -> Result<()> {
    let page = fill(stage, linked_service, secret).await?;
    page.save().await?;
    page.receipt().await?;
    Ok(())
}

async fn fill<'s>(stage: &'s Stage, linked_service: &str, secret: &str) -> Result<GatewayPage<'s>> {
    let link = TestTicket::new(&stage.gateway, linked_service, Some(KIND))?
        .link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.fill(&CredentialToType::sample_of(KIND, AUTH).with_password(secret))
        .await?;
    Ok(page)
}
