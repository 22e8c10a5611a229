//! What no form asks for: a certificate that is trusted for one linked service, whoever signed it, and a connection without TLS.

use crate::{Field, Grammar, Input, Kind, Role};
use language::{same, words};

/// SHA-256 of the certificate. No form asks for it: whoever has compared it presses a button.
const TRUSTED_CERTIFICATE: Field = Field {
    name: "trustedCertificateSha256",
    label: same("SHA-256"),
    grammar: Grammar::Sha256,
    role: Role::Destination,
    max_chars: 64,
    ..Field::TEXT
};

/// `false`: a person has chosen a connection without TLS. No form asks for it.
const ENCRYPT: Field = Field {
    name: "encrypt",
    label: words("label-encrypt"),
    input: Input::Switch,
    role: Role::Destination,
    ..Field::TEXT
};

/// The kinds whose drivers speak TLS unless they are told not to, and whose forms have no switch for it.
const WITHOUT_A_SWITCH: &[&str] = &["OnPremisesMySql", "OnPremisesPostgreSql", "AmazonRedshift"];

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

    /// The property that says whether a linked service of this kind is spoken to with TLS, where the forms have none for it: `false` if
    /// not. It belongs to the destination, and stands in nothing that is written but the stored credential, likewise.
    pub fn encryption(&self) -> Option<&'static Field> {
        WITHOUT_A_SWITCH.contains(&self.id).then_some(&ENCRYPT)
    }
}
