//! The gateway's answers, read with the browser's own JSON: they are shown and compared, never sealed, and trusted only after a
//! signature; the readers that serde would generate for them weigh four kilobytes in the download. Unknown members are passed over.

use std::rc::Rc;

use envelope::protocol::{FieldProblem, IdentityJwk, ProblemCode};
use envelope::{
    DataFactoryName, GatewayId, KeyStatement, Kid, LinkedServiceName, Receipt, SignedReceipt,
    TicketId, UnixSeconds,
};
use js_sys::{Array, JSON, Reflect};
use linked_service::{AuthType, Kind};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::state::{Cause, Certificate, Existing, Line, Outcome, Stored};

/// The part of a [gateway's description](envelope::protocol::GatewayDescription) that the page shows. None of it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its id.
    pub id: GatewayId,
    /// Its name for people.
    pub name: String,
    /// SHA-256 of its certificate, to be compared with what the browser shows.
    pub certificate_sha256: String,
    /// The kinds of data store it offers, by JSON type.
    pub kinds: Vec<String>,
    /// What it can try, and whether it has to; nothing if it tries nothing.
    pub tests: Option<Tests>,
}

/// What a gateway can try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tests {
    /// How it wants it.
    pub save: Policy,
    /// Kinds of data store that it has a driver for, each with a way to sign in.
    pub drivers: Vec<(&'static str, &'static str)>,
}

/// How a gateway wants credentials to be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// A person may save without a test.
    Chosen,
    /// It stores only what has passed.
    Tested,
}

impl Description {
    /// Whether it can try this, and how it wants it.
    pub fn tests(&self, kind: &Kind, auth: &AuthType) -> Option<Policy> {
        let tests = self.tests.as_ref()?;
        tests
            .drivers
            .contains(&(kind.id, auth.id))
            .then_some(tests.save)
    }
}

/// What a gateway says about itself; `None` if a member is missing or of another type.
pub fn description(json: &str) -> Option<Description> {
    let document = Object::parse(json)?;
    Some(Description {
        id: GatewayId::try_from(document.text("id")?).ok()?,
        name: document.text("name")?,
        certificate_sha256: document.text("certificate_sha256")?,
        kinds: document.list("kinds", |word| word.as_string())?,
        tests: document.object("tests").map(|tests| self::tests(&tests)),
    })
}

/// Kinds that are not in the catalogue are passed over, like anything else that this page does not know.
fn tests(tests: &Object) -> Tests {
    let mut drivers = Vec::new();
    if let Some(kinds) = tests.object("kinds") {
        for kind in linked_service::catalogue() {
            let offered = kinds.list(kind.id, |word| word.as_string());
            for offered in offered.unwrap_or_default() {
                if let Some(auth) = kind.auth_type(&offered) {
                    drivers.push((kind.id, auth.id));
                }
            }
        }
    }
    let save = match tests.text("save").as_deref() {
        Some("tested") => Policy::Tested,
        _ => Policy::Chosen,
    };
    Tests { save, drivers }
}

/// A line of the report of a test; `None` as above.
pub fn line(json: &str) -> Option<Line> {
    let document = Object::parse(json)?;
    let stage = document.text("stage");
    let outcome = document.text(if stage.is_some() { "result" } else { "outcome" });
    Some(Line {
        stage: stage.unwrap_or_default(),
        outcome: Outcome::of(&outcome?)?,
        ms: document.number("ms")?,
        cause: document.text("cause").map(|code| Cause {
            code,
            sentence: document.text("sentence").unwrap_or_default(),
            advice: document.text("advice").unwrap_or_default(),
            field: document.text("field"),
        }),
        code: document.text("code").unwrap_or_default(),
        said: document.text("said").unwrap_or_default(),
        certificate: document
            .object("certificate")
            .as_ref()
            .and_then(certificate),
    })
}

fn certificate(certificate: &Object) -> Option<Certificate> {
    Some(Certificate {
        subject: certificate.text("subject")?,
        issuer: certificate.text("issuer")?,
        sha256: certificate.text("sha256")?,
        not_after: certificate.number("not_after")?,
    })
}

/// What the identity key says about the envelope keys, and that key for the browser; `None` as above.
pub fn key_statement(json: &str) -> Option<(KeyStatement, JsValue)> {
    let document = Object::parse(json)?;
    let statement = KeyStatement {
        gw: GatewayId::try_from(document.text("gw")?).ok()?,
        identity: identity(&document)?,
        keys: document.text("keys")?,
        nbf: UnixSeconds(document.number("nbf")?),
        exp: UnixSeconds(document.number("exp")?),
        seq: document.number("seq")?,
        predecessors: Vec::new(),
    };
    Some((statement, document.member("identity")))
}

fn identity(document: &Object) -> Option<IdentityJwk> {
    let identity = document.object("identity")?;
    Some(IdentityJwk {
        kty: identity.text("kty")?,
        crv: identity.text("crv")?,
        x: identity.text("x")?,
    })
}

/// The answer to a stored credential; `None` as above.
pub fn signed_receipt(json: &str) -> Option<SignedReceipt> {
    let document = Object::parse(json)?;
    let receipt = document.object("receipt")?;
    Some(SignedReceipt {
        receipt: Receipt {
            v: u8::try_from(receipt.number("v")?).ok()?,
            gw: GatewayId::try_from(receipt.text("gw")?).ok()?,
            df: DataFactoryName::try_from(receipt.text("df")?).ok()?,
            ls: LinkedServiceName::try_from(receipt.text("ls")?).ok()?,
            kind: receipt.text("kind")?,
            auth: receipt.text("auth")?,
            target: receipt.text("target")?,
            account: receipt.text("account"),
            version: receipt.number("version")?,
            kid: Kid::try_from(receipt.text("kid")?).ok()?,
            jti: TicketId::try_from(receipt.text("jti")?).ok()?,
            sub: receipt.text("sub")?,
            at: UnixSeconds(receipt.number("at")?),
            page: None, // The page shows its own.
            test: None, // The page knows it.
        },
        jws: document.text("jws")?,
    })
}

/// What a receipt says of a test before it: the word for its outcome. A gateway that tests nothing says nothing.
pub fn tested(json: &str) -> Option<String> {
    let receipt = Object::parse(json)?.object("receipt")?;
    receipt.object("test")?.text("outcome")
}

/// The answer to what is stored under one name: a list with nothing or one in it; `None` as above, or for a kind or an
/// authentication type that is not in the catalogue. Properties and secrets that are not in it are passed over.
pub fn existing(json: &str) -> Option<Existing> {
    let list: Array = JSON::parse(json).ok()?.dyn_into().ok()?;
    if list.length() == 0 {
        return Some(Existing::Nothing);
    }
    let document = Object(list.get(0));
    let kind = linked_service::kind(&document.text("kind")?)?;
    let auth = kind.auth_type(&document.text("auth")?)?;
    let values = document.object("properties")?;
    let names = document.list("secrets", |name| name.as_string())?;
    let (mut properties, mut secrets) = (Vec::new(), Vec::new());
    for field in auth.fields.iter().chain(kind.unwritten()) {
        if field.is_secret() {
            if names.iter().any(|name| name == field.name) {
                secrets.push(field.name);
            }
        } else if let Some(value) = values.text(field.name) {
            properties.push((field.name, value));
        }
    }
    Some(Existing::Stored(Rc::new(Stored {
        kind,
        auth,
        properties,
        secrets,
        version: document.number("version")?,
        set_by: document.text("set_by")?,
        set_at: UnixSeconds(document.number("set_at")?),
    })))
}

/// The part of a [problem document](envelope::protocol::Problem) that is acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its code.
    pub code: ProblemCode,
    /// What the gateway says beyond it.
    pub detail: Option<String>,
    /// The request, in the gateway's words.
    pub instance: Option<String>,
    /// What is wrong with single fields.
    pub errors: Vec<FieldProblem>,
}

/// A problem document; `None` as above, or if its code is unknown.
pub fn problem(json: &str) -> Option<Problem> {
    let document = Object::parse(json)?;
    let field = |problem: JsValue| {
        let problem = Object(problem);
        Some(FieldProblem {
            field: problem.text("field")?,
            rule: problem.text("rule")?,
        })
    };
    Some(Problem {
        code: ProblemCode::from_word(&document.text("code")?)?,
        detail: document.text("detail"),
        instance: document.text("instance"),
        errors: document.list("errors", field).unwrap_or_default(),
    })
}

struct Object(JsValue);

impl Object {
    fn parse(json: &str) -> Option<Self> {
        JSON::parse(json)
            .ok()
            .filter(JsValue::is_object)
            .map(Object)
    }

    /// `undefined` for a member that is not there.
    fn member(&self, name: &str) -> JsValue {
        Reflect::get(&self.0, &name.into()).unwrap_or_default()
    }

    fn object(&self, name: &str) -> Option<Self> {
        Some(self.member(name))
            .filter(JsValue::is_object)
            .map(Object)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.member(name).as_string()
    }

    /// A whole number that JavaScript holds exactly.
    fn number(&self, name: &str) -> Option<u64> {
        let number = self.member(name).as_f64()?;
        let whole = number as u64;
        (whole as f64 == number && whole <= envelope::context::MAX_UNIX_SECONDS).then_some(whole)
    }

    fn list<T>(&self, name: &str, item: impl Fn(JsValue) -> Option<T>) -> Option<Vec<T>> {
        let list = self.member(name);
        if !Array::is_array(&list) {
            return None;
        }
        Array::from(&list).iter().map(item).collect()
    }
}
