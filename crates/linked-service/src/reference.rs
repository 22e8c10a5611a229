//! The reference that stands in a linked service's JSON in the place of a credential.

/// The reference to one stored credential: `cgref:<gateway>/<data factory>/<linked service>/<version>`.
///
/// Each name is percent-encoded down to RFC 3986's unreserved characters, so a name with a slash cannot pass for
/// two, and the whole needs no quotes in a connection string.
pub fn reference(gateway: &str, factory: &str, linked_service: &str, version: u64) -> String {
    let mut out = String::from("cgref:");
    for name in [gateway, factory, linked_service] {
        push_segment(&mut out, name);
        out.push('/');
    }
    out.push_str(itoa::Buffer::new().format(version));
    out
}

pub(crate) fn push_segment(out: &mut String, name: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn plain_names_stay_readable() {
        assert_eq!(
            reference("gw-1", "factory", "Sales_DB", 3),
            "cgref:gw-1/factory/Sales_DB/3"
        );
    }

    #[test]
    fn anything_else_is_percent_encoded() {
        assert_eq!(
            reference("a/b", "c d", "ü;=%", 1),
            "cgref:a%2Fb/c%20d/%C3%BC%3B%3D%25/1"
        );
    }
}
