// <credential-setter>: a portal's button that lets a person set one linked service's credential on the gateway's own page.
//
//   <script type="module" src="/credential-setter.js"></script>
//   <credential-setter gateway="https://gateway.example:8050" linked-service="SalesSqlServer"></credential-setter>
//
//   setter.getTicket = async ({ linkedService, kind }) => (await mintTicketOnYourServer(linkedService)).ticket;
//   setter.addEventListener("cs-saved", (event) => show(event.detail.receipt));
//
// The portal's page never holds the field into which a secret is typed: that field is on the gateway's origin, in a window
// of its own. What comes back is a receipt, never a value. Types and events: credential-setter.d.ts.

const POPUP_FEATURES = "popup,width=560,height=800";
const PAGE_PATH = "/set";
// How often a closed window is looked for; there is no event for it.
const CLOSED_POLL_MS = 300;
// A receipt posted just before the window closed may arrive after the closing is seen.
const CLOSED_GRACE_MS = 500;

const MESSAGES = {
  gateway_address: "The gateway's address is missing or is not an https address.",
  linked_service_missing: "No linked service was chosen.",
  ticket_source_missing: "The portal has not said where tickets come from (getTicket).",
  ticket_unavailable: "The portal could not issue a ticket.",
  popup_blocked: "The browser blocked the gateway's window.",
  receipt_malformed: "The gateway's page answered with something that is not a receipt.",
  receipt_mismatch: "The receipt names another linked service or kind than the one asked for.",
};

export class CredentialSetterElement extends HTMLElement {
  static observedAttributes = ["disabled"];

  /** Set by the portal: asks its own server for a ticket. */
  getTicket = null;

  #button;
  #session = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [styleSheet()];
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.part = "button";
    const label = document.createElement("slot");
    label.textContent = "Set credential";
    this.#button.append(label);
    this.#button.addEventListener("click", () => this.open());
    root.append(this.#button);
  }

  attributeChangedCallback() {
    this.#button.disabled = this.hasAttribute("disabled");
  }

  disconnectedCallback() {
    // The window belongs to the person: it stays open, but nobody is left to be told.
    this.#session?.end();
    this.#session = null;
  }

  get gateway() {
    return this.getAttribute("gateway") ?? "";
  }
  set gateway(value) {
    this.setAttribute("gateway", value);
  }

  get linkedService() {
    return this.getAttribute("linked-service") ?? "";
  }
  set linkedService(value) {
    this.setAttribute("linked-service", value);
  }

  get kind() {
    return this.getAttribute("kind");
  }
  set kind(value) {
    if (value === null || value === undefined || value === "") this.removeAttribute("kind");
    else this.setAttribute("kind", value);
  }

  /** The page's language; without one that of the portal's own page, and else the browser's. */
  get locale() {
    return this.getAttribute("locale") ?? this.closest("[lang]")?.lang ?? "";
  }
  set locale(value) {
    this.setAttribute("locale", value);
  }

  get disabled() {
    return this.hasAttribute("disabled");
  }
  set disabled(value) {
    this.toggleAttribute("disabled", Boolean(value));
  }

  /** Opens the gateway's window, or brings an open one to the front. Call it inside a click: browsers block it elsewhere. */
  open() {
    if (this.disabled) return;
    const asked = { linkedService: this.linkedService, kind: this.kind };
    // A second click while the window is open: one window, one ticket.
    if (this.#session?.isFor(asked) && this.#session.focus()) return;
    const origin = gatewayOrigin(this.gateway);
    if (origin === null) return this.#fail("gateway_address");
    if (asked.linkedService === "") return this.#fail("linked_service_missing");
    if (typeof this.getTicket !== "function") return this.#fail("ticket_source_missing");

    // The window must open inside the click; the ticket comes later. It starts out blank, so that the page's first and only
    // address carries the ticket's fragment and no page without one is seen in between.
    const popup = window.open("about:blank", "_blank", POPUP_FEATURES);
    if (popup === null) return this.#fail("popup_blocked");
    sayOpening(popup);

    const session = new Session(popup, origin, asked, (name, detail) => this.#emit(session, name, detail));
    this.#session?.close();
    this.#session = session;
    this.#emit(session, "cs-open", { linkedService: asked.linkedService });
    this.#sendTicket(session, origin, asked);
  }

  async #sendTicket(session, origin, asked) {
    let ticket;
    try {
      ticket = await this.getTicket(asked);
      if (typeof ticket !== "string" || ticket === "") throw new TypeError("getTicket gave no ticket");
    } catch (cause) {
      if (!session.ended) {
        session.close();
        this.#fail("ticket_unavailable", cause);
      }
      return;
    }
    const language = this.locale === "" ? "" : `?lang=${encodeURIComponent(this.locale)}`;
    session.navigate(`${origin}${PAGE_PATH}${language}#ticket=${ticket}`);
  }

  #fail(code, cause) {
    const reason = cause instanceof Error && cause.message !== "" ? ` ${cause.message}` : "";
    this.#dispatch("cs-error", {
      code,
      message: `${MESSAGES[code]}${reason}`,
      final: true,
      linkedService: this.linkedService,
    });
  }

  #emit(session, name, detail) {
    // A session that was replaced by a newer one has nothing to say any more.
    if (this.#session === session) this.#dispatch(name, detail);
  }

  #dispatch(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail: Object.freeze(detail), bubbles: true }));
  }
}

// One window, from its opening to its one outcome.
class Session {
  ended = false;
  #popup;
  #origin;
  #asked;
  #emit;
  #poll;

  constructor(popup, origin, asked, emit) {
    this.#popup = popup;
    this.#origin = origin;
    this.#asked = asked;
    this.#emit = emit;
    window.addEventListener("message", this.#onMessage);
    this.#poll = setInterval(() => this.#lookForClosing(), CLOSED_POLL_MS);
  }

  isFor({ linkedService, kind }) {
    return this.#asked.linkedService === linkedService && this.#asked.kind === kind;
  }

  // True if the window is still at work and was brought to the front.
  focus() {
    if (this.ended || this.#popup.closed) return false;
    this.#popup.focus();
    return true;
  }

  navigate(address) {
    // `replace`: the ticket's address must not stay behind in the window's history.
    if (!this.ended && !this.#popup.closed) this.#popup.location.replace(address);
  }

  end() {
    this.ended = true;
    clearInterval(this.#poll);
    window.removeEventListener("message", this.#onMessage);
  }

  close() {
    this.end();
    this.#popup.close();
  }

  #onMessage = (event) => {
    // Both: the same origin can be in another window, and this window can be navigated to another origin.
    if (event.origin !== this.#origin || event.source !== this.#popup) return;
    const message = event.data;
    if (message === null || typeof message !== "object") return;
    switch (message.type) {
      case "cs-ready":
        return this.#tell("cs-ready", {});
      case "cs-saved":
        return this.#saved(message);
      case "cs-error":
        // Not the end: the person may correct the cause in the window and save.
        return this.#tell("cs-error", {
          code: String(message.code),
          message: "The gateway's page reported a problem.",
          final: false,
        });
      case "cs-cancel":
        this.end();
        return this.#tell("cs-cancel", { reason: "cancelled" });
    }
  };

  #saved(message) {
    this.end();
    const receipt = readReceipt(message.receipt);
    if (receipt === null || typeof message.jws !== "string") return this.#refuse("receipt_malformed");
    const { linkedService, kind } = this.#asked;
    if (receipt.ls !== linkedService || (kind !== null && receipt.kind !== kind)) return this.#refuse("receipt_mismatch");
    this.#tell("cs-saved", { receipt, jws: message.jws });
  }

  #refuse(code) {
    this.#tell("cs-error", { code, message: MESSAGES[code], final: true });
  }

  #tell(name, detail) {
    this.#emit(name, { ...detail, linkedService: this.#asked.linkedService });
  }

  #lookForClosing() {
    if (!this.#popup.closed) return;
    clearInterval(this.#poll);
    setTimeout(() => {
      if (this.ended) return;
      this.end();
      this.#tell("cs-cancel", { reason: "closed" });
    }, CLOSED_GRACE_MS);
  }
}

// Copies the members of a receipt that have the right type; anything else in the message is dropped.
function readReceipt(value) {
  if (value === null || typeof value !== "object") return null;
  const receipt = {};
  for (const name of ["gw", "df", "ls", "kind", "auth", "target", "kid", "jti", "sub"]) {
    if (typeof value[name] !== "string") return null;
    receipt[name] = value[name];
  }
  for (const name of ["v", "version", "at"]) {
    if (!Number.isSafeInteger(value[name])) return null;
    receipt[name] = value[name];
  }
  receipt.account = typeof value.account === "string" ? value.account : null;
  return Object.freeze(receipt);
}

function gatewayOrigin(address) {
  const url = URL.parse?.(address) ?? parseUrl(address);
  return url !== null && url.protocol === "https:" ? url.origin : null;
}

function parseUrl(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

// The blank window is still the portal's own document: a word in it while the portal's server issues the ticket.
function sayOpening(popup) {
  const page = popup.document;
  page.title = "Opening the gateway's page";
  page.documentElement.style.colorScheme = "light dark";
  page.body.style.font = "16px/1.5 system-ui, sans-serif";
  page.body.style.margin = "3rem";
  page.body.textContent = "Opening the gateway's page …";
}

// A constructed sheet, because a strict Content-Security-Policy refuses <style>. Portals theme it with the custom
// properties below or with ::part(button).
let sharedSheet;
function styleSheet() {
  if (sharedSheet === undefined) {
    sharedSheet = new CSSStyleSheet();
    sharedSheet.replaceSync(`
      :host { display: inline-block; }
      :host([hidden]) { display: none; }
      button {
        font: inherit;
        font-weight: 600;
        min-block-size: 2.75rem;
        padding: 0.5rem 1.25rem;
        border: 1px solid transparent;
        border-radius: var(--credential-setter-radius, 8px);
        background: var(--credential-setter-background, #1f5fd0);
        color: var(--credential-setter-color, #ffffff);
        cursor: pointer;
      }
      button:hover { filter: brightness(1.08); }
      button:focus-visible { outline: 3px solid var(--credential-setter-focus, #7aa7ff); outline-offset: 2px; }
      button:disabled { opacity: 0.5; cursor: not-allowed; filter: none; }
      @media (forced-colors: active) { button { border-color: ButtonBorder; } }
    `);
  }
  return sharedSheet;
}

customElements.define("credential-setter", CredentialSetterElement);
