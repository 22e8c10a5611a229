// A step that chooses a linked service and has its credential set on the gateway's page.

import { showReceipt, verified } from "/receipt.js";

const PROBLEMS = {
  popup_blocked: "The browser blocked the gateway's window. Allow pop-ups for this site, then press “Set credential” again.",
  ticket_unavailable: "This portal could not issue a ticket. Check that it is running, then press “Set credential” again.",
  receipt_mismatch: "The answer was for another linked service than the one asked for. Nothing of it is shown; ask the gateway's administrator what was stored.",
  receipt_malformed: "The gateway's page answered with something that is not a receipt. Ask the gateway's administrator what was stored.",
  ticket_invalid: "The gateway did not accept the ticket. Close its window and press “Set credential” again.",
  ticket_used: "The ticket was already used. Close the gateway's window and press “Set credential” again.",
  gateway_address: "This portal is set up with an unusable gateway address. Its administrator must correct it.",
};
const CANCELLED = {
  closed: "The gateway's window was closed before anything was stored. Press “Set credential” to start again.",
  cancelled: "Cancelled: nothing was stored. Press “Set credential” to start again.",
  expired: "The ticket ended before anything was stored. Press “Set credential” to start again.",
};

// What a code is in words; nothing for one that is not among them, whatever it is called.
function words(texts, code) {
  return Object.hasOwn(texts, code) ? texts[code] : undefined;
}

// Tells `chosen`.
export class LinkedServiceStep extends EventTarget {
  chosen = null;
  #wizard;
  #taken;
  #setter;
  #outcome;
  // What the portal's server has verified, by linked service: going back to a card shows it again.
  #stored = new Map();
  #opened = 0;

  constructor(section, wizard, { prefix, legend, taken }) {
    super();
    this.section = section;
    this.#wizard = wizard;
    this.#taken = taken;
    section.append(document.getElementById("linked-service-step").content.cloneNode(true));
    this.#setter = this.#find("credential-setter");
    this.#setter.id = `${prefix}setter`;
    this.#outcome = this.#find(".outcome");
    this.#outcome.id = `${prefix}outcome`;
    this.#find("legend").textContent = legend;
    this.#find('[data-chosen="gateway"]').textContent = wizard.gateway;
    this.#find('[data-chosen="words"]').textContent = wizard.gatewayWords;
    for (const each of wizard.linkedServices) this.#find(".cards").append(this.#card(each, `${prefix}linked-service`));
    this.#wire();
  }

  // The verified receipt of the chosen one; nothing before it is stored.
  get stored() {
    return this.#stored.get(this.chosen);
  }

  // What stands between here and the next step.
  missing() {
    if (this.chosen === null) return "Choose a linked service first.";
    if (this.stored !== undefined) return null;
    return `Set the credential of ${this.chosen} first: press “Set credential”.`;
  }

  // The other step has this one.
  take(name) {
    for (const input of this.#inputs()) {
      input.disabled = input.value === name;
      this.#label(input);
    }
  }

  // All that a portal has to do: a ticket from its own server, and a handler per outcome.
  #wire() {
    const setter = this.#setter;
    setter.gateway = this.#wizard.gateway;
    setter.getTicket = async ({ linkedService }) => {
      const response = await fetch("/api/tickets", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ linkedService }),
      });
      if (!response.ok) throw new Error((await response.json()).detail);
      return (await response.json()).ticket;
    };
    setter.addEventListener("cs-open", () => {
      this.#opened += 1;
      this.#lockChoice(true);
      this.#say("waiting", "Waiting for the gateway's window …");
    });
    setter.addEventListener("cs-ready", () => this.#say("waiting", "Type the credential in the gateway's window."));
    setter.addEventListener("cs-tested", ({ detail: { outcome, cause } }) => {
      const words = outcome === "passed" ? "The gateway has tried the credential: it works." : `The gateway has tried the credential: it does not work yet (${cause}).`;
      this.#say("waiting", words);
    });
    setter.addEventListener("cs-saved", (event) => this.#saved(event.detail));
    setter.addEventListener("cs-error", (event) => {
      const { code, message, advice, final, offer } = event.detail;
      // Said here, so not by the element; but it may know another way, and has a button for that.
      if (offer === null) event.preventDefault();
      this.#lockChoice(!final);
      // A browser may cut the window off from this page (WebKit does): the outcome comes by another way.
      const state = code === "window_unseen" ? "waiting" : "problem";
      this.#say(state, words(PROBLEMS, code) ?? `${message} ${advice} (${code})`, code);
    });
    setter.addEventListener("cs-cancel", (event) => {
      this.#lockChoice(false);
      this.#say("problem", words(CANCELLED, event.detail.reason), event.detail.reason);
    });
  }

  // What a window told is shown when the portal's server has verified it, and not before.
  async #saved({ linkedService, jws }) {
    const opened = this.#opened;
    this.#say("waiting", "Stored. This portal's server checks the gateway's signature …");
    let answer;
    try {
      answer = await verified(jws, linkedService);
    } catch (problem) {
      if (opened !== this.#opened) return;
      this.#lockChoice(false);
      return this.#say("problem", problem.message, problem.code);
    }
    // Another window was opened meanwhile: what comes of that one counts.
    if (opened !== this.#opened) return;
    this.#lockChoice(false);
    this.#stored.set(linkedService, answer);
    this.#inputs().forEach((input) => this.#label(input));
    this.#show(answer);
    this.#outcome.focus({ preventScroll: false });
  }

  #choose(linkedService) {
    this.chosen = linkedService.name;
    this.#find(".nothing-chosen").hidden = true;
    this.#find(".chosen").hidden = false;
    this.#find('[data-chosen="name"]').textContent = linkedService.name;
    this.#find('[data-chosen="kind"]').textContent = this.#kindInWords(linkedService);
    this.#setter.linkedService = linkedService.name;
    this.#setter.kind = linkedService.kind;
    this.#setter.disabled = false;
    this.#outcome.replaceChildren();
    if (this.stored !== undefined) this.#show(this.stored);
    this.dispatchEvent(new Event("chosen"));
  }

  #show(answer) {
    this.#outcome.dataset.state = "stored";
    delete this.#outcome.dataset.code;
    this.#outcome.replaceChildren(showReceipt(answer.receipt, this.#wizard.kinds));
  }

  #say(state, words, code) {
    const paragraph = document.createElement("p");
    paragraph.textContent = words;
    this.#outcome.dataset.state = state;
    if (code === undefined) delete this.#outcome.dataset.code;
    else this.#outcome.dataset.code = code;
    this.#outcome.replaceChildren(paragraph);
  }

  // While a window is open its linked service stays the chosen one.
  #lockChoice(locked) {
    this.#find(".stores").disabled = locked;
  }

  #card(linkedService, name) {
    const fragment = document.getElementById("card").content.cloneNode(true);
    const input = fragment.querySelector("input");
    input.name = name;
    input.value = linkedService.name;
    input.addEventListener("change", () => this.#choose(linkedService));
    // On a phone what comes next is far below; the keyboard's arrows go on choosing and leave the page where it is.
    fragment.querySelector(".card").addEventListener("click", (event) => {
      if (event.detail > 0 && !input.disabled) this.#find(".panel").scrollIntoView({ block: "nearest" });
    });
    fragment.querySelector(".tile").textContent = linkedService.mark;
    fragment.querySelector(".card-name").textContent = linkedService.name;
    fragment.querySelector(".card-kind").textContent = this.#kindInWords(linkedService);
    fragment.querySelector(".card-about").textContent = linkedService.about;
    return fragment;
  }

  #label(input) {
    const version = this.#stored.get(input.value)?.receipt.version;
    const set = version === undefined ? "" : `Set · version ${version}`;
    const state = input.parentElement.querySelector(".card-state");
    state.classList.toggle("taken", input.disabled);
    state.textContent = input.disabled ? this.#taken : set;
  }

  #inputs() {
    return this.section.querySelectorAll(".card input");
  }

  #find(selector) {
    return this.section.querySelector(selector);
  }

  #kindInWords({ kind }) {
    return kind === null ? "Any kind: chosen on the gateway's page" : this.#wizard.kinds[kind].name;
  }
}
