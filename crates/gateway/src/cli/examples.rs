//! What each command's help ends with: examples, and the exit codes. A command without an example here fails a test.

use clap::Command;

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    a file of this machine is missing, or cannot be read or written
  2    usage: the arguments
  5    ticket: unreadable, expired, used, or for something else
  6    refused: only the owner of the data folder may do it, or it is not acceptable
  8    not found: no such credential or portal
  9    configuration: gateway.toml, or a file that it names
  10   busy: in use by another process, or not now
  11   damaged: something that is kept does not open, or is not as it was written
  12   data store: it did not take the credential, was not reached, or cannot be tried
  130  stopped by a second signal";

/// Each command and how it is called.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "init",
        "credential-gateway init --data-folder /var/lib/credential-gateway --host gateway.corp \\\n      --listen 0.0.0.0:8050 --page /usr/share/credential-gateway/page",
    ),
    (
        "check",
        "credential-gateway check --data-folder /var/lib/credential-gateway",
    ),
    (
        "doctor",
        "credential-gateway doctor --data-folder /var/lib/credential-gateway",
    ),
    (
        "serve",
        "credential-gateway serve --data-folder /var/lib/credential-gateway",
    ),
    (
        "ticket",
        "credential-gateway ticket sales --factory default --kind OnPremisesSqlServer",
    ),
    (
        "portal add",
        "credential-gateway portal add https://portal.corp --name portal --factory sales \\\n      --issuer-key portal.pem --linked-services 'eu-*,us-*'",
    ),
    ("portal list", "credential-gateway portal list --json"),
    ("portal csp", "credential-gateway portal csp portal"),
    ("portal remove", "credential-gateway portal remove portal"),
    ("key rotate", "credential-gateway key rotate"),
    ("key list", "credential-gateway key list --json"),
    (
        "key replace-identity",
        "sudo -u gateway credential-gateway key replace-identity",
    ),
    ("key verify", "credential-gateway key verify"),
    (
        "key rewrap",
        "credential-gateway key rewrap --kek systemd-creds",
    ),
    ("node list", "credential-gateway node list --json"),
    (
        "node approve",
        "credential-gateway node approve gw2 age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
    ),
    (
        "node join",
        "credential-gateway node join --identity 9d1LZMjx1uDlQ0eA0yS8QzYxvN6pPiZLU0FSfQpq3nQ",
    ),
    ("node remove", "credential-gateway node remove gw2"),
    (
        "store move",
        "credential-gateway store move --node gw1 --store-host db.corp --store-database gateways \\\n      --store-user credential_gateway --store-password-file /etc/gateway-db --store-authority /etc/db-ca.pem",
    ),
    ("certificate show", "credential-gateway certificate show"),
    (
        "certificate trust",
        "credential-gateway certificate trust --out gateway.crt",
    ),
    (
        "certificate replace",
        "credential-gateway certificate replace --certificate fullchain.pem --key privkey.pem",
    ),
    ("certificate renew", "credential-gateway certificate renew"),
    ("fingerprint", "credential-gateway fingerprint"),
    ("list", "credential-gateway list --factory sales"),
    (
        "show",
        "credential-gateway show orders --factory sales --json",
    ),
    (
        "reveal",
        "sudo -u gateway credential-gateway reveal orders --factory sales --secret password",
    ),
    (
        "import",
        "credential-gateway import orders.jose --ticket-file ticket",
    ),
    (
        "test",
        "sudo -u gateway credential-gateway test orders --factory sales",
    ),
    ("delete", "credential-gateway delete orders --factory sales"),
    ("audit verify", "credential-gateway audit verify"),
    ("audit accept", "credential-gateway audit accept"),
    (
        "backup",
        "credential-gateway backup --out /mnt/backups/gateway.backup --recipient age1…",
    ),
    (
        "restore",
        "credential-gateway restore gateway.backup --into /var/lib/credential-gateway --identity identity.txt",
    ),
    (
        "recovery-key",
        "credential-gateway recovery-key --out identity.txt",
    ),
    (
        "completions",
        "credential-gateway completions bash > /etc/bash_completion.d/credential-gateway",
    ),
    ("openapi", "credential-gateway openapi > openapi.json"),
    (
        "man",
        "credential-gateway man --out /usr/local/share/man/man1",
    ),
];

/// The command line with examples and exit codes.
pub(super) fn explained(command: Command) -> Command {
    let command = with_examples(command, "");
    command
        .after_help("`credential-gateway COMMAND --help` has examples and exit codes.")
        .after_long_help(EXIT_CODES)
}

fn with_examples(command: Command, path: &str) -> Command {
    command.mut_subcommands(|inner| {
        let path = format!("{path} {}", inner.get_name());
        let path = path.trim_start();
        let example = EXAMPLES.iter().find(|(name, _)| *name == path);
        let inner = match example {
            Some((_, example)) => {
                inner.after_help(format!("Example:\n  {example}\n\n{EXIT_CODES}"))
            }
            None => inner,
        };
        with_examples(inner, path)
    })
}
