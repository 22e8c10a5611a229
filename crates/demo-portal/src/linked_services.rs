//! The linked services of the demo's data factory.

use std::collections::BTreeMap;

use linked_service::Kind;
use serde::Serialize;

/// One linked service of the demo.
pub(crate) struct DemoLinkedService {
    pub(crate) name: &'static str,
    /// The kind's JSON type; none where the person chooses it on the gateway's page.
    pub(crate) kind: Option<&'static str>,
    /// What is copied from there, for the card.
    pub(crate) about: &'static str,
    /// Letters on the card's tile.
    pub(crate) mark: &'static str,
}

/// One for each of the kinds that are set most often, and one that leaves the kind open.
pub(crate) const LINKED_SERVICES: &[DemoLinkedService] = &[
    DemoLinkedService {
        name: "SalesSqlServer",
        kind: Some("OnPremisesSqlServer"),
        about: "Orders and invoices",
        mark: "SQL",
    },
    DemoLinkedService {
        name: "ErpOracle",
        kind: Some("OnPremisesOracle"),
        about: "Ledger and stock",
        mark: "ORA",
    },
    DemoLinkedService {
        name: "TelemetryPostgreSql",
        kind: Some("OnPremisesPostgreSql"),
        about: "Machine readings",
        mark: "PG",
    },
    DemoLinkedService {
        name: "ShopMySql",
        kind: Some("OnPremisesMySql"),
        about: "Web shop baskets",
        mark: "MY",
    },
    DemoLinkedService {
        name: "PartnerSftp",
        kind: Some("Sftp"),
        about: "Nightly files from partners",
        mark: "FTP",
    },
    DemoLinkedService {
        name: "RatesHttp",
        kind: Some("Http"),
        about: "Exchange rates",
        mark: "WEB",
    },
    DemoLinkedService {
        name: "AnyDataStore",
        kind: None,
        about: "A data store of your choice",
        mark: "ANY",
    },
];

/// The linked service of that name, if the demo has it.
pub(crate) fn find(name: &str) -> Option<&'static DemoLinkedService> {
    LINKED_SERVICES.iter().find(|each| each.name == name)
}

/// Names for people.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KindNames {
    name: &'static str,
    /// By the authentication type's id.
    auth_types: BTreeMap<&'static str, &'static str>,
}

/// The names of each kind, by its JSON type.
pub(crate) fn kind_names() -> BTreeMap<&'static str, KindNames> {
    let auth_types = |kind: &Kind| {
        kind.auth_types
            .iter()
            .map(|auth| (auth.id, auth.name.text()))
            .collect()
    };
    let names = |kind: &'static Kind| KindNames {
        name: kind.name,
        auth_types: auth_types(kind),
    };
    linked_service::catalogue()
        .iter()
        .map(|kind| (kind.id, names(kind)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_kind_of_the_catalogue_can_be_chosen() {
        assert!(LINKED_SERVICES.iter().any(|each| each.kind.is_none()));
    }

    #[test]
    fn every_kind_of_the_demo_is_in_the_catalogue() {
        for each in LINKED_SERVICES {
            if let Some(kind) = each.kind {
                assert!(
                    linked_service::kind(kind).is_some_and(|found| found.id == kind),
                    "{}: unknown kind {kind}",
                    each.name
                );
            }
        }
    }
}
