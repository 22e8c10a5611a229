//! A page that frames the gateway's, as a portal's element does, or as somebody hostile does.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::harness::{Browser, GatewayPage, Site, Stage, TestTicket, eventually};

/// The kind of the tickets.
pub(super) const KIND: &str = "Http";
/// What the parent makes for the frame: 128 bits in base64url.
pub(super) const NONCE: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// A gateway, a site that is registered with it as the portal `framing`, and that site's page in the browser.
pub(super) struct Framing {
    pub(super) site: Site,
    pub(super) stage: Stage,
}

/// Frames an address, and keeps what comes from there: `frame`, `messages`, `ports` by name with what each has received.
const FRAME: &str = "
    const [address, done] = arguments;
    window.messages = [];
    window.ports = {};
    window.frame = document.createElement('iframe');
    frame.style.cssText = 'position: absolute; left: 20px; top: 20px; width: 640px; height: 600px; border: 0';
    addEventListener('message', (event) => messages.push([event.origin, event.source === frame.contentWindow, event.data]));
    frame.addEventListener('load', () => done(true), { once: true });
    frame.src = address;
    document.body.append(frame);";

/// Posts a message to the frame with the ports of these names.
const POST: &str = "
    const [message, names, target] = arguments;
    const ends = names.map((name) => {
      const { port1, port2 } = new MessageChannel();
      const heard = [];
      port1.onmessage = ({ data }) => heard.push(data);
      ports[name] = { heard, port: port1 };
      return port2;
    });
    frame.contentWindow.postMessage(message, target, ends);";

impl Framing {
    pub(super) async fn set() -> Result<Self> {
        Self::on(Stage::set().await?).await
    }

    pub(super) async fn on(mut stage: Stage) -> Result<Self> {
        let site = Site::start().await?;
        let key = stage.portal.public_key();
        let register = |name, origin| {
            let factory = "demo-factory";
            stage.gateway.register_issuer(name, origin, key, factory)
        };
        register("framing", site.origin())?;
        stage.gateway.stop().await?;
        stage.gateway.serve().await?;
        stage.browser.goto(site.origin()).await?;
        Ok(Self { site, stage })
    }

    pub(super) fn browser(&self) -> &Browser {
        &self.stage.browser
    }

    /// A ticket of the site's.
    pub(super) fn ticket(&self, linked_service: &str) -> Result<TestTicket> {
        let ticket = TestTicket::new(&self.stage.gateway, linked_service, Some(KIND))?;
        Ok(ticket
            .with("iss", "framing")
            .with("org", self.site.origin()))
    }

    /// Frames the page, and waits until the browser has loaded it or has given it up.
    pub(super) async fn frame(&self) -> Result<()> {
        self.frame_address(&format!("/embed/frame?lang=en#nonce={NONCE}"))
            .await
    }

    pub(super) async fn frame_address(&self, path: &str) -> Result<()> {
        let address = json!(format!("{}{path}", self.stage.gateway.origin()));
        self.browser().run_to_end(FRAME, vec![address]).await?;
        Ok(())
    }

    /// Waits for the frame's greeting.
    pub(super) async fn greeted(&self) -> Result<()> {
        let hello =
            json!([self.stage.gateway.origin(), true, { "type": "cs-hello", "nonce": NONCE }]);
        let greeted = eventually("the frame's greeting", async || {
            let messages = self.messages().await?;
            Ok((messages != json!([])).then_some(messages))
        });
        assert_eq!(greeted.await?, json!([hello]));
        Ok(())
    }

    /// What the window was sent, other than by a port.
    pub(super) async fn messages(&self) -> Result<Value> {
        self.in_parent("return messages;", vec![]).await
    }

    /// The message that a portal's element connects with.
    pub(super) fn connection(&self, ticket: &TestTicket) -> Result<Value> {
        let ticket = ticket.sign(&self.stage.portal)?;
        Ok(json!({
            "type": "cs-connect", "nonce": NONCE, "ticket": ticket, "theme": "", "appearance": {}, "defaults": {},
        }))
    }

    /// Posts a message to the frame from its parent, with new ports of these names.
    pub(super) async fn post(&self, message: &Value, ports: &[&str]) -> Result<()> {
        let target = json!(self.stage.gateway.origin());
        let arguments = vec![message.clone(), json!(ports), target];
        self.in_parent(POST, arguments).await?;
        Ok(())
    }

    /// Frames the page and connects with it by the port `good`.
    pub(super) async fn connect(&self, linked_service: &str) -> Result<()> {
        self.frame().await?;
        self.greeted().await?;
        let connection = self.connection(&self.ticket(linked_service)?)?;
        self.post(&connection, &["good"]).await
    }

    /// What came by a port.
    pub(super) async fn heard(&self, port: &str) -> Result<Vec<Value>> {
        let heard = self
            .in_parent("return ports[arguments[0]].heard;", vec![json!(port)])
            .await?;
        heard.as_array().cloned().context("no such port")
    }

    /// Waits until a message of this type has come by a port, and gives the first.
    pub(super) async fn told(&self, port: &str, kind: &str) -> Result<Value> {
        eventually(&format!("{kind} by the port {port}"), async || {
            let heard = self.heard(port).await?;
            Ok(heard.into_iter().find(|message| message["type"] == kind))
        })
        .await
    }

    /// Runs a script in the site's own page.
    pub(super) async fn in_parent(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.browser().driver().enter_default_frame().await?;
        self.browser().run(script, arguments).await
    }

    /// Goes into the frame: what is done afterwards is done there, until something is done in the parent.
    pub(super) async fn enter(&self) -> Result<GatewayPage<'_>> {
        let driver = self.browser().driver();
        driver.enter_default_frame().await?;
        driver.find(By::Tag("iframe")).await?.enter_frame().await?;
        Ok(GatewayPage::in_current_window(self.browser()))
    }
}
