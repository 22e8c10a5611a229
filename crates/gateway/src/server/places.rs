//! How many connections may be open: all together, and of one caller.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The places of one listener.
pub(crate) struct Places<Caller> {
    taken: Arc<Mutex<Taken<Caller>>>,
    limit: usize,
    limit_per_caller: usize,
}

struct Taken<Caller> {
    all: usize,
    by_caller: HashMap<Caller, usize>,
}

/// One open connection's place, given back on drop.
pub(crate) struct Place<Caller: Copy + Eq + Hash> {
    taken: Arc<Mutex<Taken<Caller>>>,
    caller: Caller,
}

impl<Caller: Copy + Eq + Hash> Places<Caller> {
    pub(crate) fn new(limit: usize, limit_per_caller: usize) -> Self {
        let taken = Taken {
            all: 0,
            by_caller: HashMap::new(),
        };
        Self {
            taken: Arc::new(Mutex::new(taken)),
            limit,
            limit_per_caller,
        }
    }

    /// None when all places, or all of this caller, are taken.
    pub(crate) fn take(&self, caller: Caller) -> Option<Place<Caller>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_caller = taken.by_caller.get(&caller).copied().unwrap_or(0);
        if taken.all >= self.limit || of_caller >= self.limit_per_caller {
            return None;
        }
        taken.all += 1;
        taken.by_caller.insert(caller, of_caller + 1);
        Some(Place {
            taken: Arc::clone(&self.taken),
            caller,
        })
    }
}

impl<Caller: Copy + Eq + Hash> Drop for Place<Caller> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(of_caller) = taken.by_caller.get_mut(&self.caller) {
            *of_caller -= 1;
            if *of_caller == 0 {
                taken.by_caller.remove(&self.caller);
            }
        }
    }
}

/// One customer of a network gets a /64 of IPv6 addresses: they count as one. An IPv4 address in IPv6 clothes is itself.
pub(super) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_every_place() {
        let places = Places::new(3, 2);
        let (one, other): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = places.take(one).unwrap();
        let _second = places.take(one).unwrap();
        assert!(places.take(one).is_none(), "the address has its two places");
        let _third = places.take(other).unwrap();
        assert!(places.take(other).is_none(), "all places are taken");
        drop(first);
        assert!(
            places.take(other).is_some(),
            "a closed connection gives its place back"
        );
    }

    #[test]
    fn addresses_of_one_network_customer_count_together() {
        let places = Places::new(9, 1);
        let take = |address: &str| places.take(counted_as(address.parse().unwrap()));
        let _first = take("2001:db8:1:2::1").unwrap();
        assert!(take("2001:db8:1:2:ffff::2").is_none());
        assert!(take("2001:db8:1:3::1").is_some());
        let _v4 = take("192.0.2.1").unwrap();
        assert!(take("::ffff:192.0.2.1").is_none());
    }
}
