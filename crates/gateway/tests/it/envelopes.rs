//! Whatever is wrong with an envelope, the answer is the same in every byte.

use envelope::{
    Binding, DataFactoryName, EnvelopePrivateKey, JwkSet, LinkedServiceName, Operation,
    TicketClaims, UnixSeconds,
};
use http::HeaderMap;

use crate::scratch::{
    Answer, PASSWORD, ScratchGateway, other_gateway, seal, seal_bound, unique_ticket_id,
};

/// Everything that a caller sees; the headers are sorted.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

fn seen(answer: &Answer) -> Seen {
    let headers: &HeaderMap = &answer.headers;
    let mut headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    headers.sort();
    Seen {
        status: answer.status.as_u16(),
        headers,
        body: answer.body.to_vec(),
    }
}

/// The same base64url character every time for the same input, and never the one it was.
fn flipped(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = match bytes[at] {
        b'A'..=b'Y' | b'a'..=b'y' | b'0'..=b'8' => bytes[at] + 1,
        b'.' => b'A',
        _ => b'B',
    };
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn every_malformed_envelope_gets_the_one_answer() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    let good = gateway.envelope(&claims);
    let parts: Vec<&str> = good.split('.').collect();
    let with_part = |index: usize, part: &str| {
        let mut parts = parts.clone();
        parts[index] = part;
        parts.join(".")
    };
    let mut broken = vec![
        ("empty", String::new()),
        ("one character", "A".to_owned()),
        ("as long as may be", "A".repeat(16 * 1024)),
        ("JSON", "{\"protected\":\"\"}".to_owned()),
        ("not ASCII", "é".repeat(100)),
        ("four segments", parts[..4].join(".")),
        ("six segments", format!("{good}.AAAA")),
        ("no encrypted key", with_part(1, "")),
        (
            "short encrypted key",
            with_part(1, &parts[1][..parts[1].len() - 4]),
        ),
        ("short IV", with_part(2, "AAAAAAAAAAA")),
        ("truncated tag", with_part(4, &parts[4][..16])),
        ("no tag", with_part(4, "")),
        ("padding", format!("{good}==")),
        ("newline at the end", format!("{good}\n")),
        ("white space", with_part(3, &format!(" {}", parts[3]))),
        ("empty header", with_part(0, "")),
        (
            "other ciphertext",
            with_part(3, &"A".repeat(parts[3].len())),
        ),
    ];
    for at in (0..good.len()).step_by(37) {
        broken.push(("one character changed", flipped(&good, at)));
    }

    let expected = {
        let answer = gateway.set(&gateway.claims("ls"), "x").await;
        answer.assert_problem(400, "envelope_rejected");
        seen(&answer)
    };
    for (what, envelope) in broken {
        // A ticket of its own for each: five failures end one. Only id and signature differ.
        let ticket_claims = TicketClaims {
            jti: unique_ticket_id(),
            ..claims.clone()
        };
        let answer = gateway.set(&ticket_claims, envelope).await;
        assert_eq!(seen(&answer), expected, "{what}");
    }
    assert!(
        gateway.custody.list(None).await.unwrap().is_empty(),
        "something was stored"
    );
}

#[tokio::test]
async fn an_envelope_for_anything_else_gets_the_same_answer() {
    let gateway = ScratchGateway::new().await;
    let expected = seen(&gateway.set(&gateway.claims("ls"), "x").await);
    let keys = &gateway.custody.public_keys();

    type Change = fn(&mut Binding);
    let changes: [(&str, Change); 7] = [
        ("gateway", |binding| binding.gw = other_gateway()),
        ("data factory", |binding| {
            binding.df = DataFactoryName::parse("other").unwrap();
        }),
        ("linked service", |binding| {
            binding.ls = LinkedServiceName::parse("other").unwrap();
        }),
        ("operation", |binding| binding.op = Operation::Test),
        ("ticket", |binding| binding.jti = unique_ticket_id()),
        ("iat", |binding| {
            binding.iat = UnixSeconds(binding.iat.0 - 1);
        }),
        ("exp", |binding| {
            binding.exp = UnixSeconds(binding.exp.0 + 1);
        }),
    ];
    for (what, change) in changes {
        let claims = gateway.claims("ls");
        let mut binding = Binding::from_ticket(&claims, Operation::Set);
        change(&mut binding);
        let answer = gateway
            .set(&claims, seal_bound(keys, &claims, &binding, PASSWORD))
            .await;
        assert_eq!(seen(&answer), expected, "another {what}");
    }

    // Sealed well, but for a key that this gateway does not have.
    let foreign = EnvelopePrivateKey::generate().unwrap();
    let foreign_keys = JwkSet::from_keys([foreign.public_jwk().clone()]).unwrap();
    let claims = gateway.claims("ls");
    let for_foreign = TicketClaims {
        thp: foreign.kid().clone(),
        ..claims.clone()
    };
    let answer = gateway
        .set(&claims, seal(&foreign_keys, &for_foreign, PASSWORD))
        .await;
    assert_eq!(seen(&answer), expected, "another gateway's key");
}

#[tokio::test]
async fn what_is_sealed_well_is_stored_and_receipted() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    let envelope = gateway.envelope(&claims);
    let first = gateway.set(&claims, envelope.clone()).await;
    assert_eq!(
        first.status,
        201,
        "{}",
        String::from_utf8_lossy(&first.body)
    );
    let receipt: envelope::SignedReceipt = serde_json::from_slice(&first.body).unwrap();
    assert_eq!(
        (receipt.receipt.version, receipt.receipt.ls),
        (1, claims.ls.clone())
    );
    assert!(
        !String::from_utf8_lossy(&first.body).contains("quotes"),
        "a value is in the receipt"
    );

    let again = gateway.set(&claims, envelope).await;
    assert_eq!(
        (again.status.as_u16(), &again.body),
        (201, &first.body),
        "a repeated request gets the same receipt"
    );

    let next = gateway.claims("ls");
    let answer = gateway.set(&next, gateway.envelope(&next)).await;
    assert_eq!(
        answer.status, 200,
        "a new version of a credential that is there"
    );
}

#[tokio::test]
async fn a_credential_that_breaks_rules_is_told_by_field() {
    use envelope::{Credential, Secret, SecretChange};
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    let credential = Credential {
        kind: "Http".to_owned(),
        auth: "Basic".to_owned(),
        properties: [("url".to_owned(), "not a url".to_owned())].into(),
        secrets: [(
            "password".to_owned(),
            SecretChange::Replace(Secret::new("x".to_owned())),
        )]
        .into(),
    };
    let keys = &gateway.custody.public_keys();
    let envelope = credential
        .seal(
            keys.select(&claims.thp).unwrap(),
            &Binding::from_ticket(&claims, Operation::Set),
            &mut getrandom::SysRng,
        )
        .unwrap();
    let answer = gateway.set(&claims, envelope.as_str().to_owned()).await;
    answer.assert_problem(422, "invalid_credential");
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    for field in ["url", "userName"] {
        assert!(
            errors
                .iter()
                .any(|error| error["field"] == field && error["rule"].is_string()),
            "{field}: {errors:?}"
        );
    }
}
