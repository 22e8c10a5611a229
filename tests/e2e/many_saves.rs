//! The page's own client, again and again, while the gateway replaces its key as fast as it can: a hundred times, or as often as
//! `E2E_SAVES` says (a thousand take five minutes).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{CredentialToType, Gateway, GatewayPage, Stage, TestTicket, put_requests};

const SAVES: usize = 100;
/// Saves by one call of the script: few enough to be over before a call may take no longer.
const AT_ONCE: usize = 20;

/// Opens a ticket in the window that is there, fills the form when it has taken the focus, saves, and goes on when there is a receipt. A person whose
/// key was replaced more often than the page seals anew by itself presses Save again, and so does this.
const SAVE_EACH: &str = "
    const [tickets, properties, secrets, done] = arguments;
    const until = (ready) => new Promise((resolve) => {
      const look = () => {
        const found = ready();
        if (found) resolve(found); else setTimeout(look);
      };
      look();
    });
    const control = (name) => document.querySelector(`[name='${name}']`);
    const save = async (name, ticket) => {
      location.hash = `ticket=${ticket}`;
      const button = await until(() => document.querySelector('h1')?.textContent === name
        && document.activeElement.closest('form.card')?.querySelector('[type=submit]:enabled'));
      for (const [field, value] of Object.entries(properties)) {
        control(field).value = value;
        control(field).dispatchEvent(new InputEvent('input', { bubbles: true }));
      }
      for (const [field, value] of Object.entries(secrets)) {
        control(field).dispatchEvent(new InputEvent('beforeinput',
          { bubbles: true, cancelable: true, inputType: 'insertText', data: value }));
      }
      button.click();
      for (let presses = 1;; presses += 1) {
        const end = await until(() => document.querySelector('.facts--receipt')
          ?? (button.ariaDisabled === 'false' && document.querySelector('form.card [role=alert][data-code]')));
        if (end.matches('.facts--receipt')) return presses;
        if (end.dataset.code !== 'key_rotated' || presses > 20) throw new Error(`${name}: ${end.innerText}`);
        button.click();
      }
    };
    (async () => {
      const presses = [];
      for (const [name, ticket] of tickets) presses.push(await save(name, ticket));
      done(presses);
    })().catch((error) => done(String(error)));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_saves_from_the_page_during_rotations_none_is_lost_and_none_doubled() -> Result<()>
{
    let saves = std::env::var("E2E_SAVES").map_or(Ok(SAVES), |saves| saves.parse())?;
    let Stage {
        browser,
        portal,
        gateway,
        home: _home,
    } = Stage::set().await?;
    let credential = CredentialToType::sample_of("OnPremisesMySql", "Basic");
    let ticket = TestTicket::new(&gateway, "opened-first", Some(credential.kind.id))?;
    let page = GatewayPage::follow(&browser, &ticket.link(&gateway, &portal)?).await?;
    page.form().await?;

    let gateway = Arc::new(gateway);
    let done = Arc::new(AtomicBool::new(false));
    let rotating = tokio::spawn(rotate_until(done.clone(), gateway.clone()));
    let mut presses = 0;
    for first in (0..saves).step_by(AT_ONCE) {
        let ticket = TestTicket::new(&gateway, "ls", Some(credential.kind.id))?;
        let mut tickets = Vec::new();
        for number in first..first + AT_ONCE {
            let name = format!("ls-{number}");
            let ticket = ticket.clone().with("ls", &*name).with("jti", &*name);
            tickets.push((name, ticket.sign(&portal)?));
        }
        let arguments = vec![
            json!(tickets),
            json!(credential.properties),
            json!(credential.secrets),
        ];
        let pressed = browser.run_to_end(SAVE_EACH, arguments).await?;
        let pressed = pressed.as_array().with_context(|| pressed.to_string())?;
        presses += pressed.iter().filter_map(Value::as_u64).sum::<u64>();
    }
    done.store(true, Ordering::Relaxed);
    let rotations = rotating.await??;

    let stored = gateway.list()?;
    ensure!(stored.len() == saves, "{} are stored", stored.len());
    ensure!(
        stored.iter().all(|stored| stored["version"] == 1),
        "something was stored twice"
    );
    for number in [0, saves / 2, saves - 1] {
        let revealed = gateway.reveal_secret(&format!("ls-{number}"), "password")?;
        ensure!(
            revealed == credential.secrets["password"].as_bytes(),
            "another password came out of ls-{number}"
        );
    }
    let sent = put_requests(&browser.close().await?)?.len();
    println!("{rotations} rotations, {presses} presses of Save, {sent} envelopes sent");
    ensure!(
        rotations >= saves / 10 && sent > saves,
        "{rotations} rotations, {sent} envelopes: nothing was tried"
    );
    Ok(())
}

/// Replaces the key every 200 ms, or as fast as one can be made; how often.
async fn rotate_until(done: Arc<AtomicBool>, gateway: Arc<Gateway>) -> Result<usize> {
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    let mut rotations = 0;
    while !done.load(Ordering::Relaxed) {
        tick.tick().await;
        let gateway = gateway.clone();
        tokio::task::spawn_blocking(move || gateway.rotate_now()).await??;
        rotations += 1;
    }
    Ok(rotations)
}
