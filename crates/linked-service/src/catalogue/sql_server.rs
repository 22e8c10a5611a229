//! SQL Server, with SQL Server's own or Windows authentication.

use crate::aliases::aliases;
use crate::{AuthType, Constraint, Field, Grammar, Input, Keyword, Kind, Placement, Role};
use language::words;

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesSqlServer",
    aliases: &["OnPremisesSqlLinkedService"],
    name: "SQL Server",
    target: "{Data Source}/{Initial Catalog}",
    auth_types: &[SQL, WINDOWS],
};

const SQL: AuthType = AuthType {
    id: "SQL",
    name: words("auth-sql-server-authentication"),
    json_type: None,
    placement: Placement::ConnectionString,
    authentication_type: None,
    fields: &[
        SERVER,
        DATABASE,
        Field {
            name: "User ID",
            aliases: aliases(&["UID", "User", "username", "userid"]),
            label: words("label-user-name"),
            hint: words("hint-sql-server-login"),
            required: true,
            role: Role::Account,
            max_chars: 128,
            ..Field::TEXT
        },
        Field {
            name: "password",
            aliases: aliases(&["Password", "PWD"]),
            label: words("label-password"),
            ..Field::SECRET
        },
        ENCRYPT,
        TRUST_SERVER_CERTIFICATE,
    ],
    constraints: &[],
    keywords: &[
        Keyword::of("Data Source"),
        Keyword::of("Initial Catalog"),
        Keyword::fixed("Integrated Security", "False"),
        Keyword::of("Encrypt"),
        Keyword::of("TrustServerCertificate"),
        Keyword::of("User ID"),
        Keyword::named("Password", "password"),
    ],
};

/// The gateway signs in as the Windows user that is given, or, with neither name nor password, as the account that
/// its service runs under. The user name is a secret here: it stands beside the password, outside the connection string.
const WINDOWS: AuthType = AuthType {
    id: "Windows",
    name: words("auth-windows-authentication"),
    json_type: None,
    placement: Placement::ConnectionString,
    authentication_type: None,
    fields: &[
        SERVER,
        DATABASE,
        Field {
            name: "username",
            aliases: aliases(&["userid", "User Id"]),
            label: words("label-user-name"),
            hint: words("hint-windows-user-or-service-account"),
            required: false,
            max_chars: 512,
            ..Field::SECRET
        },
        Field {
            name: "password",
            aliases: aliases(&["Password"]),
            label: words("label-password"),
            required: false,
            ..Field::SECRET
        },
        ENCRYPT,
        TRUST_SERVER_CERTIFICATE,
    ],
    constraints: &[Constraint::Together(&["username", "password"])],
    keywords: &[
        Keyword::of("Data Source"),
        Keyword::of("Initial Catalog"),
        Keyword::fixed("Integrated Security", "True"),
        Keyword::of("Encrypt"),
        Keyword::of("TrustServerCertificate"),
        Keyword::of("username"),
        Keyword::of("password"),
    ],
};

pub(super) const SERVER: Field = Field {
    name: "Data Source",
    aliases: aliases(&["Server", "Address", "Addr", "Network Address"]),
    label: words("label-server"),
    hint: words("hint-sql-server"),
    input: Input::Host,
    grammar: Grammar::DataSource,
    required: true,
    role: Role::Destination,
    ..Field::TEXT
};

pub(super) const DATABASE: Field = Field {
    name: "Initial Catalog",
    aliases: aliases(&["Database"]),
    label: words("label-database"),
    hint: words("hint-database-capital"),
    required: true,
    role: Role::Destination,
    max_chars: 128,
    ..Field::TEXT
};

const ENCRYPT: Field = Field {
    name: "Encrypt",
    label: words("label-encrypt"),
    hint: words("hint-without-it-rows-can-be-read"),
    input: Input::Switch,
    default: Some("true"),
    role: Role::Destination,
    ..Field::TEXT
};

const TRUST_SERVER_CERTIFICATE: Field = Field {
    name: "TrustServerCertificate",
    aliases: aliases(&["Trust Server Certificate"]),
    label: words("label-trust-any-server-certificate"),
    hint: words("hint-trust-any-certificate"),
    input: Input::Switch,
    default: Some("false"),
    role: Role::Destination,
    ..Field::TEXT
};
