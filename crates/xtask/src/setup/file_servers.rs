//! Servers for files and the web, with a client that prepares them, which tests start for themselves: in folders and on ports of their own. Only the tests need them.

use std::path::Path;

use anyhow::{Result, bail};

use super::debian;

/// Program and Debian's package. They are not in everybody's PATH.
const SERVERS: [(&str, &str); 6] = [
    ("/usr/bin/curl", "curl"),
    ("/usr/sbin/lighttpd", "lighttpd"),
    ("/usr/sbin/nginx", "nginx-light"),
    ("/usr/sbin/smbd", "samba"),
    ("/usr/sbin/sshd", "openssh-server"),
    ("/usr/sbin/vsftpd", "vsftpd"),
];

/// Finds or installs them, and names their packages.
///
/// # Errors
/// When one cannot be installed.
pub fn ensure() -> Result<String> {
    let missing = || {
        let absent = |(program, _): &&(&str, &str)| !Path::new(program).exists();
        SERVERS.iter().filter(absent)
    };
    let packages: Vec<&str> = missing().map(|(_, package)| *package).collect();
    if !packages.is_empty() {
        debian::install(&packages, "credentials are tried at real servers")?;
    }
    match missing().next() {
        Some((program, package)) => {
            bail!("{package} was installed but {program} cannot be found")
        }
        None => Ok(SERVERS.map(|(_, package)| package).join(", ")),
    }
}
