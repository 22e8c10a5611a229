//! A connection string is pasted instead of typed: fields fill, the secret goes where secrets go, and the rest is told.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::harness::{Engine, Stage, in_each_engine};

/// With what an ADO.NET string, a URL and a page can stumble over.
const PASSWORD: &str = "it's; a \"p{ss=w}rd\" %41 · •";

in_each_engine!(a_pasted_connection_string_is_stored_like_a_typed_one);

async fn a_pasted_connection_string_is_stored_like_a_typed_one(engine: Engine) -> Result<()> {
    let stage = Stage::set_in(engine).await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("SalesSqlServer").await?;
    page.form().await?;
    let pasted = format!(
        "Server=tcp:sql01.corp.example,1433;Initial Catalog=Sales;User ID=etl_reader;Password=\"{}\";Encrypt=True;Pooling=true",
        PASSWORD.replace('"', "\"\"")
    );
    let report = page.paste_connection_string(&pasted).await?;
    ensure!(report.outcome == "taken", "{}", report.words);
    for words in [
        "ADO.NET",
        "SQL Server",
        "Server, Database",
        "Password",
        "Pooling",
    ] {
        ensure!(report.words.contains(words), "{words} is not told");
    }
    ensure!(
        !report.words.contains(PASSWORD),
        "the report has the secret"
    );
    ensure!(
        page.shown("connection-string").await?.is_empty(),
        "the text is still there"
    );
    ensure!(
        page.shown("Initial Catalog").await? == "Sales",
        "not filled in"
    );
    ensure!(
        page.shown("password").await? == "•".repeat(PASSWORD.chars().count()),
        "not captured"
    );
    let document = "return document.documentElement.outerHTML";
    let document = stage.browser.run(document, vec![]).await?;
    ensure!(
        !document.as_str().unwrap_or_default().contains("p{ss=w}rd"),
        "the document has the secret"
    );
    page.save().await?;
    page.receipt().await?;
    ensure!(
        stage.gateway.reveal_secret("SalesSqlServer", "password")? == PASSWORD.as_bytes(),
        "another password was stored"
    );
    let stored = stage.gateway.show("SalesSqlServer")?;
    ensure!(
        stored["properties"]["User ID"] == json!("etl_reader"),
        "another user was stored"
    );
    Ok(())
}

#[tokio::test]
async fn a_text_for_another_kind_is_refused_and_changes_nothing() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("SalesSqlServer").await?;
    page.form().await?;
    let before = page.shown("Data Source").await?;
    for (text, words) in [
        (
            "mysql://etl:secret-one@mysql01/sales",
            "This is for MySQL; this linked service is SQL Server.",
        ),
        ("Server=sql01;Password=\"secret-two", "cannot be read"),
        ("just some words", "not a connection string"),
    ] {
        let report = page.paste_connection_string(text).await?;
        ensure!(
            report.outcome == "refused" && report.words.contains(words),
            "{}",
            report.words
        );
        ensure!(
            !report.words.contains("secret-"),
            "the report has the secret"
        );
    }
    ensure!(
        page.shown("Data Source").await? == before,
        "a field has changed"
    );
    ensure!(
        page.shown("password").await?.is_empty(),
        "a secret was taken"
    );
    Ok(())
}

#[tokio::test]
async fn where_the_kind_is_open_the_text_decides() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("AnyDataStore").await?;
    page.form().await?;
    let report = page
        .paste_connection_string(
            "postgresql://etl_reader:p%40ss@pg01.corp.example:5433/sales?sslmode=require",
        )
        .await?;
    ensure!(
        report.outcome == "taken" && report.words.contains("PostgreSQL"),
        "{}",
        report.words
    );
    ensure!(page.readable("password").await? == "p@ss", "another secret");
    // The other kind's fields take the first one's place, its secret too.
    let report = page
        .paste_connection_string("sftp://etl:other%20secret@sftp01.corp.example:2222/out")
        .await?;
    ensure!(
        report.outcome == "taken" && report.words.contains("SFTP"),
        "{}",
        report.words
    );
    ensure!(
        page.shown("host").await? == "sftp01.corp.example",
        "another host"
    );
    ensure!(page.shown("port").await? == "2222", "another port");
    ensure!(
        page.readable("password").await? == "other secret",
        "another secret"
    );
    Ok(())
}
