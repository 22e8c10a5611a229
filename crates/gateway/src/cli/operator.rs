//! Who runs the command.

use anyhow::{bail, ensure};

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

/// No core file and no debugger of another process may get at the memory of this one.
pub(super) fn shut_out_debuggers() -> anyhow::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if setrlimit(Resource::Core, none).is_err()
        || set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err()
    {
        bail!("core dumps cannot be switched off, and with them secrets could reach the disk");
    }
    Ok(())
}
