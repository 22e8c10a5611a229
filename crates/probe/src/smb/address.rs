//! Which share, and as whom.

use envelope::Secret;

use crate::report::Cause;
use crate::request::Request;

/// `\\server\share\folder`, of which only the server is always there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Share<'a> {
    pub(super) server: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) folder: &'a str,
}

impl<'a> Share<'a> {
    pub(super) fn of(request: &'a Request) -> Result<Self, Cause> {
        let path = request.property("host").ok_or(Cause::BadRequest)?;
        if path == "Local" {
            return Err(Cause::NoDriver);
        }
        Self::parse(path).ok_or(Cause::BadRequest)
    }

    fn parse(path: &'a str) -> Option<Self> {
        let path = path.strip_prefix(r"\\")?;
        let (server, rest) = path.split_once('\\').unwrap_or((path, ""));
        let (name, folder) = rest.split_once('\\').unwrap_or((rest, ""));
        Some(Self {
            server,
            name: (!name.is_empty()).then_some(name),
            folder,
        })
    }
}

/// `DOMAIN\user`, `user@domain` or `user`.
pub(super) struct Account<'a> {
    pub(super) domain: &'a str,
    pub(super) user: &'a str,
    pub(super) password: Option<&'a Secret>,
}

impl<'a> Account<'a> {
    pub(super) fn of(request: &'a Request) -> Result<Self, Cause> {
        let name = request.property("userid").ok_or(Cause::BadRequest)?;
        // A name with an @ is understood by the server as it is.
        let (domain, user) = name.split_once('\\').unwrap_or(("", name));
        Ok(Self {
            domain,
            user,
            password: request.secret("password"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_may_have_folders() {
        for (path, server, name, folder) in [
            (r"\\files01", "files01", None, ""),
            (r"\\files01\exports", "files01", Some("exports"), ""),
            (r"\\10.0.0.1\e$\a\b c", "10.0.0.1", Some("e$"), r"a\b c"),
        ] {
            let expected = Share {
                server,
                name,
                folder,
            };
            assert_eq!(Share::parse(path), Some(expected), "{path}");
        }
        assert_eq!(Share::parse("files01"), None);
    }
}
