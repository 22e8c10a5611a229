//! An envelope is good for one gateway, one data factory, one linked service, one operation, one ticket and its times.

use envelope::{
    Binding, DataFactoryName, Envelope, GatewayId, LinkedServiceName, Operation, RejectReason,
    TicketClaims, TicketId, UnixSeconds, open,
};
use getrandom::SysRng;

use crate::forgery::{decode, encode};
use crate::sample::{KEY, MORE_KEYS, binding, credential, envelope, public};

type Change = fn(&mut Binding);

/// Each field with a change to it, in the order of [`Binding::first_difference`].
const CHANGES: [(&str, Change); 7] = [
    ("gw", |one| one.gw = GatewayId::parse("gateway-2").unwrap()),
    ("df", |one| {
        one.df = DataFactoryName::parse("demo-factory2").unwrap();
    }),
    ("ls", |one| {
        one.ls = LinkedServiceName::parse("Größe \"2\" 売上").unwrap();
    }),
    ("op", |one| one.op = Operation::Test),
    ("jti", |one| one.jti = TicketId::parse("ticket-2").unwrap()),
    ("iat", |one| one.iat = UnixSeconds(1_800_000_001)),
    ("exp", |one| one.exp = UnixSeconds(1_800_000_599)),
];

/// The binding with each field changed alone and with each pair of them: the first changed field's name, and the binding.
fn others() -> Vec<(&'static str, Binding)> {
    let mut all = Vec::new();
    for (place, (member, change)) in CHANGES.iter().enumerate() {
        let mut other = binding();
        change(&mut other);
        all.push((*member, other.clone()));
        for (_, second) in &CHANGES[place + 1..] {
            let mut both = other.clone();
            second(&mut both);
            all.push((*member, both));
        }
    }
    assert_eq!(all.len(), 7 + 21);
    all
}

#[test]
fn an_envelope_for_something_else_is_rejected() {
    let envelope = envelope();
    for (member, expected) in others() {
        let rejected = open(&envelope, &KEY, &expected).map(|_| ()).unwrap_err();
        assert_eq!(rejected.reason(), RejectReason::BindingMismatch { member });
    }
    let delete = Binding {
        op: Operation::Delete,
        ..binding()
    };
    assert!(open(&envelope, &KEY, &delete).is_err());
}

#[test]
fn an_envelope_cannot_be_moved_by_rewriting_its_header() {
    let good = envelope();
    let (_, rest) = good.as_str().split_once('.').unwrap();
    for (member, other) in others() {
        // The header of an honest envelope for the other binding, over the key and text of this one.
        let honest = credential("x")
            .seal(&public(&KEY), &other, &mut SysRng)
            .unwrap();
        let (header, _) = honest.as_str().split_once('.').unwrap();
        let moved = Envelope::parse(format!("{header}.{rest}").as_bytes()).unwrap();
        assert_eq!(moved.binding(), &other);
        let rejected = open(&moved, &KEY, &other).map(|_| ()).unwrap_err();
        assert_eq!(rejected.reason(), RejectReason::Authentication, "{member}");
    }
}

#[test]
fn an_envelope_for_another_key_is_rejected() {
    let good = envelope();
    for other in &*MORE_KEYS {
        let rejected = open(&good, other, &binding()).map(|_| ()).unwrap_err();
        assert_eq!(rejected.reason(), RejectReason::ForeignKey);
    }
    // The same with the other key's name written into the header.
    let [other, ..] = &*MORE_KEYS;
    let (header, rest) = good.as_str().split_once('.').unwrap();
    let header = String::from_utf8(decode(header))
        .unwrap()
        .replace(KEY.kid().as_str(), other.kid().as_str());
    let renamed = format!("{}.{rest}", encode(header.as_bytes()));
    let renamed = Envelope::parse(renamed.as_bytes()).unwrap();
    assert_eq!(renamed.kid(), other.kid());
    for key in [&*KEY, other] {
        assert!(open(&renamed, key, &binding()).is_err());
    }
}

#[test]
fn a_binding_is_the_tickets() {
    let claims = TicketClaims {
        iss: "demo-portal".to_owned(),
        aud: binding().gw,
        sub: "ada".to_owned(),
        jti: binding().jti,
        iat: binding().iat,
        nbf: binding().iat,
        exp: binding().exp,
        op: Operation::Set,
        df: binding().df,
        ls: binding().ls,
        kind: None,
        thp: KEY.kid().clone(),
        org: None,
    };
    assert_eq!(Binding::from_ticket(&claims, Operation::Set), binding());
    assert_eq!(
        Binding::from_ticket(&claims, Operation::Test).op,
        Operation::Test
    );
    assert_eq!(binding().first_difference(&binding()), None);
}
