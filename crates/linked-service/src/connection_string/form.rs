//! The forms that a connection string can have.

use language::{Message, message};

/// How a text says where a store is and who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `keyword=value;keyword="quoted value"`, also of OLE DB and of every ADO.NET provider.
    AdoNet,
    /// `DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…`.
    AzureStorage,
    /// `Driver={…};Server=…;Uid=…;Pwd={…}`.
    Odbc,
    /// PostgreSQL's `host=… dbname=… password='…'`.
    Libpq,
    /// `scheme://user:password@host:port/path?option=value`.
    Uri,
    /// `jdbc:…`.
    Jdbc,
    /// Oracle's `user/password@//host:port/service`.
    EasyConnect,
    /// Oracle's `(DESCRIPTION=(ADDRESS=…)(CONNECT_DATA=…))`.
    Descriptor,
    /// A linked service's JSON document.
    LinkedService,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 9] = [
        Form::AdoNet,
        Form::AzureStorage,
        Form::Odbc,
        Form::Libpq,
        Form::Uri,
        Form::Jdbc,
        Form::EasyConnect,
        Form::Descriptor,
        Form::LinkedService,
    ];

    /// What people call it.
    pub fn name(self) -> Message {
        match self {
            Form::AdoNet => const { message("form-ado-net") },
            Form::AzureStorage => const { message("form-azure-storage") },
            Form::Odbc => const { message("form-odbc") },
            Form::Libpq => const { message("form-libpq") },
            Form::Uri => const { message("form-uri") },
            Form::Jdbc => const { message("form-jdbc") },
            Form::EasyConnect => const { message("form-easy-connect") },
            Form::Descriptor => const { message("form-descriptor") },
            Form::LinkedService => const { message("form-linked-service") },
        }
    }
}
