//! What no form asks for: a certificate that is trusted for one linked service, whoever signed it, and a connection without TLS.

use crate::{Field, Grammar, Input, Kind, Role};
use language::words;

/// SHA-256 of the certificate. No form asks for it: whoever has compared it presses a button.
const TRUSTED_CERTIFICATE: Field = Field {
    name: "trustedCertificateSha256",
    label: words("trusted-certificate"),
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

/// The other kinds that can be spoken to with TLS. SFTP has its host key; a driver of ODBC and Windows have their own ways.
const WITH_TLS: &[&str] = &[
    "OnPremisesSqlServer",
    "OnPremisesOracle",
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
    "Salesforce",
];

impl Kind {
    /// The properties of a linked service of this kind that are among no authentication type's fields: they belong to the destination, and
    /// stand in nothing that is written but the stored credential.
    pub fn unwritten(&self) -> &'static [Field] {
        static CERTIFICATE: [Field; 1] = [TRUSTED_CERTIFICATE];
        static CERTIFICATE_AND_ENCRYPT: [Field; 2] = [TRUSTED_CERTIFICATE, ENCRYPT];
        if WITHOUT_A_SWITCH.contains(&self.id) {
            &CERTIFICATE_AND_ENCRYPT
        } else if WITH_TLS.contains(&self.id) {
            &CERTIFICATE
        } else {
            &[]
        }
    }

    /// The property with the certificate that is trusted for a linked service of this kind, where the kind can have one.
    pub fn trusted_certificate(&self) -> Option<&'static Field> {
        self.unwritten().first()
    }

    /// The property that says whether a linked service of this kind is spoken to with TLS, where the forms have none for it: `false` if
    /// not.
    pub fn encryption(&self) -> Option<&'static Field> {
        self.unwritten().get(1)
    }
}
