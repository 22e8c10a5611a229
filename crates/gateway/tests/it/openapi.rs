//! The OpenAPI document says what the gateway answers: all routes, and every answer that the other tests get.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use axum::body::Body;
use envelope::protocol::MEDIA_TYPE_REPORT;
use http::{Method, header};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::scratch::{Answer, PORT, ScratchGateway, request};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(gateway::openapi::text()).unwrap());

/// Paths and methods that are declared, and those that are there but need not be.
const METHODS: [Method; 8] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::HEAD,
    Method::TRACE,
];

fn paths() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths.iter().map(|(path, item)| (path.as_str(), item))
}

/// What is declared for a call; a HEAD is a GET without its body. None where there is no such path, `Err` where it has no such method.
fn operation(method: &Method, path: &str) -> Option<Result<(String, &'static Value), ()>> {
    let given: Vec<_> = path.split('/').collect();
    let fits = |template: &str| {
        let template: Vec<_> = template.split('/').collect();
        template.len() == given.len()
            && template
                .iter()
                .zip(&given)
                .all(|(part, given)| part == given || part.starts_with('{') && !given.is_empty())
    };
    let (template, item) = paths().find(|(template, _)| fits(template))?;
    let method = match *method {
        Method::HEAD => "get".to_owned(),
        ref method => method.as_str().to_lowercase(),
    };
    let operation = item.get(&method).ok_or(());
    Some(operation.map(|operation| (format!("{method} {template}"), operation)))
}

/// Fails unless the document has this answer to this call: status, media type, and the body's form.
#[track_caller]
pub(crate) fn assert_declared(method: &Method, path: &str, answer: &Answer) {
    let status = answer.status.as_str();
    let (name, operation) = match operation(method, path) {
        Some(Ok(operation)) => operation,
        Some(Err(())) => {
            let refused = ["405", "403", "408", "413", "414", "421", "431"].contains(&status);
            return assert!(
                refused,
                "{method} {path} is not declared and answered {status}"
            );
        }
        // A file of the page, or nothing.
        None => return,
    };
    let declared = &operation["responses"][status];
    assert!(declared.is_object(), "{name}: {status} is not declared");
    for name in declared["headers"].as_object().into_iter().flatten() {
        assert!(answer.headers.contains_key(name.0), "{name:?} of {status}");
    }
    let contents = declared["content"].as_object();
    if method == Method::HEAD {
        return;
    }
    if contents.is_none() {
        return assert!(answer.body.is_empty(), "{name}: {status} has a body");
    }
    let media_type = answer.headers[header::CONTENT_TYPE].to_str().unwrap();
    let content = contents.and_then(|contents| contents.get(media_type));
    let content = content.unwrap_or_else(|| panic!("{name}: {status} is {media_type}"));
    let text = || std::str::from_utf8(&answer.body).unwrap();
    let bodies = match media_type {
        // The schema is that of a line.
        MEDIA_TYPE_REPORT => text().lines().map(|line| line.parse().unwrap()).collect(),
        _ if media_type.contains("json") => vec![answer.json()],
        _ => vec![json!(text())],
    };
    let validator = validator(&format!("{name} {status}"), &content["schema"]);
    for body in bodies {
        if let Err(fault) = validator.validate(&body) {
            panic!("{name}: {status}: {fault}");
        }
    }
}

/// Made once for each schema.
fn validator(name: &str, schema: &Value) -> Arc<Validator> {
    static MADE: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let validator = made.entry(name.to_owned()).or_insert_with(|| {
        let mut schema = schema.clone();
        // What the references lead to.
        schema["components"] = DOCUMENT["components"].clone();
        Arc::new(jsonschema::draft202012::new(&schema).unwrap())
    });
    validator.clone()
}

#[tokio::test]
async fn it_is_served_like_other_public_documents() {
    let gateway = ScratchGateway::new().await;
    let answer = gateway.get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, gateway::openapi::text());
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    let keys = gateway.get("/v1/keys").await.headers;
    for (name, value) in &keys {
        let differs = [header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name);
        assert!(differs || answer.headers.get(name) == Some(value), "{name}");
    }
    assert!(DOCUMENT["openapi"].as_str().unwrap().starts_with("3.1."));
    assert_eq!(DOCUMENT["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn it_has_the_router_s_paths_and_methods_and_no_others() {
    let gateway = ScratchGateway::new().await;
    let router = gateway::router::router(gateway.state.clone(), PORT);
    // What axum has to say of itself: `RouteId(3): "/v1/keys"`.
    let told = format!("{router:?}");
    let routed: BTreeSet<_> = told
        .split("RouteId(")
        .filter_map(|text| {
            let (_, path) = text.split_once("): \"")?;
            Some(path.split_once('"')?.0)
        })
        .filter(|path| path.starts_with('/') && !path.contains("__private__"))
        .collect();
    assert!(
        routed.contains("/v1/keys"),
        "axum tells of itself otherwise"
    );
    assert_eq!(routed, paths().map(|(path, _)| path).collect());

    for (template, item) in paths() {
        let path = template.replace("{df}", "factory").replace("{ls}", "ls");
        for method in METHODS {
            let answer = request(method.clone(), &path).body(Body::empty()).unwrap();
            let answer = gateway.send(answer).await;
            let name = if method == Method::HEAD {
                "get".to_owned()
            } else {
                method.as_str().to_lowercase()
            };
            let is_declared = item.get(&name).is_some();
            assert_eq!(answer.status != 405, is_declared, "{method} {path}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let text = gateway::openapi::text();
    let named = |text: &str| {
        let name = text.split_once('"').map(|(name, _)| name.to_owned());
        name.unwrap_or_default()
    };
    let referred: BTreeSet<_> = text
        .split("#/components/schemas/")
        .skip(1)
        .map(named)
        .collect();
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap();
    assert_eq!(referred, schemas.keys().cloned().collect());
    // Words of our sources are not for whoever reads the document.
    for word in ["[`", "::", "crate"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn what_takes_a_ticket_says_so() {
    for (path, item) in paths() {
        for (method, operation) in item.as_object().unwrap() {
            let takes_one = operation["responses"]["401"].is_object();
            let says_so = operation["security"] == json!([{ "ticket": [] }]);
            assert_eq!(takes_one, says_so, "{method} {path}");
        }
    }
}
