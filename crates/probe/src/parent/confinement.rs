//! What the system takes from the child before its program is started.

use std::io;

use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use tokio::process::Command;

use super::Confinement;

impl Confinement {
    pub(super) fn apply(self, command: &mut Command) {
        let limits = [
            (Resource::Core, 0),
            (Resource::Fsize, 0),
            (Resource::As, self.memory),
            (Resource::Nofile, self.descriptors),
            (Resource::Cpu, self.processor_seconds),
        ];
        let in_child = move || {
            for (resource, limit) in limits {
                let limit = Rlimit {
                    current: Some(limit),
                    maximum: Some(limit),
                };
                setrlimit(resource, limit)?;
            }
            rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
            rustix::thread::set_no_new_privs(true)?;
            close_descriptors()
        };
        #[allow(
            unsafe_code,
            reason = "the standard library has no safe way to run code in the child"
        )]
        // SAFETY: between fork and exec only async-signal-safe calls are allowed; these are plain system calls with numbers that were
        // there before. Nothing is allocated or locked (the errors are made from integers).
        unsafe {
            command.pre_exec(in_child);
        }
    }
}

/// All but the three that a program has, when it is started: those that somebody forgot to mark, too.
fn close_descriptors() -> io::Result<()> {
    let first: libc::c_uint = 3;
    #[allow(unsafe_code, reason = "rustix does not have this call")]
    // SAFETY: a system call with three numbers; it closes nothing before the exec.
    let outcome = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            first,
            libc::c_uint::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
    if outcome == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
