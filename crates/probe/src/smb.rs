//! Shares of Windows and Samba, over SMB 2 and 3. No other server is followed to, whatever the first one says.

mod address;
mod negotiation;
mod refusal;
mod transport;

use smb2::client::connection::Connection;
use smb2::client::{Cipher, Session, Tree, list_shares};
use tokio::net::TcpStream;

use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;
use address::{Account, Share};
use negotiation::Negotiation;
use transport::Fault;

/// Negotiation to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let fault = Fault::default();
    let explain = |error: smb2::Error, cause_of: fn(&smb2::Error) -> Cause| -> Halt {
        match fault.cause() {
            Some(cause) => cause.into(),
            None => refusal::halt(&error, cause_of(&error), scrubber),
        }
    };
    let prepared = Share::of(request).and_then(|share| Ok((share, Account::of(request)?)));
    let (share, account) = match prepared {
        Ok(both) => both,
        Err(cause) => return Err(reporter.failed(Stage::Tls, cause.into())),
    };
    let mut connection = match negotiate(stream, &fault, share.server).await {
        Ok(connection) => connection,
        Err(error) => return Err(reporter.failed(Stage::Tls, explain(error, refusal::unspoken))),
    };
    reporter.passed(Stage::Tls);
    let Some(password) = account.password else {
        return Err(reporter.failed(Stage::Authenticate, Cause::PasswordMissing.into()));
    };
    // EXPOSE: the data store is proven that we know it; it is not sent.
    let word = password.expose();
    let session = Session::setup(&mut connection, account.user, word, account.domain).await;
    let session = match session {
        Ok(session) => session,
        Err(error) => {
            return Err(reporter.failed(Stage::Authenticate, explain(error, refusal::of_login)));
        }
    };
    reporter.passed(Stage::Authenticate);
    let Some(name) = share.name else {
        // The server alone: which shares it has is asked of a pipe that every server has.
        reporter.passed(Stage::Authorise);
        return match list_shares(&mut connection).await {
            Ok(_) => {
                reporter.passed(Stage::Query);
                Ok(())
            }
            Err(error) => Err(reporter.failed(Stage::Query, explain(error, refusal::of_files))),
        };
    };
    let tree = match Tree::connect(&mut connection, name).await {
        Ok(tree) => tree,
        Err(error) => {
            return Err(reporter.failed(Stage::Authorise, explain(error, refusal::of_files)));
        }
    };
    reporter.passed(Stage::Authorise);
    encrypt(&mut connection, &session, &tree);
    match look(&tree, connection, share.folder).await {
        Ok(()) => {
            reporter.passed(Stage::Query);
            Ok(())
        }
        Err(error) => Err(reporter.failed(Stage::Query, explain(error, refusal::of_files))),
    }
}

/// A connection on which both sides know how to speak.
async fn negotiate(stream: TcpStream, fault: &Fault, server: &str) -> smb2::Result<Connection> {
    let negotiation = Negotiation::default();
    let mut connection = transport::connection(stream, fault.clone(), negotiation.clone(), server);
    // Nothing that a server sends is unpacked.
    connection.set_compression_requested(false);
    connection.negotiate().await?;
    negotiation.vouch(&connection);
    Ok(connection)
}

/// From here on, if the share asks for it and the session does not do so already.
fn encrypt(connection: &mut Connection, session: &Session, tree: &Tree) {
    let keys = (&session.encryption_key, &session.decryption_key);
    let cipher = connection.params().and_then(|params| params.cipher);
    if let ((Some(ours), Some(theirs)), true) = (keys, tree.encrypt_data && !session.should_encrypt)
    {
        // SMB 3.0 has this one and does not name it.
        let cipher = cipher.unwrap_or(Cipher::Aes128Ccm);
        connection.activate_encryption(ours.clone(), theirs.clone(), cipher);
    }
}

/// The first files of the folder. The library writes a backslash that is in a name in another way: it parts them with slashes.
async fn look(tree: &Tree, connection: Connection, folder: &str) -> smb2::Result<()> {
    let mut folder = tree
        .open_directory_reader(connection, &folder.replace('\\', "/"))
        .await?;
    folder.next_batch().await.map(|_| ())
}
