const OUTCOMES = ["passed", "failed", "none"];
const CAUSE = /^[a-z][a-z0-9_]{0,47}$/;

// Copies the members of a receipt that have the right type; anything else in the message is dropped.
export function readReceipt(value) {
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
  for (const name of ["account", "page"]) receipt[name] = typeof value[name] === "string" ? value[name] : null;
  const { outcome, cause, at } = value.test ?? {};
  receipt.test = OUTCOMES.includes(outcome)
    ? Object.freeze({ outcome, cause: typeof cause === "string" && CAUSE.test(cause) ? cause : null, at: Number.isSafeInteger(at) ? at : null })
    : null;
  return Object.freeze(receipt);
}
