// The same page in plain JavaScript: the same form from the same table of kinds, the same ticket, the same envelope, sealed by
// msrcrypto. The benchmark puts jwe.js and `const KINDS = …` in front of this text.
const main = document.querySelector("main");
const compact = location.hash.replace(/^#ticket=/, "");
history.replaceState(null, "", location.pathname);
const ticket = JSON.parse(new TextDecoder().decode(fromBase64url(compact.split(".")[1])));

const json = (path) => fetch(path).then((answer) => answer.json());
const described = json("/.well-known/credential-gateway");
const key = json("/v1/keys").then(async ({ keys }) => {
  const jwk = keys.find(({ kid }) => kid === ticket.thp);
  const thumbprint = utf8.encode(JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n }));
  const digest = new Uint8Array(await msrCrypto.subtle.digest({ name: "SHA-256" }, thumbprint));
  if (base64url(digest) !== ticket.thp) throw new Error("not the ticket's key");
  return { kid: jwk.kid, contender: await msrcryptoContender(jwk) };
});

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(attribute, "");
    else if (value !== false && value != null) made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

function options(choices, selected) {
  return choices.map(({ value, label }) => element("option", { value, selected: value === selected }, label));
}

function control(id, { name, input, choices, preset, required, limit }) {
  const common = { id, name, required, "aria-describedby": `${id}-hint` };
  switch (input) {
    case "choice": return element("select", common, ...options(choices, preset));
    case "switch": return element("input", { ...common, required: false, type: "checkbox", checked: preset === "true" });
    case "lines": return element("textarea", { ...common, rows: 6, autocomplete: "off", spellcheck: "false" });
    case "secret": return element("input", { ...common, type: "password", autocomplete: "new-password", maxlength: limit });
    default: return element("input", { ...common, type: "text", value: preset, autocomplete: "off", maxlength: limit, spellcheck: "false" });
  }
}

function fields(auth) {
  return auth.fields.map((field, index) => {
    const id = `field-${index}`;
    const hint = element("p", { class: "hint", id: `${id}-hint` }, field.hint);
    return element("div", { class: "field" }, element("label", { for: id }, field.label), control(id, field), hint);
  });
}

const kind = KINDS.find(({ id }) => id === ticket.kind) ?? KINDS[0];
let auth = kind.auths[0];
const methods = element("select", { id: "auth" }, ...options(kind.auths.map(({ id, name }) => ({ value: id, label: name })), auth.id));
const fieldset = element("div", { class: "fields" }, ...fields(auth));
const status = element("p", { role: "status" });
const form = element("form", { autocomplete: "off", novalidate: true },
  element("h1", {}, `Set the credential of ${ticket.ls}`),
  element("p", {}, `Data factory ${ticket.df}, gateway ${ticket.aud}, ${kind.name}`),
  element("div", { class: "field" }, element("label", { for: "auth" }, "Authentication"), methods),
  fieldset,
  element("button", { type: "submit" }, "Save"),
  status);

methods.addEventListener("change", () => {
  auth = kind.auths.find(({ id }) => id === methods.value);
  fieldset.replaceChildren(...fields(auth));
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  performance.mark("cs-save");
  const properties = {};
  const secrets = {};
  for (const { name, input, secret, required } of auth.fields) {
    const { value, checked } = form.elements[name];
    const text = input === "switch" ? String(checked) : value;
    if (required && text === "") {
      status.textContent = `${name} is required`;
      return;
    }
    if (text !== "") (secret ? secrets : properties)[name] = text;
  }
  const { kid, contender } = await key;
  const bind = { gw: ticket.aud, df: ticket.df, ls: ticket.ls, op: "set", jti: ticket.jti, iat: ticket.iat, exp: ticket.exp };
  const envelope = await seal(contender, kid, bind, { kind: kind.id, auth: auth.id, properties, secrets });
  const path = `/v1/factories/${encodeURIComponent(ticket.df)}/linked-services/${encodeURIComponent(ticket.ls)}/credential`;
  const answer = await fetch(path, {
    method: "PUT",
    headers: { "authorization": `Bearer ${compact}`, "content-type": "application/jose" },
    body: envelope,
  });
  const body = await answer.json();
  status.textContent = answer.ok ? `Stored as version ${body.receipt.version}` : body.title;
});

main.append(form);
described.then(({ name }) => main.prepend(element("p", {}, name)));
performance.mark("cs-usable");
performance.mark("cs-ready");
