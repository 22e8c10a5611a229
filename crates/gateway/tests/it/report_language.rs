//! The report of a test is in the language of whoever asks for it.

use envelope::{Binding, Operation, Secret, SecretChange};
use http::header;

use crate::scratch::{ScratchGateway, seal_basic};
use crate::testing::{report, test_request};

/// To the gateway's own machine, where no test goes.
#[tokio::test]
async fn what_went_wrong_is_said_in_the_language_that_is_preferred() {
    let gateway = ScratchGateway::with("").await;
    for (number, (preferred, tag, sentence, advice)) in [
        (
            None,
            "en",
            "the gateway's own machine",
            "allow this network",
        ),
        (
            Some("de-AT,de;q=0.9,en;q=0.5"),
            "de",
            "der Gateway-Rechner selbst",
            "in gateway.toml erlauben",
        ),
        (Some("ja"), "ja", "ゲートウェイ自身", "管理者に依頼"),
        (
            Some("ar-EG"),
            "ar",
            "جهاز البوابة نفسه",
            "السماح بهذه الشبكة",
        ),
        (Some("zh-CN"), "zh", "网关自己的计算机", "允许此网络"),
        (
            Some("en-GB,de;q=0.5"),
            "en",
            "the gateway's own machine",
            "allow this network",
        ),
        (
            Some("tlh"),
            "en",
            "the gateway's own machine",
            "allow this network",
        ),
        (
            Some("../../etc/passwd"),
            "en",
            "the gateway's own machine",
            "allow this network",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let claims = gateway.claims(&format!("language-{number}"));
        let properties = [
            ("server", "127.0.0.1"),
            ("database", "sales"),
            ("username", "author"),
        ];
        let binding = Binding::from_ticket(&claims, Operation::Test);
        let envelope = seal_basic(
            &gateway.custody.public_keys(),
            &claims,
            &binding,
            ("OnPremisesPostgreSql", &properties),
            SecretChange::Replace(Secret::new("any".to_owned())),
        );
        let mut request = test_request(&claims, &gateway.ticket(&claims), envelope);
        if let Some(preferred) = preferred {
            let headers = request.headers_mut();
            headers.insert(header::ACCEPT_LANGUAGE, preferred.parse().unwrap());
        }
        let answer = gateway.send(request).await;
        let lines = report(&answer);
        assert_eq!(
            answer.headers[header::CONTENT_LANGUAGE],
            tag,
            "{preferred:?}"
        );
        assert_eq!(answer.headers[header::VARY], "accept-language");
        let told: Vec<_> = lines
            .iter()
            .filter(|line| line["cause"] == "policy_loopback")
            .collect();
        // At its stage, and at the end.
        assert_eq!(told.len(), 2, "{lines:?}");
        for line in told {
            assert!(
                line["sentence"].as_str().unwrap().contains(sentence),
                "{line}"
            );
            assert!(line["advice"].as_str().unwrap().contains(advice), "{line}");
            assert_eq!(line["field"], "host");
        }
    }
}
