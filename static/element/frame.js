// The gateway's page in a frame: only where the gateway's certificate is trusted and the portal is registered for it.

import { encodeBytes } from "../base64url.js";
import { PolicyWatch, askStatus, localNetworkState, whyUnreachable } from "./diagnosis.js";
import { Session } from "./session.js";

const FRAME_PATH = "/embed/frame";
const ALLOW = "local-network-access; local-network; loopback-network; clipboard-write";
// How long a frame that has loaded may be silent, and how long one may load.
const HELLO_MS = 1_500;
const LOADING_MS = 10_000;
// CSS pixels.
const TALLEST = 4_000;

export class FrameSession extends Session {
  #box;
  #frame = document.createElement("iframe");
  #nonce = encodeBytes(crypto.getRandomValues(new Uint8Array(16)));
  #policy;
  #port = null;
  #timer;

  constructor(wish, box) {
    super(wish);
    this.#box = box;
  }

  begin() {
    const { origin, language } = this.wish;
    this.#policy = new PolicyWatch(origin);
    addEventListener("message", this.#onMessage);
    const close = document.createElement("button");
    close.type = "button";
    close.part = "close";
    close.ariaLabel = close.title = "Close";
    close.textContent = "×";
    close.addEventListener("click", () => this.cancel("cancelled"));
    this.#frame.allow = ALLOW;
    this.#frame.title = "Credential";
    this.#frame.referrerPolicy = "no-referrer";
    this.#frame.src = `${origin}${FRAME_PATH}${language}#nonce=${this.#nonce}`;
    // A browser's own error page loads too.
    this.#frame.addEventListener("load", () => this.#waitForHello(HELLO_MS, true));
    this.#box.replaceChildren(close, this.#frame);
    this.#waitForHello(LOADING_MS, false);
  }

  // True if the frame is still at work and got the focus.
  focus() {
    if (!this.ended) this.#frame.focus();
    return !this.ended;
  }

  leave() {
    super.leave();
    clearTimeout(this.#timer);
    removeEventListener("message", this.#onMessage);
    this.#policy?.stop();
    // The page in it wipes what was typed, also if the browser keeps it for a moment.
    this.#port?.postMessage({ type: "cs-close" });
    this.#port?.close();
    this.#frame.remove();
    this.#box.replaceChildren();
  }

  close() {
    this.leave();
  }

  #onMessage = (event) => {
    const { data, origin, source } = event;
    // Exact origin and source, and the nonce that only the document at the frame's first address has seen.
    if (origin !== this.wish.origin || source !== this.#frame.contentWindow) return;
    if (data?.type !== "cs-hello" || data.nonce !== this.#nonce) return;
    // A second greeting: the frame has begun anew, as it does if the portal moves it, and what was typed is gone.
    if (this.heard) return this.cancel("closed");
    this.heard = true;
    clearTimeout(this.#timer);
    this.#connect();
  };

  async #connect() {
    const ticket = await this.fetchTicket();
    if (ticket === null) return;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => {
      if (data?.type === "cs-ready") clearTimeout(this.#timer);
      if (data?.type === "cs-resize") this.#resize(data.height);
      else this.receive(data);
    };
    const { origin, theme, appearance, defaults } = this.wish;
    this.#frame.contentWindow.postMessage(
      { type: "cs-connect", nonce: this.#nonce, ticket: ticket.compact, theme, appearance, defaults: defaults ?? {} },
      origin,
      [port2],
    );
    this.#timer = setTimeout(() => this.wish.fail("gateway_silent", { final: false, offer: "popup" }), LOADING_MS);
  }

  #resize(height) {
    if (Number.isInteger(height) && height > 0) this.#frame.style.height = `${Math.min(height, TALLEST)}px`;
  }

  #waitForHello(time, hasLoaded) {
    clearTimeout(this.#timer);
    if (!this.heard && !this.ended) this.#timer = setTimeout(() => this.#diagnose(hasLoaded), time);
  }

  // The frame stays silent: why? A window of its own gets past each of these.
  async #diagnose(hasLoaded) {
    const isPending = !hasLoaded && (await localNetworkState()) === "prompt";
    if (this.heard || this.ended) return;
    if (isPending) {
      // The browser waits for the person, and loads the frame when the answer is yes.
      this.wish.fail("local_network_pending", { final: false, offer: "popup" });
      return;
    }
    let [code, where] = await whyUnreachable(this.#policy);
    if (code === "gateway_unreachable") {
      // Another question that needs no frame: if the gateway answers it, the gateway is there and its certificate is trusted.
      const isThere = await askStatus(this.wish.origin).then(() => true, () => false);
      if (isThere) code = "frame_refused";
    }
    if (!this.heard) this.fail(code, { where, offer: "popup" });
  }
}
