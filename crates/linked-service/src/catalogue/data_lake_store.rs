//! Azure Data Lake Store, as a service principal.

use super::address::URL;
use super::sign_in::basic;
use crate::{AuthType, Field, Grammar, Kind, Role};
use language::{Wording, same, words};

pub(super) const KIND: Kind = Kind {
    id: "AzureDataLakeStore",
    aliases: &[],
    name: "Azure Data Lake Store",
    target: "{dataLakeStoreUri}",
    auth_types: &[SERVICE_PRINCIPAL],
};

const SERVICE_PRINCIPAL: AuthType = AuthType {
    id: "ServicePrincipal",
    name: words("auth-service-principal"),
    authentication_type: None,
    ..basic(&[
        Field {
            name: "dataLakeStoreUri",
            label: words("label-store"),
            hint: same("https://sales.azuredatalakestore.net/webhdfs/v1"),
            grammar: Grammar::Https,
            ..URL
        },
        Field {
            name: "tenant",
            label: words("label-tenant"),
            hint: words("hint-tenant"),
            grammar: Grammar::Identifier,
            required: true,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "servicePrincipalId",
            label: words("label-application-id"),
            hint: same("01234567-89ab-cdef-0123-456789abcdef"),
            role: Role::Account,
            required: true,
            ..ID
        },
        Field {
            name: "servicePrincipalKey",
            label: words("label-application-key"),
            ..Field::SECRET
        },
        Field {
            name: "subscriptionId",
            label: words("label-subscription-id"),
            hint: SINK,
            ..ID
        },
        Field {
            name: "resourceGroupName",
            label: words("label-resource-group"),
            hint: SINK,
            max_chars: 90,
            ..Field::TEXT
        },
    ])
};

const SINK: Wording = words("hint-sink");

const ID: Field = Field {
    grammar: Grammar::Guid,
    max_chars: 36,
    ..Field::TEXT
};
