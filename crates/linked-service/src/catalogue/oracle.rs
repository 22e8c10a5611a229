//! Oracle Database, through Microsoft's driver or Oracle's (ODP.NET).

use crate::{
    AuthType, Choice, Condition, Constraint, Field, Grammar, Input, Keyword, KeywordValue, Kind,
    Placement, Quoting, Role,
};

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesOracle",
    aliases: &["OnPremisesOracleLinkedService"],
    name: "Oracle",
    target: "{Host}:{Port}/{Sid|ServiceName}",
    auth_types: &[BASIC],
};

const BASIC: AuthType = AuthType {
    id: "Basic",
    name: "User name and password",
    json_type: None,
    placement: Placement::ConnectionString,
    authentication_type: None,
    fields: &[
        Field {
            name: "Host",
            label: "Host",
            hint: "ora01.corp.example",
            input: Input::Host,
            grammar: Grammar::Host,
            required: true,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "Port",
            label: "Port",
            hint: "The listener's port",
            input: Input::Port,
            required: true,
            default: Some("1521"),
            role: Role::Destination,
            max_chars: 5,
            ..Field::TEXT
        },
        Field {
            name: "ServiceName",
            aliases: &["Service Name", "SERVICE_NAME"],
            label: "Service name",
            hint: "sales.corp.example. Give the service name or the SID, not both.",
            grammar: Grammar::Identifier,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "Sid",
            label: "SID",
            hint: "ORCL, for a database that is known by its system identifier",
            grammar: Grammar::Identifier,
            role: Role::Destination,
            max_chars: 64,
            ..Field::TEXT
        },
        Field {
            name: "User Id",
            aliases: &["UserId", "UID", "username", "userName"],
            label: "User name",
            hint: "ETL_READER, for example",
            required: true,
            role: Role::Account,
            max_chars: 128,
            ..Field::TEXT
        },
        Field {
            name: "Password",
            aliases: &["PWD"],
            label: "Password",
            ..Field::SECRET
        },
        Field {
            name: "driverType",
            label: "Driver",
            hint: "Oracle's own driver must be installed on the gateway's machine; Microsoft's only reads.",
            input: Input::Choice(&[
                Choice {
                    value: "Microsoft",
                    label: "Microsoft",
                },
                Choice {
                    value: "ODP",
                    label: "Oracle Data Provider for .NET",
                },
            ]),
            required: true,
            default: Some("Microsoft"),
            ..Field::TEXT
        },
    ],
    constraints: &[Constraint::ExactlyOne(&["ServiceName", "Sid"])],
    keywords: &[
        Keyword {
            when: MICROSOFT,
            ..Keyword::of("Host")
        },
        Keyword {
            when: MICROSOFT,
            ..Keyword::of("Port")
        },
        Keyword {
            when: MICROSOFT,
            ..Keyword::of("Sid")
        },
        Keyword {
            when: MICROSOFT,
            ..Keyword::of("ServiceName")
        },
        Keyword {
            name: "Data Source",
            quoting: Quoting::AdoNet,
            value: KeywordValue::Template(
                "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST={Host})(PORT={Port}))(CONNECT_DATA=(SID={Sid})))",
            ),
            when: &[Condition::Is("driverType", "ODP"), Condition::Given("Sid")],
        },
        Keyword {
            name: "Data Source",
            quoting: Quoting::AdoNet,
            value: KeywordValue::Template(
                "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST={Host})(PORT={Port}))(CONNECT_DATA=(SERVICE_NAME={ServiceName})))",
            ),
            when: &[
                Condition::Is("driverType", "ODP"),
                Condition::Given("ServiceName"),
            ],
        },
        Keyword::of("User Id"),
        Keyword::of("Password"),
    ],
};

const MICROSOFT: &[Condition] = &[Condition::Is("driverType", "Microsoft")];
