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
  /** The data store's kind, as linked-service JSON spells it, e.g. "OnPremisesSqlServer". */
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
}

/** The credential was stored. */
export interface SavedDetail {
  readonly linkedService: string;
  readonly receipt: Receipt;
  /** The same receipt signed by the gateway's identity key (JWS compact, EdDSA). Verify it on your server. */
  readonly jws: string;
}

/** Something went wrong. The element's own codes are below; any other is the gateway's (see its problem documents). */
export interface ErrorDetail {
  readonly linkedService: string;
  readonly code:
    | "gateway_address"
    | "linked_service_missing"
    | "ticket_source_missing"
    | "ticket_unavailable"
    | "popup_blocked"
    | "receipt_malformed"
    | "receipt_mismatch"
    | (string & {});
  readonly message: string;
  /** False while the window is open and the person can still put it right there: a `cs-saved` may follow. */
  readonly final: boolean;
}

/** Nothing was stored: the person cancelled, or closed the window. */
export interface CancelDetail {
  readonly linkedService: string;
  readonly reason: "cancelled" | "closed";
}

/** The window was opened (`cs-open`), or the gateway's page in it has started (`cs-ready`). */
export interface WindowDetail {
  readonly linkedService: string;
}

export interface CredentialSetterEventMap {
  "cs-open": CustomEvent<WindowDetail>;
  "cs-ready": CustomEvent<WindowDetail>;
  "cs-saved": CustomEvent<SavedDetail>;
  "cs-error": CustomEvent<ErrorDetail>;
  "cs-cancel": CustomEvent<CancelDetail>;
}

/** What a ticket is asked for. */
export interface TicketRequest {
  readonly linkedService: string;
  /** Null where the portal leaves the kind to the person. */
  readonly kind: string | null;
}

/**
 * `<credential-setter gateway linked-service kind disabled>`: a button that opens the gateway's own page in a window.
 * Theme it with `--credential-setter-background`, `-color`, `-radius`, `-focus`, or with `::part(button)`; the default
 * slot is the button's label.
 */
export class CredentialSetterElement extends HTMLElement {
  /** The gateway's address; https only. */
  gateway: string;
  linkedService: string;
  kind: string | null;
  /** BCP 47 tag of the page's language. Without one the `lang` around the element counts, and else the browser's preference. */
  locale: string;
  disabled: boolean;
  /** Asks the portal's server for a ticket (JWS compact) for one linked service. */
  getTicket: ((request: TicketRequest) => Promise<string>) | null;
  /** Opens the window, or brings an open one to the front. Call it inside a click. */
  open(): void;

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
}

declare global {
  interface HTMLElementTagNameMap {
    "credential-setter": CredentialSetterElement;
  }
}
