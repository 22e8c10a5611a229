//! What stands in for the gateway: `window.fetch`, answering from memory.

use std::cell::RefCell;
use std::rc::Rc;

use envelope::fingerprint::WORD_LIST;
use envelope::receipt::{Receipt, SignedReceipt};
use envelope::{Envelope, UnixSeconds};
use js_sys::{Function, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// A 2048-bit modulus: RFC 7638 section 3.1.
pub(crate) const MODULUS: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

/// Its thumbprint, from the same section.
pub(crate) const KID: &str = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

/// What the identity key of RFC 8037 appendix A says about that key: of gateway `gw-test`, for tickets from 2023 to 2030, number 1.
const STATEMENT: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6ImNyZWRlbnRpYWwta2V5LXN0YXRlbWVudCtqd3QiLCJraWQiOiJrUHJLX3FteFZXYVlWQTl3d0JGNkl1bzN2Vnp6N1R4SENUd1hCeWdyUzRrIn0.eyJndyI6Imd3LXRlc3QiLCJpZGVudGl0eSI6eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IjExcVlBWUt4Q3JmVlNfN1R5V1FIT2c3aGN2UGFwaU1scndJYWFQY0hVUm8ifSwia2V5cyI6Ik56YkxzWGg4dURDY2QtNk1Od1hGNFdfN25vV1hGWkFmSGt4WnNSR0M5WHMiLCJuYmYiOjE3MDAwMDAwMDAsImV4cCI6MTkwMDAwMDAwMCwic2VxIjoxfQ.XiPt0eYXH7HVnCjuY-y4xcs2Qtx57EVHbZz3ho00eSmEtMYA1nasRuD0fwJLd-fWhgKDjIYq2Vu4b3lZZzcxDA";

/// That identity key's thumbprint, from appendix A.3.
pub(crate) const IDENTITY: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

/// The gateway's time when it answers, unless a test sets another: within every ticket's life.
pub(crate) const NOW: u64 = 1_800_000_100;

/// One answer.
#[derive(Clone)]
pub(crate) enum Answer {
    /// A JSON document with this status.
    Json(u16, Value),
    /// The same with a Retry-After, in seconds.
    RetryAfter(u16, Value, u32),
    /// The request fails as it does when nobody listens.
    Silence,
    /// No answer until the test gives one with [`Gateway::release`], or the page stops waiting.
    Later,
    /// The receipt for the envelope that was sent.
    Receipt,
    /// The same with another value for one member.
    ReceiptBut(&'static str, Value),
    /// A text.
    Text(&'static str),
    /// A report that the test writes with [`Gateway::report`].
    Report,
}

/// The stand-in; `fetch` is restored when it goes.
pub(crate) struct Gateway {
    state: Rc<RefCell<State>>,
    original: JsValue,
    _fetch: Closure<dyn FnMut(String, JsValue) -> Promise>,
}

struct State {
    now: u64,
    keys: Answer,
    stored: Answer,
    puts: Vec<Answer>,
    tests: Option<&'static str>,
    trial: Answer,
    report: Option<JsValue>,
    bodies: Vec<String>,
    paths: Vec<String>,
    tickets: Vec<String>,
    waiting: Vec<Function>,
}

impl Gateway {
    /// A gateway with the good key, that stores whatever it is sent.
    pub(crate) fn new() -> Self {
        forget_all();
        let state = Rc::new(RefCell::new(State {
            now: NOW,
            keys: Answer::Json(200, key_document(MODULUS, KID)),
            stored: Answer::Json(200, json!([])),
            puts: Vec::new(),
            tests: None,
            trial: Answer::Report,
            report: None,
            bodies: Vec::new(),
            paths: Vec::new(),
            tickets: Vec::new(),
            waiting: Vec::new(),
        }));
        let window = web_sys::window().unwrap();
        let original = Reflect::get(&window, &"fetch".into()).unwrap();
        let answering = Rc::clone(&state);
        let fetch =
            Closure::new(move |path: String, init: JsValue| answer(&answering, &path, &init));
        Reflect::set(&window, &"fetch".into(), fetch.as_ref()).unwrap();
        Self {
            state,
            original,
            _fetch: fetch,
        }
    }

    /// What `/v1/keys` answers from now on.
    pub(crate) fn keys(&self, answer: Answer) {
        self.state.borrow_mut().keys = answer;
    }

    /// What is answered from now on to what is stored: by itself nothing.
    pub(crate) fn stored(&self, answer: Answer) {
        self.state.borrow_mut().stored = answer;
    }

    /// What the next PUTs answer; the last of them for good.
    pub(crate) fn puts(&self, answers: &[Answer]) {
        self.state.borrow_mut().puts = answers.iter().rev().cloned().collect();
    }

    /// It tries what the form for MySQL is for, and wants this of Save.
    pub(crate) fn tests(&self, save: &'static str) {
        self.state.borrow_mut().tests = Some(save);
    }

    /// What it answers from now on to a test: by itself a report.
    pub(crate) fn trial(&self, answer: Answer) {
        self.state.borrow_mut().trial = answer;
    }

    /// Whether a report has begun that was not ended.
    pub(crate) fn is_reporting(&self) -> bool {
        self.state.borrow().report.is_some()
    }

    /// Writes a piece of the report; nothing ends it.
    pub(crate) fn report(&self, piece: &[u8]) {
        let write = Function::new_with_args(
            "stream, piece",
            "if (piece.length) stream.enqueue(piece); else stream.close();",
        );
        let mut state = self.state.borrow_mut();
        let stream = state.report.clone().unwrap();
        if piece.is_empty() {
            state.report = None;
        }
        let piece = js_sys::Uint8Array::from(piece);
        write.call2(&JsValue::NULL, &stream, &piece).unwrap();
    }

    /// The gateway's time, in seconds since the Unix epoch.
    pub(crate) fn now(&self, seconds: u64) {
        self.state.borrow_mut().now = seconds;
    }

    /// Answers every request that was left waiting, with the good key.
    pub(crate) fn release(&self) {
        self.release_with(&key_document(MODULUS, KID));
    }

    /// The same with another document.
    pub(crate) fn release_with(&self, document: &Value) {
        let waiting = std::mem::take(&mut self.state.borrow_mut().waiting);
        let now = self.state.borrow().now;
        for resolve in waiting {
            resolve
                .call1(
                    &JsValue::NULL,
                    &response(200, &document.to_string(), now, None),
                )
                .unwrap();
        }
    }

    /// The bodies of the PUTs so far.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.state.borrow().bodies.clone()
    }

    /// The `Authorization` that came with each question for what is stored.
    pub(crate) fn tickets(&self) -> Vec<String> {
        self.state.borrow().tickets.clone()
    }

    /// How often this path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.state
            .borrow()
            .paths
            .iter()
            .filter(|asked| *asked == path)
            .count()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        Reflect::set(&web_sys::window().unwrap(), &"fetch".into(), &self.original).unwrap();
    }
}

/// Makes the browser one that has met no gateway.
#[expect(
    clippy::disallowed_methods,
    reason = "what the page remembers of gateways is there"
)]
pub(crate) fn forget_all() {
    let storage = web_sys::window().unwrap().local_storage();
    storage.unwrap().unwrap().clear().unwrap();
}

/// A key document with one key.
pub(crate) fn key_document(modulus: &str, kid: &str) -> Value {
    json!({ "statement": STATEMENT, "keys": [{ "kty": "RSA", "use": "enc", "alg": "RSA-OAEP-256", "kid": kid, "n": modulus, "e": "AQAB" }] })
}

/// The good key, for an algorithm that nothing is sealed with.
pub(crate) fn key_for_another_algorithm() -> Value {
    let mut document = key_document(MODULUS, KID);
    document["keys"][0]["alg"] = "RSA1_5".into();
    document
}

/// A problem document.
pub(crate) fn problem(code: &str, status: u16) -> Value {
    json!({ "type": format!("urn:credential-gateway:problem:{code}"), "title": code, "status": status, "code": code })
}

fn answer(state: &Rc<RefCell<State>>, path: &str, init: &JsValue) -> Promise {
    let mut state = state.borrow_mut();
    state.paths.push(path.to_owned());
    let member = |name: &str| {
        Reflect::get(init, &name.into())
            .ok()
            .and_then(|value| value.as_string())
    };
    let body = member("body").unwrap_or_default();
    let answer = match (member("method").as_deref(), path) {
        (Some("PUT"), _) => {
            state.bodies.push(body.clone());
            match state.puts.as_slice() {
                [] => Answer::Receipt,
                [last] => last.clone(),
                _ => state.puts.pop().unwrap(),
            }
        }
        (Some("POST"), path) if path.ends_with("/test") => {
            state.bodies.push(body.clone());
            state.trial.clone()
        }
        (_, path) if path.contains("/linked-services?name=") => {
            state.tickets.push(authorization(init));
            state.stored.clone()
        }
        (_, "/v1/keys") => state.keys.clone(),
        (_, "/static/words.txt") => Answer::Text(WORD_LIST),
        (_, "/.well-known/credential-gateway") => Answer::Json(200, description(state.tests)),
        _ => Answer::Json(404, problem("not_found", 404)),
    };
    let now = state.now;
    match answer {
        Answer::Json(status, document) => {
            Promise::resolve(&response(status, &document.to_string(), now, None))
        }
        Answer::RetryAfter(status, document, seconds) => {
            Promise::resolve(&response(status, &document.to_string(), now, Some(seconds)))
        }
        Answer::Receipt => Promise::resolve(&response(201, &receipt(&body).to_string(), now, None)),
        Answer::ReceiptBut(member, value) => {
            let mut receipt = receipt(&body);
            receipt["receipt"][member] = value;
            Promise::resolve(&response(201, &receipt.to_string(), now, None))
        }
        Answer::Text(text) => Promise::resolve(&response(200, text, now, None)),
        Answer::Report => {
            let make = Function::new_with_args(
                "init",
                "let writer; const stream = new ReadableStream({ start(controller) { writer = controller; } }); \
                 init.signal.addEventListener('abort', () => writer.error(init.signal.reason)); \
                 return [writer, new Response(stream)];",
            );
            let made = js_sys::Array::from(&make.call1(&JsValue::NULL, init).unwrap());
            state.report = Some(made.get(0));
            Promise::resolve(&made.get(1))
        }
        Answer::Silence => Promise::reject(&js_sys::TypeError::new("Failed to fetch")),
        Answer::Later => Promise::new(&mut |resolve, reject| {
            state.waiting.push(resolve);
            let stop = Function::new_with_args(
                "init, reject",
                "const stop = () => reject(init.signal.reason); \
                 if (init.signal.aborted) stop(); else init.signal.addEventListener('abort', stop);",
            );
            stop.call2(&JsValue::NULL, init, &reject).unwrap();
        }),
    }
}

fn authorization(init: &JsValue) -> String {
    let read = Function::new_with_args(
        "init",
        "return new Headers(init.headers).get('authorization') ?? ''",
    );
    let read = read.call1(&JsValue::NULL, init).unwrap();
    read.as_string().unwrap()
}

/// What a gateway tells of the credential for MySQL that it has stored.
pub(crate) fn stored_credential() -> Value {
    json!({
        "df": "factory", "ls": "SalesMySql", "kind": "OnPremisesMySql", "auth": "Basic", "target": "db01.corp.example/sales",
        "account": "loader", "secrets": ["password"], "version": 3, "kid": KID, "set_by": "ann@example.com", "set_at": 1_799_000_000,
        "properties": { "server": "db01.corp.example", "database": "sales", "schema": "raw", "userName": "loader" },
    })
}

/// The same for SFTP with a key: two secrets, of which one is optional, and the account is not.
pub(crate) fn stored_key() -> Value {
    json!({
        "df": "factory", "ls": "SalesMySql", "kind": "Sftp", "auth": "SshPublicKey", "target": "sftp01:22",
        "account": "etl", "secrets": ["passPhrase", "privateKeyContent"], "version": 1, "kid": KID, "set_by": "ann@example.com",
        "set_at": 1_799_000_000,
        "properties": { "host": "sftp01", "port": "22", "skipHostKeyValidation": "true", "username": "etl" },
    })
}

fn response(status: u16, body: &str, now: u64, retry_after: Option<u32>) -> JsValue {
    let date = js_sys::Date::new(&JsValue::from_f64(now as f64 * 1000.0)).to_utc_string();
    let make = Function::new_with_args(
        "body, status, date, retry",
        "const headers = { date }; if (retry !== undefined) headers['retry-after'] = String(retry); \
         return new Response(body, { status, headers });",
    );
    make.call4(
        &JsValue::NULL,
        &body.into(),
        &JsValue::from(status),
        &date,
        &retry_after.map_or(JsValue::UNDEFINED, JsValue::from),
    )
    .unwrap()
}

fn description(tests: Option<&str>) -> Value {
    let mut description = json!({
        "id": "gw-test", "name": "Test gateway", "version": "0", "api": "/v1",
        "identity": { "kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43) },
        "fingerprint": IDENTITY, "fingerprint_words": "", "certificate_sha256": "c0ffee", "features": [],
        "kinds": linked_service::catalogue().iter().map(|kind| kind.id).collect::<Vec<_>>(),
    });
    if let Some(save) = tests {
        description["tests"] =
            json!({ "save": save, "kinds": { "OnPremisesMySql": ["Basic"], "Unheard": ["Of"] } });
    }
    description
}

fn receipt(body: &str) -> Value {
    let envelope = Envelope::parse(body.as_bytes()).unwrap();
    let binding = envelope.binding();
    let signed = SignedReceipt {
        receipt: Receipt {
            v: 1,
            gw: binding.gw.clone(),
            df: binding.df.clone(),
            ls: binding.ls.clone(),
            kind: "OnPremisesMySql".to_owned(),
            auth: "Basic".to_owned(),
            target: "db01.corp.example/sales".to_owned(),
            account: Some("loader".to_owned()),
            version: 3,
            kid: envelope.kid().clone(),
            jti: binding.jti.clone(),
            sub: "ada@example.com".to_owned(),
            at: UnixSeconds(NOW),
            page: None,
            test: None,
        },
        jws: "a.b.c".to_owned(),
    };
    serde_json::to_value(&signed).unwrap()
}
