//! Azure Data Lake Store, as a service principal.

use super::address::URL;
use super::sign_in::basic;
use crate::{AuthType, Field, Grammar, Kind, Role};

pub(super) const KIND: Kind = Kind {
    id: "AzureDataLakeStore",
    aliases: &[],
    name: "Azure Data Lake Store",
    target: "{dataLakeStoreUri}",
    auth_types: &[SERVICE_PRINCIPAL],
};

const SERVICE_PRINCIPAL: AuthType = AuthType {
    id: "ServicePrincipal",
    name: "Service principal",
    authentication_type: None,
    ..basic(&[
        Field {
            name: "dataLakeStoreUri",
            label: "Store",
            hint: "https://sales.azuredatalakestore.net/webhdfs/v1",
            grammar: Grammar::Https,
            ..URL
        },
        Field {
            name: "tenant",
            label: "Tenant",
            hint: "Its domain name or id: corp.onmicrosoft.com, for example",
            grammar: Grammar::Identifier,
            required: true,
            role: Role::Destination,
            ..Field::TEXT
        },
        Field {
            name: "servicePrincipalId",
            label: "Application id",
            hint: "01234567-89ab-cdef-0123-456789abcdef",
            role: Role::Account,
            required: true,
            ..ID
        },
        Field {
            name: "servicePrincipalKey",
            label: "Application key",
            ..Field::SECRET
        },
        Field {
            name: "subscriptionId",
            label: "Subscription id",
            hint: SINK,
            ..ID
        },
        Field {
            name: "resourceGroupName",
            label: "Resource group",
            hint: SINK,
            max_chars: 90,
            ..Field::TEXT
        },
    ])
};

const SINK: &str = "Needed to copy into the store";

const ID: Field = Field {
    grammar: Grammar::Guid,
    max_chars: 36,
    ..Field::TEXT
};
