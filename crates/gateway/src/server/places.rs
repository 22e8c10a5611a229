//! How many connections may be open: all together, and from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The places of one listener.
pub(super) struct Places {
    taken: Arc<Mutex<Taken>>,
    limit: usize,
    limit_per_address: usize,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One open connection's place, given back on drop.
pub(super) struct Place {
    taken: Arc<Mutex<Taken>>,
    address: IpAddr,
}

impl Places {
    pub(super) fn new(limit: usize, limit_per_address: usize) -> Self {
        Self {
            taken: Arc::default(),
            limit,
            limit_per_address,
        }
    }

    /// None when all places, or all of this address, are taken.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let address = counted_as(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.all >= self.limit || of_address >= self.limit_per_address {
            return None;
        }
        taken.all += 1;
        taken.by_address.insert(address, of_address + 1);
        Some(Place {
            taken: Arc::clone(&self.taken),
            address,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(of_address) = taken.by_address.get_mut(&self.address) {
            *of_address -= 1;
            if *of_address == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

/// One customer of a network gets a /64 of IPv6 addresses: they count as one. An IPv4 address in IPv6 clothes is itself.
fn counted_as(address: IpAddr) -> IpAddr {
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
        let _first = places.take("2001:db8:1:2::1".parse().unwrap()).unwrap();
        assert!(
            places
                .take("2001:db8:1:2:ffff::2".parse().unwrap())
                .is_none()
        );
        assert!(places.take("2001:db8:1:3::1".parse().unwrap()).is_some());
        let _v4 = places.take("192.0.2.1".parse().unwrap()).unwrap();
        assert!(places.take("::ffff:192.0.2.1".parse().unwrap()).is_none());
    }
}
