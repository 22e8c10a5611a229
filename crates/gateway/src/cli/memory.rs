//! What the system does to keep this process's memory away from the disk and from other processes.

use std::fmt;

use anyhow::bail;
use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use rustix::thread::{CapabilitySet, capabilities};

/// Nothing: neither private nor shared memory, not even the heads of mapped files (core(5)).
const DUMP_NOTHING: &str = "0x0";
const DUMP_FILTER: &str = "/proc/self/coredump_filter";

/// What the system granted beyond what is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Granted {
    /// What a debugger of root's writes as a core file, too, is left without memory.
    left_out_of_dumps: bool,
    /// Nothing goes to the swap.
    locked: bool,
}

impl Granted {
    /// Nothing goes to the swap.
    pub(super) fn is_locked(self) -> bool {
        self.locked
    }
}

/// No core file and no debugger of another process gets at the memory of this one; as far as the system lets us, nothing goes
/// to the swap either.
///
/// # Errors
/// When core files cannot be switched off. Memory that may be swapped is no error: whether it may be locked is for the
/// administrator to decide.
pub(super) fn keep_private() -> anyhow::Result<Granted> {
    // Before the process stops being dumpable: from then on the file is root's.
    let left_out_of_dumps = std::fs::write(DUMP_FILTER, DUMP_NOTHING).is_ok();
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if setrlimit(Resource::Core, none).is_err()
        || set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err()
    {
        bail!("core dumps cannot be switched off, and with them secrets could reach the disk");
    }
    Ok(Granted {
        left_out_of_dumps,
        locked: lock(),
    })
}

/// Locks all pages, now and later, as they come into use. Only without a limit: under one, the allocation that exceeds it
/// would end the process in the middle of its work.
fn lock() -> bool {
    let unlimited = Rlimit {
        current: None,
        maximum: None,
    };
    // Some may lift the limit; everybody else has what systemd's LimitMEMLOCK gives.
    let _ = setrlimit(Resource::Memlock, unlimited);
    let is_unlimited = getrlimit(Resource::Memlock).current.is_none()
        || capabilities(None).is_ok_and(|own| own.effective.contains(CapabilitySet::IPC_LOCK));
    let all = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
    is_unlimited && mlockall(all).is_ok()
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.locked {
            "locked, never swapped"
        } else {
            "may be swapped: LimitMEMLOCK=infinity lets it be locked"
        })?;
        f.write_str(if self.left_out_of_dumps {
            "; left out of dumps"
        } else {
            "; in what root dumps"
        })
    }
}
