//! `test`: has the gateway try a credential at its data store; nothing is stored.

use std::process::ExitCode;

use clap::Args;

use super::interruption;
use super::sealing::Delivery;
use crate::arguments::General;
use crate::credential_form::FormArguments;
use crate::failure::{Cause, Failure};
use crate::terminal::Format;
use crate::test_report::Line;

#[derive(Args)]
#[command(after_help = "\
The ticket is not used up: the same one sets the credential afterwards. Twenty tests are made under one.

Examples:
  pass show sales-db | credset test --ticket-file ticket --kind OnPremisesPostgreSql \\
      -p server=pg01.corp -p database=sales -p username=etl --password-stdin
  # The stored password, towards the stored destination:
  credset test --ticket-file ticket --kind OnPremisesPostgreSql -p server=pg01.corp -p database=archive \\
      -p username=etl --keep password
  # A certificate that was compared with the data store's administrator:
  credset test --ticket-file ticket --connection-string-file connection.txt --trust-certificate 2C:26:B4:…")]
pub(crate) struct Test {
    #[command(flatten)]
    form: FormArguments,
}

impl Test {
    pub(crate) async fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let terminal = general.terminal();
        self.form.check_sources(general.ticket.source())?;
        let given = general.ticket.read_for_test()?;
        let permitted = given.ticket.claims().kind.clone();
        let mut note = |text: String| terminal.warning(&text);
        let form = self.form.fill(permitted.as_deref(), &mut note)?;
        let gateway = general.client(given.gateway)?;
        let mut told = Ok(());
        let report = interruption::or(async {
            terminal.progress(&format!("{}: fetching the key", gateway.address()));
            let mut delivery = Delivery::prepare(general, &gateway, &given.ticket).await?;
            terminal.progress("sealing and sending");
            let as_it_comes = |line: &Line| {
                if terminal.format() == Format::Text && told.is_ok() {
                    told = terminal.text(&line.lines());
                }
            };
            delivery.test(&form, as_it_comes).await
        })
        .await?;
        told?;
        match (terminal.format(), report.unsaid()) {
            (Format::Json, _) => terminal.result(&report, "")?,
            (Format::Text, Some(why)) => terminal.text(&why.to_string())?,
            (Format::Text, None) => {}
        }
        // The report has said why.
        Ok(match report.passed() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(Cause::DataStore.code()),
        })
    }
}
