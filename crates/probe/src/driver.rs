//! From a kind to its driver, through the stages that all have in common.

use crate::arrival::arrive;
#[cfg(feature = "cassandra")]
use crate::cassandra;
#[cfg(feature = "mongodb")]
use crate::mongodb;
#[cfg(feature = "odbc")]
use crate::odbc;
#[cfg(feature = "oracle")]
use crate::oracle;
use crate::report::{Cause, Reporter, Scrubber, Stage};
use crate::request::Request;
#[cfg(feature = "sftp")]
use crate::sftp;
#[cfg(feature = "smb")]
use crate::smb;
use crate::{ftp, mysql, postgresql, sql_server, web};

/// What speaks to a kind of data store.
#[derive(Clone, Copy)]
enum Driver {
    PostgreSql,
    MySql,
    SqlServer,
    #[cfg(feature = "oracle")]
    Oracle,
    #[cfg(feature = "cassandra")]
    Cassandra,
    #[cfg(feature = "mongodb")]
    MongoDb,
    Web,
    Storage,
    Salesforce,
    DataLakeStore,
    Ftp,
    #[cfg(feature = "sftp")]
    Sftp,
    #[cfg(feature = "smb")]
    Smb,
}

impl Driver {
    fn of(kind: &str, auth: &str) -> Option<Self> {
        match (kind, auth) {
            ("OnPremisesPostgreSql" | "AmazonRedshift", "Basic") => Some(Self::PostgreSql),
            ("OnPremisesMySql", "Basic") => Some(Self::MySql),
            ("OnPremisesSqlServer" | "AzureSqlDatabase" | "AzureSqlDW", "SQL") => {
                Some(Self::SqlServer)
            }
            #[cfg(feature = "oracle")]
            ("OnPremisesOracle", "Basic") => Some(Self::Oracle),
            #[cfg(feature = "cassandra")]
            ("OnPremisesCassandra", "Anonymous" | "Basic") => Some(Self::Cassandra),
            #[cfg(feature = "mongodb")]
            ("OnPremisesMongoDb", "Anonymous" | "Basic") => Some(Self::MongoDb),
            ("Http", "Anonymous" | "Basic" | "Digest" | "ClientCertificate") => Some(Self::Web),
            ("OData", "Anonymous" | "Basic") => Some(Self::Web),
            #[cfg(feature = "ntlm")]
            ("Http" | "OData", "Windows") => Some(Self::Web),
            ("Web" | "Hdfs", "Anonymous") => Some(Self::Web),
            #[cfg(feature = "s3")]
            ("AwsAccessKey", "AccessKey") => Some(Self::Storage),
            ("AzureStorage", "AccountKey" | "SAS") => Some(Self::Storage),
            ("Salesforce", "Basic") => Some(Self::Salesforce),
            ("AzureDataLakeStore", "ServicePrincipal") => Some(Self::DataLakeStore),
            ("FtpServer", "Anonymous" | "Basic") => Some(Self::Ftp),
            #[cfg(feature = "sftp")]
            ("Sftp", "Basic" | "SshPublicKey") => Some(Self::Sftp),
            #[cfg(feature = "smb")]
            ("OnPremisesFileServer", "Windows") => Some(Self::Smb),
            _ => None,
        }
    }
}

/// Whether a kind of data store can be tried with this authentication type, both as `linked-service` names them.
#[must_use]
pub fn has_driver(kind: &str, auth: &str) -> bool {
    Driver::of(kind, auth).is_some() || is_by_odbc(kind, auth)
}

/// Whether it is left to a driver of the gateway's machine.
fn is_by_odbc(kind: &str, auth: &str) -> bool {
    let is_its = matches!(
        (kind, auth),
        ("OnPremisesOdbc", "Anonymous" | "Basic")
            | (
                "OnPremisesDb2" | "OnPremisesSybase" | "OnPremisesTeradata" | "SapHana",
                "Basic"
            )
    );
    cfg!(feature = "odbc") && is_its
}

/// Tries it. A stage that failed is the last that is reported.
pub(crate) fn test(request: &Request, mut reporter: Reporter) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Err(_) => {
            reporter.failed(Stage::Policy, Cause::ProbeNotStarted.into());
        }
        Ok(runtime) => {
            // The line of the stage that failed has the cause.
            let _ = runtime.block_on(stages(request, &mut reporter));
            // A look-up that is still under way is not waited for.
            runtime.shutdown_background();
        }
    }
}

async fn stages(request: &Request, reporter: &mut Reporter) -> Result<(), Cause> {
    let scrubber = Scrubber::new(request.secrets.values());
    #[cfg(feature = "odbc")]
    if is_by_odbc(&request.kind, &request.auth) {
        let scrubber = odbc::learn_parts(scrubber, request);
        let found = odbc::Driver::find(request);
        let found = found.map_err(|reason| reporter.failed(Stage::Policy, reason.into()))?;
        let stream = arrive(request, reporter).await?.store;
        return odbc::test(&found, request, stream, &scrubber, reporter);
    }
    let Some(driver) = Driver::of(&request.kind, &request.auth) else {
        return Err(reporter.failed(Stage::Policy, Cause::NoDriver.into()));
    };
    let arrived = arrive(request, reporter).await?;
    let stream = arrived.store;
    match driver {
        Driver::PostgreSql => postgresql::test(request, stream, &scrubber, reporter).await,
        Driver::MySql => mysql::test(request, stream, &scrubber, reporter).await,
        Driver::SqlServer => sql_server::test(request, stream, &scrubber, reporter).await,
        #[cfg(feature = "oracle")]
        Driver::Oracle => oracle::test(request, stream, &scrubber, reporter).await,
        #[cfg(feature = "cassandra")]
        Driver::Cassandra => cassandra::test(request, stream, &scrubber, reporter).await,
        #[cfg(feature = "mongodb")]
        Driver::MongoDb => mongodb::test(request, stream, &scrubber, reporter).await,
        Driver::Web => web::test(request, stream, &scrubber, reporter).await,
        Driver::Storage => web::storage::test(request, stream, &scrubber, reporter).await,
        Driver::Salesforce => web::salesforce::test(request, stream, &scrubber, reporter).await,
        Driver::DataLakeStore => {
            let streams = (stream, arrived.sign_in);
            web::data_lake_store::test(request, streams, &scrubber, reporter).await
        }
        Driver::Ftp => ftp::test(request, stream, &scrubber, reporter).await,
        #[cfg(feature = "sftp")]
        Driver::Sftp => sftp::test(request, stream, &scrubber, reporter).await,
        #[cfg(feature = "smb")]
        Driver::Smb => smb::test(request, stream, &scrubber, reporter).await,
    }
}
