//! Who is listed, and what the kernel says of who asks.

use std::fmt;
use std::io;
use std::sync::Arc;

use envelope::{DataFactoryName, LinkedServiceName};
use nix::unistd::{Uid, User};
use tokio::net::UnixStream;

use super::SocketProblem;
use crate::config::credential_socket::{Account, PlacePattern, SocketUser};
use crate::custody::RefusalBudget;

/// What the kernel gives for users that have no number here (user_namespaces(7)), and where it says so if it is another.
const OVERFLOW_UID: u32 = 65534;
const OVERFLOW_UID_FILE: &str = "/proc/sys/kernel/overflowuid";

/// The listed users, with their numbers: names are looked up once, at the start.
pub(super) struct AllowList {
    listed: Vec<Arc<Listed>>,
    /// What all together who are not listed may have written of their refusals: none of them takes a listed user's.
    strangers: Arc<RefusalBudget>,
}

struct Listed {
    uid: u32,
    /// None for a number that nobody bears.
    name: Option<String>,
    linked_services: Vec<PlacePattern>,
    budget: Arc<RefusalBudget>,
}

/// Who asks: the user that the process acted as when it connected, and its number. Shown as the audit names it.
pub(super) struct Peer {
    uid: u32,
    pid: Option<i32>,
    listed: Option<Arc<Listed>>,
    budget: Arc<RefusalBudget>,
}

impl AllowList {
    pub(super) fn resolve(users: &[SocketUser]) -> Result<Self, SocketProblem> {
        let nobody = nobody();
        let mut listed: Vec<Arc<Listed>> = Vec::with_capacity(users.len());
        for user in users {
            let (uid, name) = look_up(&user.account)?;
            if nobody.contains(&uid) {
                return Err(SocketProblem::Nobody(uid));
            }
            if listed.iter().any(|listed| listed.uid == uid) {
                return Err(SocketProblem::Twice(uid));
            }
            listed.push(Arc::new(Listed {
                uid,
                name,
                linked_services: user.linked_services.clone(),
                budget: Arc::default(),
            }));
        }
        Ok(Self {
            listed,
            strangers: Arc::default(),
        })
    }

    /// SO_PEERCRED of unix(7): what the kernel knows, not what the peer says.
    pub(super) fn peer(&self, stream: &UnixStream) -> io::Result<Peer> {
        let told = stream.peer_cred()?;
        let uid = told.uid();
        let listed = self.listed.iter().find(|listed| listed.uid == uid);
        let budget = listed.map_or(&self.strangers, |listed| &listed.budget);
        Ok(Peer {
            budget: Arc::clone(budget),
            uid,
            pid: told.pid(),
            listed: listed.cloned(),
        })
    }
}

/// The numbers that stand for nobody in particular.
fn nobody() -> [u32; 3] {
    let said = std::fs::read_to_string(OVERFLOW_UID_FILE).ok();
    let said = said.and_then(|said| said.trim().parse().ok());
    [OVERFLOW_UID, said.unwrap_or(OVERFLOW_UID), u32::MAX]
}

fn look_up(account: &Account) -> Result<(u32, Option<String>), SocketProblem> {
    let unknown = |source: Option<nix::Error>| match account {
        Account::Name(name) => SocketProblem::UnknownUser {
            name: name.clone(),
            source: source.map(io::Error::from),
        },
        Account::Id(id) => SocketProblem::UnknownUser {
            name: id.to_string(),
            source: source.map(io::Error::from),
        },
    };
    match account {
        Account::Name(name) => match User::from_name(name) {
            Ok(Some(user)) => Ok((user.uid.as_raw(), Some(user.name))),
            Ok(None) => Err(unknown(None)),
            Err(error) => Err(unknown(Some(error))),
        },
        Account::Id(id) => match User::from_uid(Uid::from_raw(*id)) {
            Ok(user) => Ok((*id, user.map(|user| user.name))),
            Err(error) => Err(unknown(Some(error))),
        },
    }
}

impl Peer {
    pub(super) fn uid(&self) -> u32 {
        self.uid
    }

    /// What may be written of this user's refusals.
    pub(super) fn budget(&self) -> &RefusalBudget {
        &self.budget
    }

    pub(super) fn is_listed(&self) -> bool {
        self.listed.is_some()
    }

    pub(super) fn may_have(&self, df: &DataFactoryName, ls: &LinkedServiceName) -> bool {
        let mut patterns = self
            .listed
            .iter()
            .flat_map(|listed| &listed.linked_services);
        patterns.any(|pattern| pattern.matches(df, ls))
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.listed.as_ref().and_then(|it| it.name.as_deref());
        if let Some(name) = name {
            write!(f, "{name}, ")?;
        }
        write!(f, "uid {}", self.uid)?;
        match self.pid {
            Some(pid) => write!(f, ", pid {pid}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(account: Account) -> SocketUser {
        SocketUser {
            account,
            linked_services: vec![PlacePattern::all()],
        }
    }

    #[test]
    fn a_user_is_listed_once_and_is_somebody() {
        let root = || user(Account::Name("root".to_owned()));
        let resolve = |users: &[SocketUser]| AllowList::resolve(users).err();
        assert!(resolve(&[root(), user(Account::Id(12_345))]).is_none());
        let twice = resolve(&[root(), user(Account::Id(0))]);
        assert!(matches!(twice, Some(SocketProblem::Twice(0))));
        for id in [65_534, u32::MAX] {
            let nobody = resolve(&[user(Account::Id(id))]);
            assert!(matches!(nobody, Some(SocketProblem::Nobody(it)) if it == id));
        }
    }
}
