use envelope::{Binding, Credential, EnvelopeKey, Operation};

use super::*;
use crate::tests::{Identity, key};

fn sealed(identity: &Identity, jti: &str) -> Envelope {
    let mut claims = identity.claims(1_800_000_000);
    claims.jti = envelope::TicketId::parse(jti).unwrap();
    let credential = Credential {
        kind: "Http".to_owned(),
        auth: "Basic".to_owned(),
        properties: std::collections::BTreeMap::new(),
        secrets: std::collections::BTreeMap::new(),
    };
    let key = EnvelopeKey::new(key("good")).unwrap();
    let binding = Binding::from_ticket(&claims, Operation::Set);
    credential
        .seal(&key, &binding, &mut getrandom::SysRng)
        .unwrap()
}

#[test]
fn a_receipt_is_for_what_was_sent_and_by_the_gateway() {
    let (identity, other) = (Identity::new(), Identity::new());
    let envelope = sealed(&identity, "1");
    let read = |body: &str, by: &Identity| {
        CheckedReceipt::read(body.as_bytes(), &envelope, &by.public)
            .map(|checked| checked.reference())
            .map_err(|failure| failure.code)
    };
    let receipt = identity.receipt(&envelope);
    assert_eq!(read(&receipt, &identity).as_deref(), Ok("cgref:gw/df/ls/1"));
    let wrong = Err("wrong_receipt".to_owned());
    assert_eq!(read(&receipt, &other), wrong, "another gateway's");
    let another = identity.receipt(&sealed(&identity, "2"));
    assert_eq!(read(&another, &identity), wrong, "another ticket's");
    let changed = receipt.replacen("\"version\":1", "\"version\":2", 1);
    assert_eq!(read(&changed, &identity), wrong, "not what was signed");
    let (signed, _) = receipt.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}\"}}", "A".repeat(86));
    assert_eq!(read(&forged, &identity), wrong, "no signature");
    assert_eq!(read("{}", &identity), wrong, "no receipt");
}
