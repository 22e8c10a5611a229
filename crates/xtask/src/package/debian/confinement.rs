//! What a unit forbids its service, where there is no systemd to forbid it: system calls, kinds of sockets, and memory that is written
//! and run. A call that is not permitted ends the process here, so that none goes unnoticed.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use super::unit::Unit;
use crate::process;

/// `mmap` and `mprotect` have this as their third argument.
const PROTECTION: u8 = 2;
const WRITABLE: u64 = 2;
const EXECUTABLE: u64 = 4;

/// The program that decides about each system call.
pub(super) struct Confinement(BpfProgram);

impl Confinement {
    pub(super) fn of(unit: &Unit) -> Result<Self> {
        let numbers = numbers()?;
        let number = |name: &str| numbers.get(name).copied();
        // Names that this machine's processor has no number for are other processors' calls.
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> = permitted(unit)?
            .iter()
            .filter_map(|name| Some((number(name)?, Vec::new())))
            .collect();
        let mut narrow = |name: &str, conditions: Vec<SeccompCondition>| -> Result<()> {
            let number = number(name).with_context(|| format!("there is no {name}"))?;
            if let Some(rules) = rules.get_mut(&number) {
                for condition in conditions {
                    rules.push(SeccompRule::new(vec![condition])?);
                }
            }
            Ok(())
        };
        let families = unit.words("RestrictAddressFamilies")?;
        let families = families.iter().map(|name| {
            let family = family(name)?;
            condition(0, SeccompCmpOp::Eq, family)
        });
        narrow("socket", families.collect::<Result<_>>()?)?;
        if unit.words("MemoryDenyWriteExecute")? == ["yes"] {
            let without = |bit| condition(PROTECTION, SeccompCmpOp::MaskedEq(bit), 0);
            narrow("mmap", vec![without(WRITABLE)?, without(EXECUTABLE)?])?;
            narrow("mprotect", vec![without(EXECUTABLE)?])?;
        }
        let processor = std::env::consts::ARCH.try_into()?;
        let filter = SeccompFilter::new(
            rules,
            SeccompAction::KillProcess,
            SeccompAction::Allow,
            processor,
        )?;
        Ok(Self(filter.try_into()?))
    }

    /// Has the command confined from before its program is started.
    pub(super) fn confine(&self, command: &mut Command) {
        let program = self.0.clone();
        let in_child = move || {
            seccompiler::apply_filter(&program).map_err(|_| std::io::ErrorKind::Other.into())
        };
        #[allow(
            unsafe_code,
            reason = "the standard library has no safe way to run code in the child"
        )]
        // SAFETY: between fork and exec only async-signal-safe calls are allowed; the filter was made before, and is given to the
        // kernel by two plain system calls. Nothing is allocated or locked.
        unsafe {
            command.pre_exec(in_child);
        }
    }
}

fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition> {
    let length = SeccompCmpArgLen::Dword;
    Ok(SeccompCondition::new(argument, length, operator, value)?)
}

fn family(name: &str) -> Result<u64> {
    Ok(match name {
        "AF_UNIX" => 1,
        "AF_INET" => 2,
        "AF_INET6" => 10,
        "AF_NETLINK" => 16,
        other => bail!("what is {other}?"),
    })
}

/// The names that the unit's lines leave, in their order; what systemd always permits comes first.
fn permitted(unit: &Unit) -> Result<BTreeSet<String>> {
    let mut permitted = expanded("@default")?;
    for words in unit.lines("SystemCallFilter") {
        let Some((first, others)) = words.split_first() else {
            bail!("a SystemCallFilter= without names takes back those before");
        };
        let (is_denied, first) = first
            .strip_prefix('~')
            .map_or((false, *first), |first| (true, first));
        for name in [first].iter().chain(others) {
            for call in expanded(name)? {
                if is_denied {
                    permitted.remove(&call);
                } else {
                    permitted.insert(call);
                }
            }
        }
    }
    Ok(permitted)
}

/// The calls of a set, which may have others in it, as this machine's systemd knows it; or the one call.
fn expanded(name: &str) -> Result<BTreeSet<String>> {
    if !name.starts_with('@') {
        return Ok(BTreeSet::from([name.to_owned()]));
    }
    let said = process::capture(Command::new("systemd-analyze").args(["syscall-filter", name]))?;
    let mut calls = BTreeSet::new();
    for inner in said.lines().skip(1).map(str::trim) {
        if !inner.is_empty() && !inner.starts_with('#') {
            calls.extend(expanded(inner)?);
        }
    }
    Ok(calls)
}

/// The numbers of this machine's system calls, from the C library's headers.
fn numbers() -> Result<BTreeMap<String, i64>> {
    let arguments = [
        "-E",
        "-dM",
        "-include",
        "sys/syscall.h",
        "-x",
        "c",
        "/dev/null",
    ];
    let said = process::capture(Command::new("cc").args(arguments))?;
    let numbers = said.lines().filter_map(|line| {
        let (name, number) = line.strip_prefix("#define __NR_")?.split_once(' ')?;
        Some((name.to_owned(), number.parse().ok()?))
    });
    Ok(numbers.collect())
}
