//! Who runs the command.

use super::failure::{Cause, Failure};
use crate::data_folder::DataFolder;

/// The person at the gateway's machine, as the audit names them: the user id that the system vouches for.
pub(super) fn name() -> String {
    format!("uid {}", rustix::process::geteuid().as_raw())
}

/// Refuses everybody but the folder's owner.
pub(super) fn must_own(folder: &DataFolder) -> anyhow::Result<()> {
    if folder.is_mine()? {
        return Ok(());
    }
    let shown = folder.path().display();
    let sentence = format!(
        "only the owner of {shown} may do this; run it as that user, for example with sudo -u"
    );
    Err(Failure::new(Cause::Refused, sentence).into())
}
