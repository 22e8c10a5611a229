//! The newest of each linked service as a list: JSON has no pairs as names.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::custody::newest::{ByName, Newest};

/// Data factory, linked service, version, and whether it was deleted.
type Row<S> = (S, S, i64, bool);

pub(super) fn serialize<S: Serializer>(newest: &ByName, serializer: S) -> Result<S::Ok, S::Error> {
    let rows = newest.iter().map(|((df, ls), newest)| -> Row<&str> {
        (df.as_str(), ls.as_str(), newest.version, newest.is_deleted)
    });
    rows.collect::<Vec<_>>().serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ByName, D::Error> {
    let rows = Vec::<Row<String>>::deserialize(deserializer)?;
    let newest = rows.into_iter().map(|(df, ls, version, is_deleted)| {
        let newest = Newest {
            version,
            is_deleted,
        };
        ((df, ls), newest)
    });
    Ok(newest.collect())
}
