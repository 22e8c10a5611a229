//! A linked service's JSON as far as this portal knows it: kind and authentication from the receipt, and the reference.

use envelope::receipt::Receipt;
use linked_service::connection_string::push_pair;
use linked_service::{Placement, reference};
use serde_json::{Map, Value, json};

/// The JSON with the reference in its documented place.
///
/// Server, database, account and the like were sealed together with the secret: a receipt does not tell them as
/// properties, so they are left out, and not guessed from its `target`. A portal that keeps the linked service's
/// definition puts the reference into that one. `None` if the kind or its authentication type is not in the catalogue.
pub(crate) fn linked_service_json(receipt: &Receipt) -> Option<String> {
    let kind = linked_service::kind(&receipt.kind)?;
    let auth = kind.auth_type(&receipt.auth)?;
    let (gateway, name) = (receipt.gw.as_str(), receipt.ls.as_str());
    let reference = reference(gateway, receipt.df.as_str(), name, receipt.version);
    let mut properties = Map::new();
    if let Some(authentication) = auth.authentication_type {
        properties.insert("authenticationType".to_owned(), json!(authentication));
    }
    match auth.placement {
        Placement::ConnectionString => {
            let mut string = String::new();
            push_pair(&mut string, "EncryptedCredential", &reference);
            properties.insert("connectionString".to_owned(), json!(string));
        }
        Placement::EncryptedCredential => {
            properties.insert("encryptedCredential".to_owned(), json!(reference));
        }
        Placement::Nowhere => {}
    }
    properties.insert("gatewayName".to_owned(), json!(gateway));
    let definition = json!({
        "name": name,
        "properties": {
            "type": auth.json_type.unwrap_or(kind.id),
            "typeProperties": Value::Object(properties),
        },
    });
    serde_json::to_string_pretty(&definition).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(kind: &str, auth: &str) -> Receipt {
        serde_json::from_value(json!({
            "v": 1, "gw": "gateway-1", "df": "demo-factory", "ls": "Sales", "kind": kind, "auth": auth,
            "target": "sql01.corp.example", "version": 3, "kid": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            "jti": "ticket-1", "sub": "dana", "at": 1,
        }))
        .unwrap()
    }

    #[test]
    fn the_reference_stands_where_each_authentication_type_has_it() {
        const REFERENCE: &str = "cgref:gateway-1/demo-factory/Sales/3";
        for kind in linked_service::catalogue() {
            for auth in kind.auth_types {
                let text = linked_service_json(&receipt(kind.id, auth.id)).unwrap();
                let json: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(json["name"], "Sales");
                assert_eq!(
                    json["properties"]["type"],
                    auth.json_type.unwrap_or(kind.id)
                );
                let properties = &json["properties"]["typeProperties"];
                assert_eq!(properties["gatewayName"], "gateway-1");
                match auth.placement {
                    Placement::ConnectionString => assert_eq!(
                        properties["connectionString"],
                        format!("EncryptedCredential={REFERENCE}")
                    ),
                    Placement::EncryptedCredential => {
                        assert_eq!(properties["encryptedCredential"], REFERENCE);
                    }
                    Placement::Nowhere => assert!(!text.contains("cgref:"), "{text}"),
                }
                // The target is for people; no property is made of it.
                assert!(!text.contains("sql01"), "{text}");
            }
        }
    }

    #[test]
    fn what_the_catalogue_does_not_have_has_no_json() {
        assert_eq!(linked_service_json(&receipt("Sybase9", "Basic")), None);
        assert_eq!(linked_service_json(&receipt("Http", "Telepathy")), None);
    }
}
