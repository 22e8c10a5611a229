//! The kinds, one file each. A kind is data: the README says how to add one.

// What kinds share.
mod address;
mod relational;
mod sign_in;
mod trust;

mod amazon_redshift;
mod amazon_s3;
mod azure_sql;
mod azure_storage;
mod cassandra;
mod data_lake_store;
mod db2;
mod file_server;
mod ftp;
mod hdfs;
mod http;
mod mongodb;
mod mysql;
mod odata;
mod odbc;
mod oracle;
mod postgresql;
mod salesforce;
mod sap_bw;
mod sap_hana;
mod sftp;
mod sql_server;
mod sybase;
mod teradata;
mod web_table;

use crate::Kind;

/// Every kind that can be offered, in the order in which a form lists them.
pub fn catalogue() -> &'static [Kind] {
    const KINDS: &[Kind] = &[
        sql_server::KIND,
        oracle::KIND,
        mysql::KIND,
        postgresql::KIND,
        db2::KIND,
        sybase::KIND,
        teradata::KIND,
        sap_hana::KIND,
        sap_bw::KIND,
        cassandra::KIND,
        mongodb::KIND,
        odbc::KIND,
        odata::KIND,
        hdfs::KIND,
        file_server::KIND,
        ftp::KIND,
        sftp::KIND,
        http::KIND,
        web_table::KIND,
        azure_storage::KIND,
        azure_sql::DATABASE_KIND,
        azure_sql::SYNAPSE_KIND,
        data_lake_store::KIND,
        amazon_s3::KIND,
        amazon_redshift::KIND,
        salesforce::KIND,
    ];
    KINDS
}

/// The kind that a `type` names, in any letter case or documented spelling. What is written is always [`Kind::id`], or
/// the authentication type's own where it has one: see [`Kind::auth_type_of_json`].
pub fn kind(json_type: &str) -> Option<&'static Kind> {
    catalogue().iter().find(|kind| kind.is_called(json_type))
}
