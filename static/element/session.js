// One visit to the gateway's page, from its opening to its one outcome: what a window and a frame have in common.

import { outcomeOf } from "./outcome.js";
import { readReceipt } from "./receipt.js";
import { readTicket } from "./ticket.js";

// Names that the gateway's page may tell: too narrow for a secret to be among them by mistake.
const WORD = /^[a-z][a-z0-9_]{0,47}$/;
// What the gateway calls a request, in its log too.
const REQUEST = /^urn:credential-gateway:request:([0-9a-f]{16})$/;

export class Session {
  ended = false;
  heard = false;
  ticket = null;

  constructor(wish) {
    this.wish = wish;
  }

  get key() {
    return this.wish.key;
  }

  // Asks the portal for a ticket; null if there is none, which has been told, or nobody wants it any more.
  async fetchTicket() {
    try {
      this.ticket = readTicket(await this.wish.getTicket(this.wish.asked));
    } catch {
      this.fail("ticket_unavailable");
    }
    // The gateway's page tells the outcome to this origin and to no other: another page would wait for nothing.
    if (this.ticket !== null && this.ticket.org !== location.origin) this.fail("ticket_origin");
    return this.ended ? null : this.ticket;
  }

  // Whatever the page says: a closed set, of which only known members are copied.
  receive(message) {
    if (this.ended || message === null || typeof message !== "object") return;
    const { type, code, outcome, cause, correlationId } = message;
    // Of nothing but a text: a pattern would take whatever can be written as one, with all that hangs on it.
    const word = (value, otherwise) => (typeof value === "string" && WORD.test(value) ? value : otherwise);
    switch (type) {
      case "cs-ready":
        this.heard = true;
        return this.wish.tell(type);
      case "cs-tested":
        return this.wish.tell(type, { outcome: outcome === "passed" ? outcome : "failed", cause: word(cause, null) });
      case "cs-saved":
        return this.saved(message);
      case "cs-error":
        // Not the end: the person may correct the cause in the page and save.
        return this.wish.fail(word(code, "unknown"), {
          final: false,
          correlationId: REQUEST.exec(correlationId)?.[1] ?? null,
        });
      case "cs-cancel":
        return this.cancel("cancelled");
    }
  }

  saved(message) {
    const receipt = readReceipt(message.receipt);
    if (receipt === null || typeof message.jws !== "string") return this.fail("receipt_malformed");
    // The gateway has compared the kind with the ticket's, by every name that it has: what was asked for is the ticket.
    if (receipt.ls !== this.wish.asked.linkedService || receipt.jti !== this.ticket?.jti) return this.fail("receipt_mismatch");
    this.leave();
    this.wish.tell("cs-saved", { receipt, jws: message.jws });
  }

  // The end without a receipt.
  fail(code, detail) {
    if (this.ended) return;
    this.close();
    this.wish.fail(code, detail);
  }

  cancel(reason) {
    if (this.ended) return;
    this.close();
    this.wish.tell("cs-cancel", { reason });
  }

  // Nothing can be seen or heard of the page any more: somebody else is asked.
  async askForOutcome() {
    this.wish.fail("window_unseen", { final: false });
    await outcomeOf(this);
  }

  // Stops listening; a window stays open.
  leave() {
    this.ended = true;
  }
}
