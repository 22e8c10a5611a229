//! A certificate that is trusted for one linked service, whoever signed it.

use crate::{Field, Grammar, Kind, Role};
use language::same;

/// SHA-256 of the certificate. No form asks for it: whoever has compared it presses a button.
const TRUSTED_CERTIFICATE: Field = Field {
    name: "trustedCertificateSha256",
    label: same("SHA-256"),
    grammar: Grammar::Sha256,
    role: Role::Destination,
    max_chars: 64,
    ..Field::TEXT
};

/// The kinds that can be spoken to with TLS. SFTP has its host key; a driver of ODBC and Windows have their own ways.
const WITH_TLS: &[&str] = &[
    "OnPremisesSqlServer",
    "OnPremisesOracle",
    "OnPremisesMySql",
    "OnPremisesPostgreSql",
    "OnPremisesCassandra",
    "OnPremisesMongoDb",
    "OData",
    "Hdfs",
    "FtpServer",
    "Http",
    "Web",
    "AzureStorage",
    "AzureSqlDatabase",
    "AzureSqlDW",
    "AzureDataLakeStore",
    "AwsAccessKey",
    "AmazonRedshift",
    "Salesforce",
];

impl Kind {
    /// The property with the certificate that is trusted for a linked service of this kind, where the kind can have one. It belongs to the
    /// destination, is among no authentication type's fields, and stands in nothing that is written but the stored credential.
    pub fn trusted_certificate(&self) -> Option<&'static Field> {
        WITH_TLS.contains(&self.id).then_some(&TRUSTED_CERTIFICATE)
    }
}
