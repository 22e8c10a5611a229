//! Types that hold secrets have none of the traits by which a secret leaves unnoticed.

use envelope::{Credential, EnvelopePrivateKey, OpenedCredential, Secret, SecretChange, Ticket};

/// Fails to compile if one of the types has one of the traits.
macro_rules! assert_lack {
    ([$($type:ty),+] $traits:tt) => {
        $( assert_lack!(@one $type: $traits); )+
    };
    (@one $type:ty: [$($trait:path),+]) => {
        $({
            trait Ambiguous<Marker> {
                fn unique() {}
            }
            impl<T> Ambiguous<()> for T {}
            struct HasTheTrait;
            impl<T: $trait> Ambiguous<HasTheTrait> for T {}
            <$type as Ambiguous<_>>::unique();
        })+
    };
}

#[test]
fn secrets_cannot_be_printed_copied_compared_or_serialised() {
    assert_lack!(
        [Secret, SecretChange, Credential, OpenedCredential, Ticket, EnvelopePrivateKey]
        [
            std::fmt::Debug, std::fmt::Display, std::fmt::LowerHex, ToString, Clone, Copy, Default, PartialEq, PartialOrd,
            std::hash::Hash, serde::Serialize, std::ops::Deref, AsRef<str>, AsRef<[u8]>, std::borrow::Borrow<str>,
            Into<String>, Into<Vec<u8>>, std::str::FromStr, std::error::Error
        ]
    );
}
