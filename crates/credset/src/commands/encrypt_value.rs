//! `encrypt-value`: for scripts that called `New-AzDataFactoryEncryptValue`. It takes that cmdlet's parameters and prints what belongs in
//! the JSON; what was a `SecureString` or a `PSCredential` there comes from a file, a descriptor, standard input or the prompt.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use linked_service::connection_string::field_meant;
use linked_service::{AuthType, Field, Grammar, Input, Kind, Placement};
use serde::Serialize;
use serde_json::Value;

use super::interruption;
use super::sealing::Delivery;
use crate::arguments::General;
use crate::credential_form::filling::{auth_type, unknown_kind};
use crate::credential_form::{CredentialForm, FormArguments, SecretArguments, share};
use crate::failure::{Cause, Failure};

#[derive(Args)]
#[command(after_help = "\
What was written
  New-AzDataFactoryEncryptValue -ResourceGroupName rg -DataFactoryName sales -GatewayName gw -Type OnPremisesSqlLinkedService \\
      -Server sql01 -Database Sales -AuthenticationType Basic -Credential $credential
is
  credset encrypt-value --resource-group-name rg --data-factory-name sales --gateway-name gw --type OnPremisesSqlLinkedService \\
      --server sql01 --database Sales --authentication-type Basic --user-name etl --password-file password --ticket-file ticket
and what was -Value (a connection string) is --value-stdin, --value-file or --value-fd.")]
pub(crate) struct EncryptValue {
    /// The resource group. Accepted and not needed: a gateway has none.
    #[arg(long, value_name = "NAME")]
    #[allow(dead_code, reason = "scripts give it, and nothing depends on it")]
    resource_group_name: Option<String>,
    /// The data factory; has to be the ticket's.
    #[arg(long, value_name = "NAME")]
    data_factory_name: Option<String>,
    /// The gateway; has to be the ticket's.
    #[arg(long, value_name = "NAME")]
    gateway_name: Option<String>,
    /// The linked service's type, as in JSON or as the cmdlet has it (OnPremisesSqlLinkedService).
    #[arg(long = "type", value_name = "TYPE")]
    json_type: String,
    /// Windows, Basic or Anonymous, or another one of the type's [default: the usual one].
    #[arg(long, value_name = "TYPE")]
    authentication_type: Option<String>,
    /// The server, or whatever the kind has in its place.
    #[arg(long, value_name = "NAME")]
    server: Option<String>,
    /// The database.
    #[arg(long, value_name = "NAME")]
    database: Option<String>,
    /// The user name of what was -Credential.
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// The part of the connection string that is not secret (ODBC), or the address (HDFS).
    #[arg(long, value_name = "TEXT")]
    non_credential_value: Option<String>,
    /// The address, for kinds that have one.
    #[arg(long, value_name = "URL")]
    uri: Option<String>,
    /// Any other field; may be repeated.
    #[arg(short, long, value_name = "NAME=VALUE", value_parser = crate::credential_form::pair)]
    property: Vec<(String, String)>,
    /// Read the value to be encrypted, a connection string or a file server's share, from standard input.
    #[arg(long, group = "value")]
    value_stdin: bool,
    /// Read the value from a file.
    #[arg(long, value_name = "FILE", group = "value")]
    value_file: Option<PathBuf>,
    /// Read the value from a file descriptor.
    #[arg(long, value_name = "N", group = "value")]
    value_fd: Option<i32>,
    #[command(flatten)]
    secrets: SecretArguments,
}

#[derive(Serialize)]
struct Encrypted<'a> {
    /// Where it belongs in the JSON.
    member: &'static str,
    value: &'a str,
    reference: String,
}

impl EncryptValue {
    pub(crate) async fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let form = self.form()?;
        form.check_sources(general.ticket.source())?;
        let given = general.ticket.read()?;
        let claims = given.ticket.claims();
        for (option, wanted, is) in [
            (
                "--data-factory-name",
                &self.data_factory_name,
                claims.df.as_str(),
            ),
            ("--gateway-name", &self.gateway_name, claims.aud.as_str()),
        ] {
            if wanted.as_deref().is_some_and(|wanted| wanted != is) {
                return Err(Failure::new(
                    Cause::Ticket,
                    "context_mismatch",
                    format!("{option} is not what the ticket is for: that is {is}"),
                ));
            }
        }
        let terminal = general.terminal();
        let mut note = |text: String| terminal.warning(&text);
        let filled = form.fill(claims.kind.as_deref(), &mut note)?;
        // Before anything is stored: whether there is a place for the reference.
        placed(&filled, "-")?;
        let gateway = general.client(given.gateway.clone())?;
        let stored = interruption::or(async {
            let mut delivery = Delivery::prepare(general, &gateway, &given.ticket).await?;
            delivery.set(&filled).await
        })
        .await?;
        let (member, value) = placed(&filled, &stored.reference())?;
        let encrypted = Encrypted {
            member,
            value: &value,
            reference: stored.reference(),
        };
        terminal.stored(&encrypted, &value)?;
        Ok(ExitCode::SUCCESS)
    }

    /// The same as arguments of the other commands.
    fn form(&self) -> Result<FormArguments, Failure> {
        let kind =
            linked_service::kind(&self.json_type).ok_or_else(|| unknown_kind(&self.json_type))?;
        let auth = match &self.authentication_type {
            Some(name) => Some(cmdlets_auth_type(kind, name)?),
            None => None,
        };
        let known = auth.or(kind.auth_types.first());
        let server = known.and_then(server_field);
        let is_share = server.is_some_and(|field| field.grammar == Grammar::FileShare);
        let named = match &self.server {
            Some(name) if is_share => Some(share::as_field(name).to_owned()),
            named => named.clone(),
        };
        let mut property = self.property.clone();
        for (name, value) in [
            (server.map_or("server", |field| field.name), &named),
            ("database", &self.database),
            ("username", &self.user_name),
            ("url", &self.uri),
            (
                known.map_or(CONNECTION_STRING, plain_field),
                &self.non_credential_value,
            ),
        ] {
            property.extend(value.clone().map(|value| (name.to_owned(), value)));
        }
        Ok(FormArguments {
            kind: Some(self.json_type.clone()),
            auth: auth.map(|auth| auth.id.to_owned()),
            property,
            connection_string_stdin: self.value_stdin,
            connection_string_file: self.value_file.clone(),
            connection_string_fd: self.value_fd,
            trust_certificate: None,
            unencrypted: false,
            secrets: self.secrets.clone(),
        })
    }
}

/// What the kind has in the place of a server.
fn server_field(auth: &AuthType) -> Option<&'static Field> {
    let is_address = |field: &&Field| matches!(field.input, Input::Host | Input::Url);
    let address = auth.fields.iter().find(is_address);
    field_meant(auth, "server").or(address)
}

const CONNECTION_STRING: &str = "connectionString";

/// What the kind has for a value that is not secret: a connection string, or an address where it has none (HDFS).
fn plain_field(auth: &AuthType) -> &'static str {
    let mut fields = auth.fields.iter();
    let has_string = fields.any(|field| field.name == CONNECTION_STRING);
    let address = auth.fields.iter().find(|field| field.input == Input::Url);
    match address {
        Some(address) if !has_string => address.name,
        _ => CONNECTION_STRING,
    }
}

/// The cmdlet calls Basic whatever has a user name and a password.
fn cmdlets_auth_type(kind: &'static Kind, name: &str) -> Result<&'static AuthType, Failure> {
    match (auth_type(kind, name), kind.auth_types.first()) {
        (Err(_), Some(usual)) if name.eq_ignore_ascii_case("Basic") && usual.id != "Windows" => {
            Ok(usual)
        }
        (found, _) => found,
    }
}

/// What belongs in the JSON, and where: the whole connection string with the reference at its end, or the reference.
fn placed(form: &CredentialForm, reference: &str) -> Result<(&'static str, String), Failure> {
    let validated = form.validated()?;
    let member = match validated.auth_type().placement {
        Placement::ConnectionString => "connectionString",
        Placement::EncryptedCredential => "encryptedCredential",
        Placement::Nowhere => {
            return Err(Failure::usage(format!(
                "{} has no place for a credential",
                validated.kind().name
            )));
        }
    };
    let written = validated.linked_service_json("", "", reference);
    let document: Value = serde_json::from_str(&written).unwrap_or_default();
    let value = document["properties"]["typeProperties"][member].as_str();
    let value = value.ok_or_else(|| Failure::usage("there is no place for the reference"))?;
    Ok((member, value.to_owned()))
}
