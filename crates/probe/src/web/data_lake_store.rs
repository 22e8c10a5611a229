//! Azure Data Lake Store: a service principal signs in at Microsoft's login, and the store, which speaks WebHDFS, is shown what it got there.

mod access;

use envelope::Secret;
use http::StatusCode;
use http::header::{self, HeaderMap};
use tokio::net::TcpStream;
use url::Url;

use super::answer::{Answer, Content};
use super::conversation::Stream;
use super::resource::Resource;
use super::server::Server;
use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;

/// Where a store has WebHDFS, if the address does not say so.
const PATH: &str = "/webhdfs/v1/";
/// One of the files at the top.
const LIST: &[(&str, &str)] = &[("op", "LISTSTATUS"), ("listSize", "1")];
/// What whoever may use anything below needs at the top: to go through.
const PASS: &[(&str, &str)] = &[("op", "CHECKACCESS"), ("fsaction", "--x")];

/// TLS to query, over connections to the store and to the login. Neither is sent anywhere else, and the store never gets the key.
pub(crate) async fn test(
    request: &Request,
    streams: (TcpStream, Option<TcpStream>),
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let unusable = |cause: Cause| (Stage::Tls, Halt::from(cause));
    let outcome = async {
        let resources = (
            resource(request, LIST).map_err(unusable)?,
            access::resource(request).map_err(unusable)?,
        );
        let (Some(sign_in), Some(stream)) = (&request.sign_in, streams.1) else {
            return Err(unusable(Cause::BadRequest));
        };
        let store = Server::new(request, &streams.0, &resources.0, None, scrubber);
        let store = store.map_err(unusable)?;
        let login = Server::new(request, &stream, &resources.1, None, scrubber);
        let login = login.map_err(unusable)?.at(sign_in);

        let at_tls = |server: &Server<'_>, halt| (Stage::Tls, server.named(halt));
        let encrypted = login.encrypt(stream).await;
        let (stream, _) = encrypted.map_err(|halt| at_tls(&login, halt))?;
        let encrypted = store.encrypt(streams.0).await;
        let (files, certificate) = encrypted.map_err(|halt| at_tls(&store, halt))?;
        reporter.passed_showing(Stage::Tls, certificate);

        let access = access::access(request, &login, stream).await;
        let access = access.map_err(|halt| (Stage::Authenticate, login.named(halt)))?;
        use_store(request, store, files, &access, reporter).await
    };
    outcome
        .await
        .map_err(|(stage, halt)| reporter.failed(stage, halt))
}

/// What the account may do there.
async fn use_store(
    request: &Request,
    store: Server<'_>,
    stream: Box<dyn Stream>,
    access: &Secret,
    reporter: &mut Reporter,
) -> Result<(), (Stage, Halt)> {
    let at_login = |halt| (Stage::Authenticate, halt);
    // What the store says may have it in it.
    let scrubber = Scrubber::new(request.secrets.values().chain([access]));
    let shown = || -> Result<HeaderMap, Cause> {
        let header = access::header(access)?;
        Ok(HeaderMap::from_iter([(header::AUTHORIZATION, header)]))
    };
    let headers = shown().map_err(|cause| at_login(cause.into()))?;
    let asked = store.ask(stream, headers).await;
    let answer = asked.map_err(|halt| at_login(store.named(halt)))?;
    match answer.status {
        StatusCode::UNAUTHORIZED => {
            return Err(at_login(answer.halt(Cause::NotAdmitted, &scrubber)));
        }
        StatusCode::FORBIDDEN => {
            reporter.passed(Stage::Authenticate);
            let may_pass = may_pass(request, store, shown).await;
            if !may_pass.map_err(|halt| (Stage::Authorise, halt))? {
                let halt = answer.halt(Cause::Forbidden, &scrubber);
                return Err((Stage::Authorise, halt));
            }
            let note = answer.halt(Cause::NotListed, &scrubber);
            reporter.passed_noting(Stage::Authorise, note);
            reporter.skipped(Stage::Query, Cause::NotListed);
            return Ok(());
        }
        _ => {}
    }
    reporter.passed(Stage::Authenticate);
    reporter.passed(Stage::Authorise);
    if let Some(cause) = answer.judge(Content::Files) {
        return Err((Stage::Query, answer.halt(cause, &scrubber)));
    }
    reporter.passed(Stage::Query);
    Ok(())
}

/// Whether it may at least go through the top, on its way to what it may use.
async fn may_pass(
    request: &Request,
    store: Server<'_>,
    shown: impl Fn() -> Result<HeaderMap, Cause>,
) -> Result<bool, Halt> {
    let resource = resource(request, PASS)?;
    let store = store.asked_for(&resource);
    let stream = store.connect().await?;
    let (stream, _) = store.encrypt(stream).await?;
    let answer: Answer = store.ask(stream, shown()?).await?;
    Ok(answer.status.is_success())
}

fn resource(request: &Request, question: &[(&str, &str)]) -> Result<Resource, Cause> {
    let address = request.property("dataLakeStoreUri");
    let mut url = Url::parse(address.ok_or(Cause::BadRequest)?).map_err(|_| Cause::BadRequest)?;
    let has_credential = !url.username().is_empty() || url.password().is_some();
    if url.scheme() != "https" || has_credential {
        return Err(Cause::BadRequest);
    }
    let path = match url.path() {
        "/" => PATH.to_owned(),
        path if path.ends_with('/') => path.to_owned(),
        path => format!("{path}/"),
    };
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    url.query_pairs_mut().extend_pairs(question);
    Resource::at(url, Content::Files)
}
