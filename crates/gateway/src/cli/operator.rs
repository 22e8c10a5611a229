//! Who runs the command.

use anyhow::ensure;

use crate::data_folder::DataFolder;

/// The person at the gateway's machine, as the audit names them: the user id that the system vouches for.
pub(super) fn name() -> String {
    format!("uid {}", rustix::process::geteuid().as_raw())
}

/// Refuses everybody but the folder's owner.
pub(super) fn must_own(folder: &DataFolder) -> anyhow::Result<()> {
    ensure!(
        folder.is_mine()?,
        "only the owner of {} may do this; run it as that user, for example with sudo -u",
        folder.path().display()
    );
    Ok(())
}
