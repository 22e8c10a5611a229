// <credential-setter>: a portal's button that lets a person set one linked service's credential on the gateway's own page.
//
//   <script type="module" src="/credential-setter.js"></script>
//   <credential-setter gateway="https://gateway.example:8050" linked-service="SalesSqlServer"></credential-setter>
//
//   setter.getTicket = async ({ linkedService, kind }) => (await mintTicketOnYourServer(linkedService)).ticket;
//   setter.addEventListener("cs-saved", (event) => show(event.detail.receipt));
//
// The portal's page never holds the field into which a secret is typed: that field is on the gateway's origin, in a window
// or a frame of its own. What comes back is a receipt, never a value. Types and events: credential-setter.d.ts.

import { ADVICE } from "./advice.js";
import { checkedAppearance, checkedDefaults } from "./appearance.js";
import { FrameSession } from "./frame.js";
import { PopupSession, openPopup } from "./popup.js";
import { styleSheet } from "./style.js";

// Properties that are attributes, and what they are without one.
const REFLECTED = [
  ["gateway", "gateway", ""],
  ["linkedService", "linked-service", ""],
  ["kind", "kind", null],
  ["locale", "locale", ""],
  ["theme", "theme", ""],
  ["mode", "mode", "popup"],
];
const OFFERS = { popup: "Open in a window" };

// A server that renders the portal's page imports this module too, and has no elements.
export class CredentialSetterElement extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["disabled"];

  // Each begins as what was set before the element was defined.
  getTicket = this.getTicket ?? null;
  getOutcome = this.getOutcome ?? null;
  appearance = this.appearance ?? null;
  defaults = this.defaults ?? null;

  #button = make("button", "button");
  #note = make("div", "note");
  #box = make("div", "frame");
  #session = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [styleSheet()];
    const label = document.createElement("slot");
    label.textContent = "Set credential";
    this.#button.append(label);
    this.#button.addEventListener("click", () => this.open());
    this.#note.role = "alert";
    root.append(this.#button, this.#note, this.#box);
    for (const name of ["disabled", ...REFLECTED.map(([name]) => name)]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  attributeChangedCallback() {
    this.#button.disabled = this.disabled;
  }

  disconnectedCallback() {
    // Not if the portal only moves it. The window belongs to the person: it stays open, but nobody is left to be told.
    queueMicrotask(() => {
      if (!this.isConnected) this.#replaceSession(null, "leave");
    });
  }

  get disabled() {
    return this.hasAttribute("disabled");
  }
  set disabled(value) {
    this.toggleAttribute("disabled", Boolean(value));
  }

  /** Opens the gateway's page, or brings an open one to the front. Call it inside a click: browsers block windows elsewhere. */
  open() {
    this.#open(this.mode === "frame" ? "frame" : "popup");
  }

  /** Closes the window or the frame; `cs-cancel` tells of it if nothing was stored yet. */
  close() {
    this.#session?.cancel("closed");
    this.#session?.close();
  }

  /** Closes the window or the frame without a word, and takes back what was said: as if it had never been opened. */
  reset() {
    this.#replaceSession(null);
    this.#note.replaceChildren();
  }

  #open(mode) {
    if (this.disabled) return;
    const { linkedService, kind, theme } = this;
    const gateway = URL.parse?.(this.gateway) ?? parseUrl(this.gateway);
    const key = [mode, gateway?.origin, linkedService, kind].join("\n");
    // A second click while the window is open: one window, one ticket.
    if (this.#session?.key === key && this.#session.focus()) return;
    this.#note.replaceChildren();
    if (!/^https?:$/.test(gateway?.protocol)) return this.#fail("gateway_address");
    if (gateway.protocol === "http:") return this.#fail("gateway_insecure");
    if (linkedService === "") return this.#fail("linked_service_missing");
    if (typeof this.getTicket !== "function") return this.#fail("ticket_source_missing");
    // What a page without https embeds is not trusted with cryptography by the browser.
    if (mode === "frame" && !isSecureContext) return this.#fail("portal_insecure", { offer: "popup" });
    const popup = mode === "popup" ? openPopup() : undefined;
    if (popup === null) return this.#fail("popup_blocked", { offer: "popup" });

    const { appearance, isRefused } = checkedAppearance(this.appearance);
    const wish = {
      key,
      origin: gateway.origin,
      asked: Object.freeze({ linkedService, kind }),
      language: this.locale === "" ? "" : `?lang=${encodeURIComponent(this.locale)}`,
      theme,
      appearance,
      defaults: checkedDefaults(this.defaults),
      getTicket: (asked) => this.getTicket(asked),
      getOutcome: () => this.getOutcome,
    };
    // A session that was replaced by a newer one has nothing to say any more.
    wish.tell = (name, detail) => {
      if (this.#session !== session) return;
      // What was in the way is no longer.
      this.#note.replaceChildren();
      this.#dispatch(name, linkedService, detail);
    };
    wish.fail = (code, detail) => this.#session === session && this.#fail(code, { ...detail, linkedService });
    const session = popup ? new PopupSession(wish, popup) : new FrameSession(wish, this.#box);
    // The one before is followed no longer.
    this.#session?.cancel("closed");
    this.#replaceSession(session);
    wish.tell("cs-open", { mode });
    if (isRefused && mode === "frame") wish.fail("appearance_refused", { final: false });
    // Whoever was told may have closed it.
    if (!session.ended) session.begin();
  }

  #replaceSession(session, farewell = "close") {
    const old = this.#session;
    this.#session = session;
    old?.[farewell]();
  }

  // `where` stands for the policy's line that is missing.
  #fail(code, { final = true, offer = null, correlationId = null, where = "", linkedService = this.linkedService } = {}) {
    const known = Object.hasOwn(ADVICE, code);
    const [message, advice] = known ? ADVICE[code] : ADVICE.gateway;
    const detail = { code, message, advice: advice.replace("$", where), correlationId, final, offer };
    // The gateway's page says itself what it has found; the portal says it in its own words if it prevents this.
    if (this.#dispatch("cs-error", linkedService, detail) && known) this.#say(detail);
  }

  #say({ message, advice, offer }) {
    this.#note.replaceChildren(`${message} ${advice}`);
    if (offer === null) return;
    const button = make("button", "offer");
    button.textContent = OFFERS[offer];
    button.addEventListener("click", () => this.#open(offer));
    this.#note.append(button);
  }

  #dispatch(name, linkedService, detail) {
    const cancelable = name === "cs-error";
    return this.dispatchEvent(
      new CustomEvent(name, { detail: Object.freeze({ ...detail, linkedService }), bubbles: true, cancelable }),
    );
  }
}

for (const [property, attribute, otherwise] of REFLECTED) {
  Object.defineProperty(CredentialSetterElement.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      // The page's language: without an own one that of the portal's page, and else the browser's.
      const inherited = property === "locale" ? this.closest("[lang]")?.lang : null;
      return this.getAttribute(attribute) ?? inherited ?? otherwise;
    },
    set(value) {
      if (value === null || value === undefined || value === "") this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  });
}

function make(name, part) {
  const element = document.createElement(name);
  element.part = part;
  if (name === "button") element.type = name;
  return element;
}

function parseUrl(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

// Twice the same module, from two addresses: the first one counts.
if (globalThis.customElements && !customElements.get("credential-setter")) {
  customElements.define("credential-setter", CredentialSetterElement);
}
