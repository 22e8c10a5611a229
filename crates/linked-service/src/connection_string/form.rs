//! The forms that a connection string can have.

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
    pub fn name(self) -> &'static str {
        match self {
            Form::AdoNet => "ADO.NET connection string",
            Form::AzureStorage => "Azure Storage connection string",
            Form::Odbc => "ODBC connection string",
            Form::Libpq => "libpq connection string",
            Form::Uri => "URL",
            Form::Jdbc => "JDBC URL",
            Form::EasyConnect => "Oracle Easy Connect string",
            Form::Descriptor => "Oracle connect descriptor",
            Form::LinkedService => "linked service's JSON",
        }
    }
}
