//! `set`: seals a credential, sends it, prints the receipt.

use std::process::ExitCode;

use clap::Args;

use super::interruption;
use super::sealing::Delivery;
use crate::arguments::General;
use crate::credential_form::FormArguments;
use crate::failure::Failure;

#[derive(Args)]
#[command(after_help = "\
Examples:
  # The password from a password store, everything else in the arguments:
  pass show sales-db | credset set --ticket-file ticket --kind OnPremisesSqlServer \\
      -p 'Data Source=sql01' -p 'Initial Catalog=Sales' -p 'User ID=etl' --password-stdin
  # A whole connection string, in any form that the page takes; it is split, and its secrets are sealed:
  credset set --ticket-file ticket --connection-string-file connection.txt
  # Another database, the stored password stays where that is allowed:
  credset set --ticket-file ticket --kind Hdfs -p url=https://hdfs.corp -p userName=etl --auth Windows --keep password
  # A key file and its passphrase, from descriptors:
  credset set --ticket-file ticket --kind Sftp --auth SshPublicKey -p host=sftp.corp -p username=etl \\
      -p hostKeyFingerprint=SHA256:… --secret-file privateKeyContent=id_ed25519 --secret-fd passPhrase=3 3<passphrase")]
pub(crate) struct Set {
    #[command(flatten)]
    form: FormArguments,
    /// Have the gateway try it at its data store first, and store it only if that goes well. Without this it is tried where the gateway
    /// stores nothing untried.
    #[arg(long)]
    test: bool,
}

impl Set {
    pub(crate) async fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let terminal = general.terminal();
        self.form.check_sources(general.ticket.source())?;
        let given = general.ticket.read()?;
        let permitted = given.ticket.claims().kind.clone();
        let mut note = |text: String| terminal.warning(&text);
        let form = self.form.fill(permitted.as_deref(), &mut note)?;
        let gateway = general.client(given.gateway)?;
        let stored = interruption::or(async {
            terminal.progress(&format!("{}: fetching the key", gateway.address()));
            let mut delivery = Delivery::prepare(general, &gateway, &given.ticket).await?;
            terminal.progress("sealing and sending");
            if self.test {
                delivery.pass(&form).await?;
            }
            delivery.set(&form).await
        })
        .await?;
        terminal.stored(&stored.document(), &stored.lines())?;
        Ok(ExitCode::SUCCESS)
    }
}
