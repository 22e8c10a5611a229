//! Oracle Database, through Microsoft's driver or Oracle's (ODP.NET).

use crate::aliases::aliases;
use crate::{
    AuthType, Choice, Condition, Constraint, Field, Grammar, Input, Keyword, KeywordValue, Kind,
    Placement, Quoting, Role,
};
use language::{same, words};

pub(super) const KIND: Kind = Kind {
    id: "OnPremisesOracle",
    aliases: &["OnPremisesOracleLinkedService"],
    name: "Oracle",
    target: "{Host}:{Port}/{Sid|ServiceName}",
    auth_types: &[BASIC],
};

const BASIC: AuthType = AuthType {
    id: "Basic",
    name: words("auth-user-name-and-password"),
    json_type: None,
    placement: Placement::ConnectionString,
    authentication_type: None,
    fields: &[
        Field {
            name: "Host",
            label: words("label-host"),
            hint: same("ora01.corp.example"),
            input: Input::Host,
            grammar: Grammar::Host,
            required: true,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "Port",
            label: words("label-port"),
            hint: words("hint-listener-port"),
            input: Input::Port,
            required: true,
            default: Some("1521"),
            role: Role::Destination,
            max_chars: 5,
            ..Field::TEXT
        },
        Field {
            name: "ServiceName",
            aliases: aliases(&["Service Name", "SERVICE_NAME"]),
            label: words("label-service-name"),
            hint: words("hint-service-name"),
            grammar: Grammar::Identifier,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "Sid",
            label: same("SID"),
            hint: words("hint-sid"),
            grammar: Grammar::Identifier,
            role: Role::Destination,
            max_chars: 64,
            ..Field::TEXT
        },
        Field {
            name: "User Id",
            aliases: aliases(&["UserId", "UID", "username", "userName"]),
            label: words("label-user-name"),
            hint: words("hint-user-upper-case"),
            required: true,
            role: Role::Account,
            max_chars: 128,
            ..Field::TEXT
        },
        Field {
            name: "Password",
            aliases: aliases(&["PWD"]),
            label: words("label-password"),
            ..Field::SECRET
        },
        Field {
            name: "driverType",
            label: words("label-driver"),
            hint: words("hint-oracle-driver"),
            input: Input::Choice(&[
                Choice {
                    value: "Microsoft",
                    label: same("Microsoft"),
                },
                Choice {
                    value: "ODP",
                    label: same("Oracle Data Provider for .NET"),
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
