/** What the gateway stored. Never a value: no member of it is secret. */
export interface Receipt {
  /** The receipt's format. */
  readonly v: number;
  /** Gateway id. */
  readonly gw: string;
  /** Data factory. */
  readonly df: string;
  /** Linked service. */
  readonly ls: string;
  /** The data store's kind as the gateway spells it, e.g. "OnPremisesSqlServer", also if the ticket used another name of it. */
  readonly kind: string;
  /** Authentication type, e.g. "SQL". */
  readonly auth: string;
  /** Where the credential leads, e.g. "sql01.corp:1433/Sales". */
  readonly target: string;
  /** The account, where the gateway's policy shows it. */
  readonly account: string | null;
  /** Counts up with every credential stored for this linked service; the first is 1. */
  readonly version: number;
  /** Thumbprint (RFC 7638) of the key the credential was sealed for. */
  readonly kid: string;
  /** The ticket that was used up. */
  readonly jti: string;
  /** Who set it, as the portal named them in the ticket. */
  readonly sub: string;
  /** When, in seconds since the Unix epoch, by the gateway's clock. */
  readonly at: number;
  /** The hash of the page that the gateway served then, as the page shows it and a release's notes say. */
  readonly page: string | null;
  /** Whether the gateway had tried this very credential under the same ticket; null where it did not say. */
  readonly test: ReceiptTest | null;
}

/** What came of a test before the credential was stored. */
export interface ReceiptTest {
  /** "none": it was not tested. */
  readonly outcome: "passed" | "failed" | "none";
  /** Why it failed. */
  readonly cause: string | null;
  /** When, in seconds since the Unix epoch, by the gateway's clock. */
  readonly at: number | null;
}

/** A receipt, and the same receipt signed by the gateway's identity key (JWS compact, EdDSA). Verify it on your server. */
export interface Outcome {
  readonly receipt: Receipt;
  readonly jws: string;
}

/** The credential was stored. */
export interface SavedDetail extends Outcome {
  readonly linkedService: string;
}

/** The connection was tested; whether it is stored is told by `cs-saved`. */
export interface TestedDetail {
  readonly linkedService: string;
  readonly outcome: "passed" | "failed";
  /** Why it failed, e.g. "wrong_password". */
  readonly cause: string | null;
}

/** The element's own codes; README.md has a table of them. */
export type ErrorCode =
  | "gateway_address"
  | "gateway_insecure"
  | "linked_service_missing"
  | "ticket_source_missing"
  | "ticket_unavailable"
  | "ticket_origin"
  | "popup_blocked"
  | "portal_insecure"
  | "csp_missing"
  | "local_network_denied"
  | "local_network_pending"
  | "gateway_unreachable"
  | "gateway_slow"
  | "gateway_silent"
  | "frame_refused"
  | "window_unseen"
  | "outcome_unavailable"
  | "outcome_unknown"
  | "receipt_malformed"
  | "receipt_mismatch"
  | "appearance_refused";

/** Something went wrong. */
export interface ErrorDetail {
  readonly linkedService: string;
  /** One of the element's own, or the gateway's (see its problem documents). */
  readonly code: ErrorCode | (string & {});
  /** What is the matter, in English. */
  readonly message: string;
  /** What to do, in English. */
  readonly advice: string;
  /** What the gateway's administrator can look the case up by, where the gateway gave it. */
  readonly correlationId: string | null;
  /** False while the gateway's page is open and the person can still put it right there: a `cs-saved` may follow. */
  readonly final: boolean;
  /** The mode that the element offers instead, with a button of its own unless the event's default was prevented. */
  readonly offer: "popup" | null;
}

/**
 * Nothing was stored as far as the page can tell: the person cancelled or closed the page, another one was opened, or the ticket ended
 * unused. What was on its way to the gateway when the portal itself called `close()` may have been stored.
 */
export interface CancelDetail {
  readonly linkedService: string;
  readonly reason: "cancelled" | "closed" | "expired";
}

/** The window or the frame was opened. */
export interface OpenDetail {
  readonly linkedService: string;
  readonly mode: "popup" | "frame";
}

/** The gateway's page has started. */
export interface ReadyDetail {
  readonly linkedService: string;
}

export interface CredentialSetterEventMap {
  "cs-open": CustomEvent<OpenDetail>;
  "cs-ready": CustomEvent<ReadyDetail>;
  "cs-saved": CustomEvent<SavedDetail>;
  "cs-tested": CustomEvent<TestedDetail>;
  /** Cancelable: prevent it to show the problem yourself. */
  "cs-error": CustomEvent<ErrorDetail>;
  "cs-cancel": CustomEvent<CancelDetail>;
}

/** What a ticket is asked for. */
export interface TicketRequest {
  readonly linkedService: string;
  /** Null where the portal leaves the kind to the person. */
  readonly kind: string | null;
}

/** What an outcome is asked for. */
export interface OutcomeRequest extends TicketRequest {
  /** The ticket that `getTicket` gave. */
  readonly ticket: string;
}

/** Looks of the gateway's page in a frame. Anything else, anything malformed, and colours with too little contrast are not used. */
export interface Appearance {
  /** A CSS colour, as the next four. */
  readonly accent?: string;
  readonly accentText?: string;
  readonly background?: string;
  readonly text?: string;
  readonly border?: string;
  /** At most two digits and `px`. */
  readonly radius?: string;
  /** At most 100 letters, digits, spaces, commas, hyphens and quotes. */
  readonly fontFamily?: string;
}

/**
 * `<credential-setter gateway linked-service kind mode locale theme disabled>`: a button that opens the gateway's own page
 * in a window or in a frame. Theme it with `--credential-setter-background`, `-color`, `-radius`, `-focus`, or with
 * `::part()`; the default slot is the button's label.
 */
export class CredentialSetterElement extends HTMLElement {
  /** The gateway's address; https only. */
  gateway: string;
  linkedService: string;
  /** The kind that a ticket is asked for; what may be stored is for the ticket to say. */
  kind: string | null;
  /** `popup` or `frame`; anything else is `popup`. */
  mode: string;
  /** BCP 47 tag of the page's language. Without one the `lang` around the element counts, and else the browser's preference. */
  locale: string;
  /** `light` or `dark` for the page in a frame; else the browser's. */
  theme: string;
  disabled: boolean;
  /** Asks the portal's server for a ticket (JWS compact) for one linked service. */
  getTicket: ((request: TicketRequest) => Promise<string>) | null;
  /**
   * Asks the portal's server what was stored with a ticket; null while nothing was. Without it the gateway is asked. Needed only
   * where the window cannot answer: under `Cross-Origin-Opener-Policy: same-origin`.
   */
  getOutcome: ((request: OutcomeRequest) => Promise<Outcome | null>) | null;
  appearance: Appearance | null;
  /** What the form begins with, by the names of fields. Never a secret: the page takes none from here. */
  defaults: Readonly<Record<string, string>> | null;
  /** Opens the page, or brings an open one to the front. Call it inside a click. */
  open(): void;
  /** Closes the page; `cs-cancel` tells of it if nothing was stored yet. */
  close(): void;
  /** Closes the page without a word and takes back what the element showed. */
  reset(): void;

  addEventListener<K extends keyof CredentialSetterEventMap>(
    type: K,
    listener: (this: CredentialSetterElement, event: CredentialSetterEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof CredentialSetterEventMap>(
    type: K,
    listener: (this: CredentialSetterElement, event: CredentialSetterEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "credential-setter": CredentialSetterElement;
  }
}
