use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::{Operation, TicketClaims};
use gateway::clock;
use gateway::custody::access::{Action, RefusalReason, TicketProblem};
use gateway::issuers::{self, Issuer, Mode};

use super::desk::{Closed, Desk, access, df};

enum Signer {
    EdDsa(Ed25519KeyPair),
    Es256(EcdsaKeyPair),
}

impl Signer {
    fn ed_dsa() -> Self {
        Self::EdDsa(Ed25519KeyPair::generate().unwrap())
    }

    fn es256() -> Self {
        Self::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn jwk(&self) -> String {
        let text = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        match self {
            Self::EdDsa(key) => format!(
                r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#,
                text(key.public_key().as_ref())
            ),
            Self::Es256(key) => {
                let point = key.public_key().as_ref();
                format!(
                    r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#,
                    text(&point[1..33]),
                    text(&point[33..])
                )
            }
        }
    }

    fn sign(&self, claims: &TicketClaims) -> String {
        let alg = match self {
            Self::EdDsa(_) => "EdDSA",
            Self::Es256(_) => "ES256",
        };
        self.sign_as(alg, claims)
    }

    fn sign_as(&self, alg: &str, claims: &TicketClaims) -> String {
        let header = format!(r#"{{"alg":"{alg}","typ":"credential-ticket+jwt"}}"#);
        let mut jws = Base64UrlUnpadded::encode_string(header.as_bytes());
        jws.push('.');
        jws.push_str(&Base64UrlUnpadded::encode_string(
            &serde_json::to_vec(claims).unwrap(),
        ));
        let signature = match self {
            Self::EdDsa(key) => key.sign(jws.as_bytes()).as_ref().to_vec(),
            Self::Es256(key) => key
                .sign(&SystemRandom::new(), jws.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
        };
        jws.push('.');
        jws.push_str(&Base64UrlUnpadded::encode_string(&signature));
        jws
    }
}

const PORTAL: &str = "https://portal.example";

/// A gateway with the issuers "portal" (Ed25519) and "wizard" (P-256), both for `sales-*` of the factory.
async fn with_issuers() -> (Desk, Signer, Signer) {
    let closed = Closed::new().await;
    let (portal, wizard) = (Signer::ed_dsa(), Signer::es256());
    for (name, signer) in [("portal", &portal), ("wizard", &wizard)] {
        let patterns = ["sales-*".to_owned()];
        let issuer = Issuer::new(
            name,
            Some(PORTAL),
            df(),
            &patterns,
            &[Mode::Popup],
            &signer.jwk(),
        )
        .unwrap();
        issuers::register(&closed.folder, &issuer).unwrap();
    }
    (closed.open().await, portal, wizard)
}

async fn refusal(desk: &Desk, claims: &TicketClaims, ticket: &str) -> Option<RefusalReason> {
    let answer = desk
        .custody
        .authorise(ticket, &access(claims, Action::Set), clock::now())
        .await;
    match answer.err()? {
        TicketProblem::Refused(reason) => Some(reason),
        other => panic!("{other}"),
    }
}

fn claims_of(desk: &Desk, iss: &str, ls: &str) -> TicketClaims {
    TicketClaims {
        iss: iss.to_owned(),
        org: Some(PORTAL.to_owned()),
        ..desk.claims(ls, Operation::Set)
    }
}

#[tokio::test]
async fn registered_issuers_are_accepted_with_either_algorithm() {
    let (desk, portal, wizard) = with_issuers().await;
    for (name, signer) in [("portal", &portal), ("wizard", &wizard)] {
        let claims = claims_of(&desk, name, "sales-eu");
        assert_eq!(
            refusal(&desk, &claims, &signer.sign(&claims)).await,
            None,
            "{name}"
        );
    }
    assert_eq!(desk.custody.issuers().len(), 2);
}

#[tokio::test]
async fn an_issuer_cannot_speak_for_another_or_for_the_gateway() {
    let (desk, portal, wizard) = with_issuers().await;
    let stranger = Signer::ed_dsa();
    for (name, signer) in [
        ("portal", &wizard),
        ("wizard", &portal),
        ("gateway", &portal),
        ("portal", &stranger),
    ] {
        let claims = claims_of(&desk, name, "sales-eu");
        assert_eq!(
            refusal(&desk, &claims, &signer.sign(&claims)).await,
            Some(RefusalReason::Signature),
            "{name}"
        );
    }
    // The header cannot choose another algorithm than the key's.
    let claims = claims_of(&desk, "portal", "sales-eu");
    let confused = portal.sign_as("ES256", &claims);
    assert_eq!(
        refusal(&desk, &claims, &confused).await,
        Some(RefusalReason::Signature)
    );
    for alg in ["none", "HS256", "RS256", "ES384"] {
        let confused = portal.sign_as(alg, &claims);
        assert_eq!(
            refusal(&desk, &claims, &confused).await,
            Some(RefusalReason::Malformed),
            "{alg}"
        );
    }
}

#[tokio::test]
async fn an_issuer_keeps_to_its_factory_names_and_origin() {
    let (desk, portal, _) = with_issuers().await;
    let other_names = claims_of(&desk, "portal", "hr");
    assert_eq!(
        refusal(&desk, &other_names, &portal.sign(&other_names)).await,
        Some(RefusalReason::NotAllowed)
    );

    let mut other_factory = claims_of(&desk, "portal", "sales-eu");
    other_factory.df = envelope::DataFactoryName::parse("other").unwrap();
    assert_eq!(
        refusal(&desk, &other_factory, &portal.sign(&other_factory)).await,
        Some(RefusalReason::NotAllowed)
    );

    let mut other_origin = claims_of(&desk, "portal", "sales-eu");
    other_origin.org = Some("https://evil.example".to_owned());
    assert_eq!(
        refusal(&desk, &other_origin, &portal.sign(&other_origin)).await,
        Some(RefusalReason::ForeignOrigin)
    );
    other_origin.org = None;
    assert_eq!(
        refusal(&desk, &other_origin, &portal.sign(&other_origin)).await,
        None
    );
}

#[tokio::test]
async fn ticket_ids_are_unique_per_issuer() {
    use super::desk::{replace, sql_server};
    let (desk, portal, wizard) = with_issuers().await;
    let first = claims_of(&desk, "portal", "sales-eu");
    let second = TicketClaims {
        iss: "wizard".to_owned(),
        ..first.clone()
    };
    for (claims, signer) in [(&first, &portal), (&second, &wizard)] {
        let ticket = desk
            .custody
            .authorise(
                &signer.sign(claims),
                &access(claims, Action::Set),
                clock::now(),
            )
            .await;
        let envelope = desk.seal(claims, sql_server(replace("x")));
        let stored = desk
            .custody
            .set(ticket.unwrap(), envelope.as_bytes(), clock::now())
            .await
            .unwrap();
        assert!(!stored.repeated);
    }
    let line = desk.audit_lines().pop().unwrap();
    assert_eq!(
        (line["iss"].as_str(), line["who"].as_str()),
        (Some("wizard"), Some("tester"))
    );
}
