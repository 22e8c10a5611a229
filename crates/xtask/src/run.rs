//! The product on this machine: a gateway and a demo portal, until Ctrl-C.

mod demo;
mod settings;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::process::service::Service;
use crate::workspace::Workspace;
use crate::{page, programs, terminal};
use demo::{Demo, Identification};

/// What a person may choose.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// Port of the gateway (HTTPS)
    #[arg(long, default_value_t = 8050)]
    gateway_port: u16,
    /// Port of the demo portal (HTTP)
    #[arg(long, default_value_t = 8051)]
    portal_port: u16,
}

/// How long a program may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(20);

enum Event {
    /// Ctrl-C, or somebody ended us.
    Stop,
    /// A program ended by itself.
    Ended(&'static str),
}

/// Builds what is not built, starts both programs, prints where they are, and stops them when told to.
///
/// # Errors
/// When a port is taken, a build fails, or a program does not start or ends by itself.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    if options.gateway_port == options.portal_port {
        bail!("the gateway and the portal need a port each");
    }
    must_be_free(options.gateway_port, "gateway")?;
    must_be_free(options.portal_port, "portal")?;
    page::build(workspace)?;
    let programs = programs::build(workspace)?;
    let demo = Demo::prepare(workspace, programs, options)?;
    let identification = demo.identify()?;

    let (send, events) = mpsc::channel();
    stop_on_signal(send.clone())?;
    let start = |name, mut command| {
        let send = send.clone();
        Service::start(name, &mut command, move || {
            // Nobody listens any more once everything is being stopped.
            let _ = send.send(Event::Ended(name));
        })
    };
    let listening = |line: &str| line.strip_prefix("listening ").map(str::to_owned);
    let mut gateway = start("gateway", demo.gateway())?;
    let gateway_url = gateway.wait_for(PATIENCE, listening)?;
    let mut portal = start("portal", demo.portal(&identification))?;
    let portal_url = portal.wait_for(PATIENCE, listening)?;
    invite(
        workspace,
        &demo,
        &identification,
        &gateway_url,
        &portal_url,
        begun.elapsed(),
    );

    let event = events.recv().context("nobody is left to wait for")?;
    terminal::say("\nStopping.");
    portal.stop(PATIENCE)?;
    gateway.stop(PATIENCE)?;
    match event {
        Event::Stop => Ok(()),
        Event::Ended(name) => bail!("the {name} ended by itself; its last lines are above"),
    }
}

/// What to do now.
fn invite(
    workspace: &Workspace,
    demo: &Demo,
    identification: &Identification,
    gateway: &str,
    portal: &str,
    took: Duration,
) {
    let Identification {
        ca_certificate,
        fingerprint,
        ..
    } = identification;
    let trust = ca_certificate.as_ref().map_or_else(String::new, |ca| {
        format!(
            "
    or make Chromium and Chrome trust its certificate authority once (package libnss3-tools):
    certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n credential-setter-demo -i {}",
            workspace.shown(ca)
        )
    });
    let data = demo.gateway_folder();
    let program = demo.gateway_program();
    let (data, program) = (workspace.shown(&data), workspace.shown(program));
    terminal::say(format!(
        "
  Portal, its copy wizard   {portal}
  Gateway, the page         {gateway}

  1. Open the portal, choose a linked service, press \"Set credential\".
  2. The gateway's certificate is its own: choose \"Advanced\" and \"Proceed to localhost\" in the window that opens,{trust}
  3. See what was stored:   {program} --data-folder {data} list
     Without the portal:    {program} --data-folder {data} ticket my-database

{fingerprint}
  Ready after {}. Ctrl-C stops everything.",
        terminal::seconds(took)
    ));
}

fn must_be_free(port: u16, of: &str) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).with_context(|| {
        format!("port {port} is not free, perhaps because `cargo xtask run` runs already: stop what uses it, or choose another with --{of}-port")
    })
}

fn stop_on_signal(send: Sender<Event>) -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        for _ in signals.forever() {
            if send.send(Event::Stop).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_a_clear_sentence() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = taken.local_addr().expect("has an address").port();
        let error = must_be_free(port, "gateway")
            .expect_err("it is taken")
            .to_string();
        assert!(
            error.starts_with(&format!("port {port} is not free"))
                && error.ends_with("--gateway-port"),
            "{error}"
        );
    }
}
