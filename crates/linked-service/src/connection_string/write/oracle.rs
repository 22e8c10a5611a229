//! Oracle's own forms.

use zeroize::Zeroizing;

use super::super::kinds::ORACLE;
use super::super::odbc::push_enclosed;
use super::Said;
use crate::grammar;

impl Said<'_> {
    /// Host, port, and the words before the service's or the system's name, and that.
    fn oracle(&self) -> Option<(&str, &str, [&'static str; 2], &str)> {
        let (host, _, port) = self.address.parts();
        let (words, name) = match (self.option("ServiceName"), self.option("Sid")) {
            (Some(service), None) => (["/", "SERVICE_NAME="], service),
            (None, Some(sid)) => ([":", "SID="], sid),
            _ => return None,
        };
        let word = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_$#.-".contains(&byte))
        };
        let port = if port.is_empty() { "1521" } else { port };
        let known = ORACLE.contains(&self.kind.id) && self.options.len() == 1;
        (known && grammar::is_host(host) && word(name) && word(self.user))
            .then_some((host, port, words, name))
    }

    /// `user/"password"@//host:port/service`, after what is given.
    pub(super) fn easy_connect(&self, before: &str) -> Option<Zeroizing<String>> {
        let (host, port, words, name) = self.oracle()?;
        let mut out = self.out();
        out.push_str(before);
        if !self.user.is_empty() {
            out.push_str(self.user);
            if let Some(password) = self.password {
                out.push('/');
                push_enclosed(&mut out, '"', '"', password);
            }
        } else if self.password.is_some() {
            return None;
        }
        if !self.user.is_empty() || !before.is_empty() {
            out.push('@');
        }
        for part in ["//", &grammar::bracketed(host), ":", port, words[0], name] {
            out.push_str(part);
        }
        Some(out)
    }

    /// Credentials have no place in it.
    pub(super) fn descriptor(&self) -> Option<Zeroizing<String>> {
        let (host, port, words, name) = self.oracle()?;
        if !self.user.is_empty() || self.password.is_some() {
            return None;
        }
        let mut out = self.out();
        for part in [
            "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=",
            host,
            ")(PORT=",
            port,
            "))(CONNECT_DATA=(",
            words[1],
            name,
            ")))",
        ] {
            out.push_str(part);
        }
        Some(out)
    }
}
