// What the types must allow, and what they must refuse: each refusal is one that a portal could make by mistake.
import { CredentialSetterElement } from "credential-setter";
import type { CredentialSetterEventMap, ErrorCode, Outcome } from "credential-setter";

const made: CredentialSetterElement = document.createElement("credential-setter");
made.gateway = "https://gateway.corp.example:8050";
made.kind = null;
made.getTicket = async ({ linkedService, kind }) => `${linkedService}.${kind ?? ""}.c`;
made.getOutcome = async ({ ticket }): Promise<Outcome | null> => (ticket === "" ? null : null);
made.appearance = { accent: "rebeccapurple", radius: "4px" };
made.defaults = { host: "sql01.corp" };
made.open();
made.close();
made.reset();
made.addEventListener("cs-error", (event) => {
  event.preventDefault();
  const { code, advice, correlationId, final, offer } = event.detail;
  const known: ErrorCode[] = ["popup_blocked", "csp_missing"];
  return [code, advice, correlationId, final, offer, known];
});
made.addEventListener("cs-saved", ({ detail }) => detail.receipt.version + detail.jws.length);
made.addEventListener("cs-tested", ({ detail }) => detail.outcome === "passed" || detail.cause?.length);
export type Names = keyof CredentialSetterEventMap;

// @ts-expect-error A ticket is a text, not an answer with one in it.
made.getTicket = async () => ({ ticket: "a.b.c" });
// @ts-expect-error Not a token of the list.
made.appearance = { boxShadow: "none" };
// @ts-expect-error A default is a text.
made.defaults = { port: 1433 };
// @ts-expect-error A receipt has no secret.
made.addEventListener("cs-saved", ({ detail }) => detail.receipt.password);
// @ts-expect-error What is told is not changed.
made.addEventListener("cs-saved", ({ detail }) => (detail.receipt.version = 2));
