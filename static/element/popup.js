// The gateway's page in a window of its own: works everywhere, because a person can see and accept a certificate there.

import { encode } from "../base64url.js";
import { outcomeOfClosed } from "./outcome.js";
import { Session } from "./session.js";

const FEATURES = "popup,width=560,height=800";
const PAGE_PATH = "/set";
// How often a closed window is looked for; there is no event for it.
const LOOK_MS = 300;
// A window that is being cut off is seen on the gateway's origin for a moment.
const SEEN_ENOUGH = 3;
// A receipt posted just before the window closed may arrive after the closing is seen.
const GRACE_MS = 500;
// A window that was cut off looks closed: the second half of a double click must not open another.
const DOUBLE_CLICK_MS = 1_000;
// How long a page may take to start before a person is told what may be in its way.
const SILENCE_MS = 10_000;

// The window must open inside the click; the ticket comes later. It starts out blank, so that the page's first and only
// address carries the ticket's fragment and no page without one is seen in between.
export function openPopup() {
  const popup = window.open("about:blank", "_blank", FEATURES);
  if (popup !== null) sayOpening(popup);
  return popup;
}

export class PopupSession extends Session {
  #popup;
  #interval;
  #sentAt = 0;
  // How often the window was seen on another origin. More than for a moment, and its closing can be believed.
  #seen = 0;

  constructor(wish, popup) {
    super(wish);
    this.#popup = popup;
  }

  async begin() {
    addEventListener("message", this.#onMessage);
    this.#interval = setInterval(() => this.#look(), LOOK_MS);
    const ticket = await this.fetchTicket();
    if (ticket === null || this.#popup.closed) return;
    const { origin, language, defaults } = this.wish;
    const begin = defaults === null ? "" : `&defaults=${encode(JSON.stringify(defaults))}`;
    this.#sentAt = Date.now();
    // `replace`: the ticket's address must not stay behind in the window's history.
    this.#popup.location.replace(`${origin}${PAGE_PATH}${language}#ticket=${ticket.compact}${begin}`);
  }

  // True if the window is still at work and was brought to the front.
  focus() {
    if (this.ended || (this.#popup.closed && Date.now() > this.#sentAt + DOUBLE_CLICK_MS)) return false;
    this.#popup.focus();
    return true;
  }

  leave() {
    super.leave();
    clearInterval(this.#interval);
    removeEventListener("message", this.#onMessage);
  }

  close() {
    this.leave();
    this.#popup.close();
  }

  #onMessage = (event) => {
    // Both: the same origin can be in another window, and this window can be navigated to another origin.
    if (event.origin === this.wish.origin && event.source === this.#popup) this.receive(event.data);
  };

  #look() {
    if (!this.#popup.closed) {
      if (this.#sentAt > 0 && isElsewhere(this.#popup)) this.#seen += 1;
      if (this.heard || this.#sentAt === 0 || Date.now() < this.#sentAt + SILENCE_MS) return;
      this.#sentAt = Infinity;
      return this.wish.fail(this.#seen > 0 ? "gateway_silent" : "gateway_slow", { final: false });
    }
    clearInterval(this.#interval);
    // A Cross-Origin-Opener-Policy of the portal's cuts the window off when the gateway's page comes: it looks closed, and may be.
    if (this.#sentAt > 0 && this.#seen < SEEN_ENOUGH && !this.heard) this.askForOutcome();
    else setTimeout(() => (this.heard && !this.ended ? outcomeOfClosed(this) : this.cancel("closed")), GRACE_MS);
  }
}

function isElsewhere(popup) {
  try {
    return popup.location.href === "";
  } catch {
    return true;
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
