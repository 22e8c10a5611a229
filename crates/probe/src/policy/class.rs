//! What an address is for: the registries of special-purpose addresses (RFC 6890 and its successors), as a table.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use crate::report::Cause;

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The Internet.
    Public,
    /// A private network, or a provider's own (RFC 1918, 6598, 4193).
    Private,
    /// This machine.
    Loopback,
    /// This link.
    LinkLocal,
    /// Where clouds tell a machine who it is, credentials included.
    Metadata,
    /// Many machines.
    Multicast,
    /// None.
    Unspecified,
    /// Documentation, benchmarks, protocols, and what is not assigned.
    Reserved,
}

const fn four(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn six(head: [u16; 4], tail: [u16; 4], prefix: u8) -> Ipv6Net {
    let [a, b, c, d] = head;
    let [e, f, g, h] = tail;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

/// The first that fits decides.
const FOUR: [(Ipv4Net, Class); 24] = [
    // Metadata: AWS, Azure, Google and others; AWS's containers and their agent; Alibaba; Oracle; Azure's host.
    (four(169, 254, 169, 254, 32), Class::Metadata),
    (four(169, 254, 170, 2, 32), Class::Metadata),
    (four(169, 254, 170, 23, 32), Class::Metadata),
    (four(100, 100, 100, 200, 32), Class::Metadata),
    (four(192, 0, 0, 192, 32), Class::Metadata),
    (four(168, 63, 129, 16, 32), Class::Metadata),
    (four(0, 0, 0, 0, 8), Class::Unspecified),
    (four(127, 0, 0, 0, 8), Class::Loopback),
    (four(169, 254, 0, 0, 16), Class::LinkLocal),
    (four(10, 0, 0, 0, 8), Class::Private),
    (four(172, 16, 0, 0, 12), Class::Private),
    (four(192, 168, 0, 0, 16), Class::Private),
    (four(100, 64, 0, 0, 10), Class::Private),
    // Protocols, documentation, 6to4's relays, benchmarks.
    (four(192, 0, 0, 0, 24), Class::Reserved),
    (four(192, 0, 2, 0, 24), Class::Reserved),
    (four(198, 51, 100, 0, 24), Class::Reserved),
    (four(203, 0, 113, 0, 24), Class::Reserved),
    (four(192, 88, 99, 0, 24), Class::Reserved),
    (four(198, 18, 0, 0, 15), Class::Reserved),
    (four(192, 31, 196, 0, 24), Class::Reserved),
    (four(192, 52, 193, 0, 24), Class::Reserved),
    (four(224, 0, 0, 0, 4), Class::Multicast),
    (four(255, 255, 255, 255, 32), Class::Multicast),
    (four(240, 0, 0, 0, 4), Class::Reserved),
];

/// The first that fits decides; what is left is public in `2000::/3` and reserved elsewhere.
const SIX: [(Ipv6Net, Class); 15] = [
    // Metadata: AWS (all that it has in this network), Google.
    (
        six([0xfd00, 0xec2, 0, 0], [0, 0, 0, 0], 32),
        Class::Metadata,
    ),
    (
        six([0xfd20, 0xce, 0, 0], [0, 0, 0, 0x254], 128),
        Class::Metadata,
    ),
    (six([0, 0, 0, 0], [0, 0, 0, 0], 128), Class::Unspecified),
    (six([0, 0, 0, 0], [0, 0, 0, 1], 128), Class::Loopback),
    (six([0xfe80, 0, 0, 0], [0, 0, 0, 0], 10), Class::LinkLocal),
    (six([0xfc00, 0, 0, 0], [0, 0, 0, 0], 7), Class::Private),
    (six([0xff00, 0, 0, 0], [0, 0, 0, 0], 8), Class::Multicast),
    // NAT64 and 6to4 are judged by what is in them; that of a network's own prefix is not known.
    (six([0x64, 0xff9b, 0, 0], [0, 0, 0, 0], 96), Class::Public),
    (six([0x2002, 0, 0, 0], [0, 0, 0, 0], 16), Class::Public),
    // Protocols (Teredo, ORCHID, benchmarks), documentation.
    (six([0x2001, 0, 0, 0], [0, 0, 0, 0], 23), Class::Reserved),
    (
        six([0x2001, 0xdb8, 0, 0], [0, 0, 0, 0], 32),
        Class::Reserved,
    ),
    (six([0x3fff, 0, 0, 0], [0, 0, 0, 0], 20), Class::Reserved),
    (
        six([0x2620, 0x4f, 0x8000, 0], [0, 0, 0, 0], 48),
        Class::Reserved,
    ),
    (six([0x2000, 0, 0, 0], [0, 0, 0, 0], 3), Class::Public),
    (six([0, 0, 0, 0], [0, 0, 0, 0], 0), Class::Reserved),
];

impl Class {
    /// Of an address as it is written; see [`embedded`] for one inside of it.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let mut rows = FOUR.iter();
                rows.find(|(network, _)| network.contains(&address))
                    .map_or(Self::Public, |(_, class)| *class)
            }
            IpAddr::V6(address) => {
                let mut rows = SIX.iter();
                rows.find(|(network, _)| network.contains(&address))
                    .map_or(Self::Reserved, |(_, class)| *class)
            }
        }
    }

    /// Why a test may not go there by default, if it may not.
    pub(super) fn refusal(self) -> Option<Cause> {
        match self {
            Self::Public | Self::Private => None,
            Self::Loopback => Some(Cause::PolicyLoopback),
            Self::LinkLocal => Some(Cause::PolicyLinkLocal),
            Self::Metadata => Some(Cause::PolicyMetadata),
            Self::Multicast => Some(Cause::PolicyMulticast),
            Self::Unspecified => Some(Cause::PolicyUnspecified),
            Self::Reserved => Some(Cause::PolicyReserved),
        }
    }
}

/// The address of IPv4 that an address of IPv6 leads to, where one is in it: mapped, translated, compatible, NAT64, 6to4, ISATAP.
pub(super) fn embedded(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(six) = address else {
        return None;
    };
    let [a, b, c, d, e, f, g, h] = six.segments();
    let of = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
    };
    match [a, b, c, d, e, f] {
        // `::` and `::1` are themselves.
        [0, 0, 0, 0, 0, 0] if (g, h) != (0, 0) && (g, h) != (0, 1) => of(g, h),
        [0, 0, 0, 0, 0, 0xffff] | [0, 0, 0, 0, 0xffff, 0] => of(g, h),
        [0x64, 0xff9b, 0, 0, 0, 0] => of(g, h),
        [0x2002, high, low, ..] => of(high, low),
        [_, _, _, _, 0 | 0x200, 0x5efe] => of(g, h),
        _ => None,
    }
}
