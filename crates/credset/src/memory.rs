//! What the system does to keep this process's memory away from the disk and from other processes.

use crate::failure::{Cause, Failure};

/// No core file, and no other process of the same user reads this one's memory.
///
/// # Errors
/// When core files cannot be switched off.
pub(crate) fn keep_private() -> Result<(), Failure> {
    switch_off().map_err(|()| {
        Failure::new(
            Cause::Local,
            "core_dumps",
            "core dumps cannot be switched off, and with them secrets could reach the disk",
        )
    })
}

#[cfg(unix)]
fn switch_off() -> Result<(), ()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).map_err(|_| ())?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
        .map_err(|_| ())?;
    Ok(())
}

/// Windows writes a dump where an administrator has asked for one; a process cannot refuse it.
#[cfg(not(unix))]
fn switch_off() -> Result<(), ()> {
    Ok(())
}
