//! Writing a plaintext.

use crate::canonical_json::{Sink, is_member_name, write_string};
use crate::credential::{Credential, SecretChange};
use crate::error::SealError;

impl Credential {
    /// Whether all names can be written: 1 to 64 printable ASCII characters without `"` and `\`.
    pub(crate) fn check_names(&self) -> Result<(), SealError> {
        let mut names = self.properties.keys().chain(self.secrets.keys());
        if names.all(|name| is_member_name(name)) {
            Ok(())
        } else {
            Err(SealError::MemberName)
        }
    }

    /// Writes the plaintext in its one spelling (RFC 8785), without padding.
    pub(crate) fn write(&self, out: &mut impl Sink) {
        out.put(br#"{"auth":"#);
        write_string(out, &self.auth);
        out.put(br#","kind":"#);
        write_string(out, &self.kind);
        out.put(br#","properties":{"#);
        for (index, (name, value)) in self.properties.iter().enumerate() {
            write_name(out, index, name);
            write_string(out, value);
        }
        out.put(br#"},"secrets":{"#);
        for (index, (name, change)) in self.secrets.iter().enumerate() {
            write_name(out, index, name);
            match change {
                SecretChange::Replace(secret) => {
                    out.put(br#"{"replace":"#);
                    // EXPOSE: into the plaintext buffer, which is encrypted in place and wiped.
                    write_string(out, secret.expose());
                    out.put(b"}");
                }
                SecretChange::Keep => out.put(br#""keep""#),
                SecretChange::Clear => out.put(br#""clear""#),
            }
        }
        out.put(br#"},"v":1}"#);
    }
}

fn write_name(out: &mut impl Sink, index: usize, name: &str) {
    if index > 0 {
        out.put(b",");
    }
    write_string(out, name);
    out.put(b":");
}
