//! Clouds' stores: their addresses are made of an account's name, are in a secret, or are the same for everybody.

use std::collections::BTreeMap;

use envelope::Secret;

use super::{Destination, of_url};

/// Amazon S3, for everybody.
pub(crate) const AMAZON_S3: &str = "s3.amazonaws.com";
/// Where Microsoft's clouds have their applications sign in.
pub(crate) const MICROSOFT_LOGIN: &str = "login.microsoftonline.com";
/// What follows an account's name at Azure Storage.
const AZURE_BLOBS: &str = ".blob.core.windows.net";

/// Of these kinds.
pub(super) fn of(kind: &str, properties: &BTreeMap<String, String>) -> Option<Destination> {
    let (host, port) = match kind {
        "AwsAccessKey" => (AMAZON_S3.to_owned(), 443),
        "AzureStorage" => {
            let account = properties.get("AccountName").map(String::as_str);
            // Without one, the address is in a secret.
            let host = account.map(|account| format!("{account}{AZURE_BLOBS}"));
            let protocol = properties.get("DefaultEndpointsProtocol");
            let is_encrypted = protocol.is_none_or(|protocol| protocol != "http");
            (
                host.unwrap_or_default(),
                if is_encrypted { 443 } else { 80 },
            )
        }
        "Salesforce" | "AzureDataLakeStore" => {
            let name = match kind {
                "Salesforce" => "environmentUrl",
                _ => "dataLakeStoreUri",
            };
            let address = properties.get(name);
            return Some(of_url(address.map_or("", String::as_str)));
        }
        _ => return None,
    };
    Some(Destination { host, port })
}

impl Destination {
    /// Where one signs in, for kinds whose data stores leave that to somebody else.
    #[must_use]
    pub fn of_sign_in(kind: &str) -> Option<Self> {
        (kind == "AzureDataLakeStore").then(|| Self {
            host: MICROSOFT_LOGIN.to_owned(),
            port: 443,
        })
    }

    /// Where a shared access signature says that its store is: all of such an address is secret. `None` where the properties say it.
    #[must_use]
    pub fn of_secret(kind: &str, auth: &str, secrets: &BTreeMap<String, Secret>) -> Option<Self> {
        if (kind, auth) != ("AzureStorage", "SAS") {
            return None;
        }
        let address = secrets.get("sasUri");
        // EXPOSE: the host is read out of it.
        Some(of_url(address.map_or("", |address| address.expose())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_has_names_of_its_own() {
        for (kind, properties, host, port) in [
            ("AwsAccessKey", &[][..], "s3.amazonaws.com", 443),
            (
                "AzureStorage",
                &[("AccountName", "sales")],
                "sales.blob.core.windows.net",
                443,
            ),
            (
                "AzureStorage",
                &[
                    ("AccountName", "sales"),
                    ("DefaultEndpointsProtocol", "http"),
                ],
                "sales.blob.core.windows.net",
                80,
            ),
            ("AzureStorage", &[], "", 443),
            (
                "Salesforce",
                &[("environmentUrl", "https://test.salesforce.com/")],
                "test.salesforce.com",
                443,
            ),
            ("Salesforce", &[], "", 0),
            (
                "AzureDataLakeStore",
                &[(
                    "dataLakeStoreUri",
                    "https://sales.azuredatalakestore.net/webhdfs/v1",
                )],
                "sales.azuredatalakestore.net",
                443,
            ),
        ] {
            let text = |text: &str| text.to_owned();
            let properties = properties.iter();
            let properties = properties.map(|(name, value)| (text(name), text(value)));
            let expected = Destination {
                host: text(host),
                port,
            };
            assert_eq!(Destination::of(kind, &properties.collect()), expected);
        }
    }

    #[test]
    fn one_signs_in_elsewhere_where_the_kind_says_so() {
        let found = Destination::of_sign_in("AzureDataLakeStore").map(|found| found.host);
        assert_eq!(found.as_deref(), Some("login.microsoftonline.com"));
        assert_eq!(Destination::of_sign_in("AzureStorage"), None);
    }

    #[test]
    fn a_shared_access_signature_has_its_address_in_it() {
        let of = |auth, address: &str| {
            let secret = Secret::new(address.to_owned());
            let secrets = BTreeMap::from([("sasUri".to_owned(), secret)]);
            let found = Destination::of_secret("AzureStorage", auth, &secrets);
            found.map(|found| (found.host, found.port))
        };
        let address = "https://sales.queue.core.windows.net/?sv=2022-11-02&sig=x";
        let expected = ("sales.queue.core.windows.net".to_owned(), 443);
        assert_eq!(of("SAS", address), Some(expected));
        assert_eq!(of("SAS", "nonsense"), Some((String::new(), 0)));
        assert_eq!(of("AccountKey", address), None);
    }
}
