//! The gateway replaces its key while a form is open: the person at the form does not notice.

use anyhow::{Result, ensure};

use crate::harness::{CredentialToType, Engine, Stage, in_each_engine, put_requests};

in_each_engine!(a_key_that_is_replaced_while_the_form_is_open_is_not_noticed);

async fn a_key_that_is_replaced_while_the_form_is_open_is_not_noticed(
    engine: Engine,
) -> Result<()> {
    let stage = Stage::set_in(engine).await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("SalesSqlServer").await?;
    let credential = CredentialToType::sample_of("OnPremisesSqlServer", "SQL");
    page.fill(&credential).await?;
    let before = stage.gateway.fingerprint()?.kid;
    stage.gateway.rotate_now()?;
    let after = stage.gateway.fingerprint()?.kid;
    ensure!(before != after, "nothing was replaced");

    page.save().await?;
    let words = page.receipt().await?;
    ensure!(words.contains(&after), "sealed for another key");
    wizard.stored().await?;
    let shown = stage.gateway.show("SalesSqlServer")?;
    ensure!(shown["version"] == 1, "not one version");
    ensure!(
        stage.gateway.reveal_secret("SalesSqlServer", "password")?
            == credential.secrets["password"].as_bytes(),
        "another password came out"
    );

    // Only Chromium writes down what it did on the network.
    if engine == Engine::Chromium {
        let Stage {
            browser,
            home: _home,
            ..
        } = stage;
        let put = put_requests(&browser.close().await?)?;
        ensure!(put.len() == 2, "not refused once and stored once: {put:?}");
    }
    Ok(())
}
