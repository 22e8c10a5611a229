//! MongoDB, and what speaks its protocol. No other member of a set is looked for.

mod commands;
mod login;

use bson::doc;
use tokio::net::TcpStream;

use crate::report::{Cause, Reporter, Scrubber, Stage};
use crate::request::Request;
use crate::tls;
use commands::{Answer, Commands, Refusal};
use login::Account;

/// Every server has this database.
const ADMIN: &str = "admin";
/// `CommandNotFound`.
const UNKNOWN_COMMAND: i64 = 59;
/// `Unauthorized`: of an account's rights, or because nobody has logged in.
const UNAUTHORIZED: i64 = 13;

/// TLS to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    // Without TLS, it hangs up on whoever begins with it.
    let stream = tls::stage(request, stream, scrubber, reporter, |_| false).await?;
    let mut commands = Commands::new(stream);
    let Some(database) = request.property("databaseName") else {
        return Err(reporter.failed(Stage::Authenticate, Cause::BadRequest.into()));
    };
    if let Err(refusal) = get_in(request, database, &mut commands).await {
        return Err(reporter.failed(Stage::Authenticate, refusal.halt(scrubber)));
    }
    let found = look(&mut commands, database).await;
    let is_anonymous = request.auth == "Anonymous";
    match found {
        Ok(found) => {
            reporter.passed(Stage::Authenticate);
            if !found {
                return Err(reporter.failed(Stage::Authorise, Cause::NoSuchDatabase.into()));
            }
            reporter.passed(Stage::Authorise);
            reporter.passed(Stage::Query);
            Ok(())
        }
        Err(refusal) => {
            let is_unauthorized = refusal.code() == Some(UNAUTHORIZED);
            let mut halt = refusal.halt(scrubber);
            if is_unauthorized && is_anonymous {
                halt.cause = Cause::SignInRequired;
                return Err(reporter.failed(Stage::Authenticate, halt));
            }
            reporter.passed(Stage::Authenticate);
            if is_unauthorized {
                return Err(reporter.failed(Stage::Authorise, halt));
            }
            reporter.passed(Stage::Authorise);
            Err(reporter.failed(Stage::Query, halt))
        }
    }
}

async fn get_in(request: &Request, database: &str, commands: &mut Commands) -> Result<(), Refusal> {
    if request.auth == "Anonymous" {
        greet(commands, None).await?;
        return Ok(());
    }
    let account = Account::of(request, database)?;
    let greeting = greet(commands, Some(&account)).await?;
    login::log_in(&account, &greeting, commands).await
}

/// Servers before 4.4 know the greeting by another name.
async fn greet(commands: &mut Commands, account: Option<&Account<'_>>) -> Result<Answer, Refusal> {
    let greeting = |name: &str| {
        let mut greeting = doc! { name: 1 };
        if let Some(account) = account {
            greeting.insert("saslSupportedMechs", account.full_name());
        }
        greeting
    };
    match commands.ask(ADMIN, greeting("hello")).await?.done() {
        Err(refusal) if refusal.code() == Some(UNKNOWN_COMMAND) => {
            commands.ask(ADMIN, greeting("isMaster")).await?.done()
        }
        answered => answered,
    }
}

/// Whether the database is there. It is asked for the collections that the account may use; one that has none need not exist.
async fn look(commands: &mut Commands, database: &str) -> Result<bool, Refusal> {
    let collections = doc! { "listCollections": 1, "nameOnly": true, "authorizedCollections": true, "cursor": { "batchSize": 1 } };
    let answer = commands.ask(database, collections).await?.done()?;
    let cursor = answer.document().get_document("cursor");
    let batch = cursor.and_then(|cursor| cursor.get_array("firstBatch"));
    let batch = batch.map_err(|_| Cause::WrongProtocol)?;
    if batch.into_iter().next().is_some() {
        return Ok(true);
    }
    let databases = doc! { "listDatabases": 1, "nameOnly": true, "authorizedDatabases": true, "filter": { "name": database } };
    match commands.ask(ADMIN, databases).await?.done() {
        Ok(answer) => {
            let databases = answer.document().get_array("databases");
            let databases = databases.map_err(|_| Cause::WrongProtocol)?;
            Ok(databases.into_iter().next().is_some())
        }
        // Servers before 4.0 tell their administrators only.
        Err(refusal) if refusal.code().is_some() => Ok(true),
        Err(refusal) => Err(refusal),
    }
}
