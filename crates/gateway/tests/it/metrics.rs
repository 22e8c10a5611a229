//! What a collector is told: these families and labels, and nothing of anybody.

use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use gateway::custody::rotation::Former;
use gateway::custody::trying::Tested;
use gateway::problem::CODES;
use gateway::router::health_router;
use http::{Request, header};
use probe::report::Cause;
use tower::ServiceExt;

use crate::certificates::forge;
use crate::scratch::{ScratchGateway, request, set_request};

/// A label and its values, where there is one.
type Label = Option<(&'static str, &'static [&'static str])>;

/// Each family with its type, and the labels and values that tell its series apart. The README has them, too.
const FAMILIES: [(&str, &str, Label); 12] = [
    (
        "build",
        "info",
        Some(("version", &[env!("CARGO_PKG_VERSION")])),
    ),
    ("certificate_expiry_timestamp_seconds", "gauge", None),
    (
        "key_in_use_since_timestamp_seconds",
        "gauge",
        Some(("key", &["envelope", "store"])),
    ),
    (
        "saves",
        "counter",
        Some((
            "outcome",
            &["created", "replaced", "repeated", "refused", "unavailable"],
        )),
    ),
    (
        "tests",
        "counter",
        Some(("outcome", &["passed", "failed", "abandoned"])),
    ),
    (
        "last_tests",
        "gauge",
        Some(("outcome", &["passed", "failed"])),
    ),
    ("oldest_last_test_timestamp_seconds", "gauge", None),
    ("refusals", "counter", Some(("code", &CODES))),
    (
        "connections",
        "gauge",
        Some(("listener", &["https", "health"])),
    ),
    (
        "connections_refused",
        "counter",
        Some(("listener", &["https", "health"])),
    ),
    ("store_write_seconds", "histogram", None),
    ("audit_append_seconds", "histogram", None),
];

pub(crate) async fn metrics(gateway: &ScratchGateway) -> String {
    let router = health_router(gateway.state.clone());
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let media_type = answer.headers()[header::CONTENT_TYPE].to_str().unwrap();
    assert!(media_type.starts_with("application/openmetrics-text"));
    let body = to_bytes(answer.into_body(), 1 << 16).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_expiry_that_is_told_is_that_of_the_certificate_that_is_shown() {
    let gateway = ScratchGateway::new().await;
    let told = |text: &str| {
        let line = text.lines().find_map(|line| {
            line.strip_prefix("credential_gateway_certificate_expiry_timestamp_seconds ")
        });
        line.unwrap().parse::<u64>().unwrap()
    };
    let text = metrics(&gateway).await;
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert!(text.contains(concat!(
        "credential_gateway_build_info{version=\"",
        env!("CARGO_PKG_VERSION"),
        "\"} 1\n"
    )));
    assert!(!text.contains("gw-test"), "a label identifies the gateway");
    let before = gateway.state.certificate.now().expires_at().0;
    assert_eq!(told(&text), before);

    let (chain, key) = forge::sound();
    let other = forge::pair((&chain, &key));
    let after = other.expires_at().0;
    assert_ne!(before, after);
    gateway.state.certificate.replace(other);
    assert_eq!(told(&metrics(&gateway).await), after);
}

#[tokio::test]
async fn they_are_told_on_the_loopback_listener_alone() {
    let gateway = ScratchGateway::new().await;
    let answer = gateway
        .send(
            request(http::Method::GET, "/metrics")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(answer.status, 404);
}

/// The name, without the program's, and the label of a sample, and its value.
fn samples(text: &str) -> impl Iterator<Item = (&str, f64)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let series = series.strip_prefix("credential_gateway_").unwrap();
        (series, value.parse().unwrap())
    })
}

#[track_caller]
pub(crate) fn value(text: &str, series: &str) -> f64 {
    let found = samples(text).find(|(found, _)| *found == series);
    found.unwrap_or_else(|| panic!("no {series} in {text}")).1
}

#[tokio::test]
async fn each_family_and_label_is_known_and_documented() {
    let gateway = ScratchGateway::new().await;
    let text = metrics(&gateway).await;
    let types: BTreeSet<_> = text
        .lines()
        .filter_map(|line| {
            line.strip_prefix("# TYPE credential_gateway_")?
                .split_once(' ')
        })
        .collect();
    assert_eq!(
        types,
        FAMILIES.map(|(family, kind, _)| (family, kind)).into()
    );

    let mut expected = BTreeSet::new();
    for (family, kind, label) in FAMILIES {
        let suffix = match kind {
            "info" => "_info",
            "counter" => "_total",
            _ => "",
        };
        match label {
            Some((label, values)) => expected.extend(
                values
                    .iter()
                    .map(|value| format!("{family}{suffix}{{{label}=\"{value}\"}}")),
            ),
            None => drop(expected.insert(format!("{family}{suffix}"))),
        }
    }
    // A histogram's own label has bounds that are compiled in.
    let told: BTreeSet<_> = samples(&text)
        .map(|(series, _)| {
            let histogram = ["_sum", "_count", "_bucket{"].iter();
            let mut families = histogram.filter_map(|end| series.split_once(end));
            families
                .next()
                .map_or(series, |(family, _)| family)
                .to_owned()
        })
        .collect();
    assert_eq!(told, expected);

    let readme = include_str!("../../README.md");
    for (family, kind, label) in FAMILIES {
        assert!(
            readme.contains(&format!("| `{family}` | {kind} |")),
            "{family}"
        );
        if let Some((label, values)) = label {
            assert!(readme.contains(&format!("`{label}`")), "{label}");
            // The codes are in the OpenAPI document.
            let words = values
                .iter()
                .filter(|_| !["version", "code"].contains(&label));
            for value in words {
                assert!(readme.contains(&format!("`{value}`")), "{value}");
            }
        }
    }
}

#[test]
fn the_codes_are_those_of_the_openapi_document() {
    let document: serde_json::Value = serde_json::from_str(gateway::openapi::text()).unwrap();
    let operations = document["paths"].as_object().unwrap().values();
    let operations = operations.flat_map(|item| item.as_object().unwrap().values());
    let answers =
        operations.flat_map(|operation| operation["responses"].as_object().unwrap().values());
    let mut codes: BTreeSet<_> = answers
        .filter_map(|answer| {
            let schema = &answer["content"]["application/problem+json"]["schema"]["allOf"][1];
            schema["properties"]["code"]["enum"].as_array()
        })
        .flatten()
        .map(|code| code.as_str().unwrap())
        .collect();
    // No operation has it.
    codes.insert("method_not_allowed");
    assert_eq!(codes, CODES.into());
}

#[tokio::test]
async fn nothing_that_somebody_sends_becomes_a_series() {
    let gateway = ScratchGateway::new().await;
    let series = async || {
        let text = metrics(&gateway).await;
        samples(&text)
            .map(|(series, _)| series.to_owned())
            .collect::<Vec<_>>()
    };
    let before = series().await;
    let claims = gateway.claims("an-own-name");
    let envelope = gateway.envelope(&claims);
    assert_eq!(gateway.set(&claims, envelope).await.status, 201);
    for (method, path) in [
        ("GET", "/an-own-name"),
        ("GET", "/v1/factories/an-own-name/linked-services"),
        ("AN-OWN-NAME", "/v1/keys"),
        (
            "DELETE",
            "/v1/factories/an-own-name/linked-services/an-own-name/credential",
        ),
    ] {
        let request = request(method.parse().unwrap(), path)
            .header(header::ORIGIN, "https://an-own-name.example")
            .header(header::AUTHORIZATION, "Bearer an-own-name");
        gateway.send(request.body(Body::empty()).unwrap()).await;
    }
    assert_eq!(series().await, before);
    assert!(
        !metrics(&gateway)
            .await
            .to_lowercase()
            .contains("an-own-name")
    );
}

#[tokio::test]
async fn saves_are_counted_by_their_outcome() {
    let gateway = ScratchGateway::new().await;
    let told = async |outcome: &str| {
        let text = metrics(&gateway).await;
        value(&text, &format!("saves_total{{outcome=\"{outcome}\"}}"))
    };
    let first = gateway.claims("ls");
    let envelope = gateway.envelope(&first);
    assert_eq!(gateway.set(&first, envelope.clone()).await.status, 201);
    assert_eq!((told("created").await, told("repeated").await), (1.0, 0.0));
    assert_eq!(gateway.set(&first, envelope).await.status, 201);
    assert_eq!((told("created").await, told("repeated").await), (1.0, 1.0));
    let second = gateway.claims("ls");
    let envelope = gateway.envelope(&second);
    assert_eq!(gateway.set(&second, envelope).await.status, 200);
    assert_eq!((told("replaced").await, told("refused").await), (1.0, 0.0));
    let third = gateway.claims("ls");
    assert_eq!(gateway.set(&third, "no envelope").await.status, 400);
    assert_eq!(
        (told("refused").await, told("unavailable").await),
        (1.0, 0.0)
    );

    let mut sql = gateway.sql().await;
    let foreign = sqlx::raw_sql("CREATE TABLE foreign_table (one)");
    foreign.execute(&mut sql).await.unwrap();
    let fourth = gateway.claims("ls");
    let envelope = gateway.envelope(&fourth);
    assert_eq!(gateway.set(&fourth, envelope).await.status, 503);
    assert_eq!(
        (told("unavailable").await, told("refused").await),
        (1.0, 1.0)
    );
}

#[tokio::test]
async fn refusals_are_counted_by_their_code() {
    let gateway = ScratchGateway::new().await;
    let told = async || {
        let text = metrics(&gateway).await;
        let codes = [
            "not_found",
            "misdirected",
            "ticket_invalid",
            "method_not_allowed",
            "cross_site",
        ];
        codes.map(|code| value(&text, &format!("refusals_total{{code=\"{code}\"}}")))
    };
    assert_eq!(told().await, [0.0; 5]);
    gateway.get("/nowhere").await;
    gateway.get("/nowhere").await;
    let elsewhere = Request::get("/").header(header::HOST, "evil.example");
    gateway.send(elsewhere.body(Body::empty()).unwrap()).await;
    gateway.get("/v1/tickets/status").await;
    let post = request(http::Method::POST, "/v1/keys");
    gateway.send(post.body(Body::empty()).unwrap()).await;
    let mut foreign = set_request(
        "/v1/factories/f/linked-services/l/credential",
        "x",
        Body::empty(),
    );
    foreign
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    gateway.send(foreign).await;
    assert_eq!(told().await, [2.0, 1.0, 1.0, 1.0, 1.0]);
}

#[tokio::test]
async fn how_long_the_disk_takes_is_told() {
    let gateway = ScratchGateway::new().await;
    let told = async || {
        let text = metrics(&gateway).await;
        ["store_write_seconds", "audit_append_seconds"].map(|family| {
            let (count, sum) = (format!("{family}_count"), format!("{family}_sum"));
            let all = format!("{family}_bucket{{le=\"+Inf\"}}");
            assert_eq!(value(&text, &count), value(&text, &all));
            (value(&text, &count), value(&text, &sum))
        })
    };
    let before = told().await;
    let claims = gateway.claims("ls");
    let envelope = gateway.envelope(&claims);
    assert_eq!(gateway.set(&claims, envelope).await.status, 201);
    for ((before, seconds_before), (after, seconds_after)) in before.iter().zip(told().await) {
        assert_eq!(*before + 1.0, after);
        assert!(seconds_after > *seconds_before && seconds_after < 60.0);
    }
}

#[tokio::test]
async fn how_the_last_tests_ended_is_told_and_the_age_of_the_oldest() {
    let gateway = ScratchGateway::new().await;
    let told = async || {
        let text = metrics(&gateway).await;
        let [passed, failed] = ["passed", "failed"]
            .map(|outcome| value(&text, &format!("last_tests{{outcome=\"{outcome}\"}}")));
        let oldest = value(&text, "oldest_last_test_timestamp_seconds");
        (passed, failed, oldest)
    };
    assert_eq!(told().await, (0.0, 0.0, 0.0));
    let now = gateway::clock::now().0;
    for (name, at, cause) in [
        ("one", now - 2000, None),
        ("two", now - 1000, Some(Cause::WrongPassword)),
    ] {
        let claims = gateway.claims(name);
        let envelope = gateway.envelope(&claims);
        assert_eq!(gateway.set(&claims, envelope).await.status, 201);
        let tested = Tested {
            df: &claims.df,
            ls: &claims.ls,
            version: 1,
            cause,
        };
        let at = envelope::UnixSeconds(at);
        let recorded = gateway.custody.record_test(&tested, "tester", at);
        recorded.await.unwrap();
    }
    assert_eq!(told().await, (1.0, 1.0, (now - 2000) as f64));
    // What is set anew was not tested yet.
    let claims = gateway.claims("one");
    let envelope = gateway.envelope(&claims);
    assert_eq!(gateway.set(&claims, envelope).await.status, 200);
    assert_eq!(told().await, (0.0, 1.0, (now - 1000) as f64));
}

#[tokio::test]
async fn since_when_keys_are_in_use_is_told() {
    let gateway = ScratchGateway::new().await;
    let told = async || {
        let text = metrics(&gateway).await;
        ["envelope", "store"].map(|key| {
            value(
                &text,
                &format!("key_in_use_since_timestamp_seconds{{key=\"{key}\"}}"),
            )
        })
    };
    let now = gateway::clock::now();
    for since in told().await {
        assert!(
            since > now.0 as f64 - 600.0 && since <= now.0 as f64,
            "{since}"
        );
    }
    let later = envelope::UnixSeconds(now.0 + 1000);
    let rotated = gateway.custody.rotate(Former::Retires, None, later).await;
    assert!(rotated.is_ok());
    assert_eq!(told().await[0], later.0 as f64);
    let later = envelope::UnixSeconds(now.0 + 2000);
    assert!(gateway.custody.rotate_terms(None, later).await.is_ok());
    assert_eq!(told().await[1], later.0 as f64);
}
