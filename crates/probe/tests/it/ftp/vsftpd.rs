//! vsftpd, with a configuration of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use rustix::process::geteuid;
use tempfile::TempDir;

use crate::service::{Service, free_ports, scratch};

pub(super) struct Vsftpd {
    _service: Service,
    folder: TempDir,
    pub(super) port: u16,
}

impl Vsftpd {
    /// In the clear.
    pub(super) fn start(settings: &str) -> Self {
        Self::launch(scratch(), settings)
    }

    /// With this certificate and its key.
    pub(super) fn with_tls(settings: &str, (chain, key): &(String, String)) -> Self {
        let folder = scratch();
        let root = folder.path().display().to_string();
        fs::write(folder.path().join("chain"), chain).unwrap();
        fs::write(folder.path().join("key"), key).unwrap();
        let settings = format!(
            "ssl_enable=YES\nrsa_cert_file={root}/chain\nrsa_private_key_file={root}/key\n{settings}"
        );
        Self::launch(folder, &settings)
    }

    /// It keeps these users out, one a line.
    pub(super) fn denying(settings: &str, users: &str) -> Self {
        let folder = scratch();
        let root = folder.path().display().to_string();
        fs::write(folder.path().join("users"), users).unwrap();
        let settings = format!("userlist_enable=YES\nuserlist_file={root}/users\n{settings}");
        Self::launch(folder, &settings)
    }

    fn launch(folder: TempDir, settings: &str) -> Self {
        let [port] = free_ports();
        let root = folder.path().display().to_string();
        for (name, mode) in [("empty", 0o755), ("public", 0o755), ("closed", 0o700)] {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let alone = match geteuid().is_root() {
            true => "",
            false => "run_as_launching_user=YES\n",
        };
        let config = format!(
            "listen=YES\nbackground=NO\nlisten_address=127.0.0.1\nlisten_port={port}\nanonymous_enable=NO\n\
             secure_chroot_dir={root}/empty\nanon_root={root}/public\npam_service_name=vsftpd\n\
             delay_failed_login=0\nmax_clients=0\n{alone}{settings}"
        );
        let path = format!("{root}/config");
        fs::write(&path, config).unwrap();
        let service = Service::start("/usr/sbin/vsftpd", &[&path], &[port]);
        Self {
            _service: service,
            folder,
            port,
        }
    }

    /// A folder that only root may use.
    pub(super) fn closed_folder(&self) -> PathBuf {
        self.folder.path().join("closed")
    }
}
