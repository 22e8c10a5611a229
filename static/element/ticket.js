// What the element reads of a ticket: its id, when it ends, and whose page is told the outcome. The gateway judges it.

import { decode } from "../base64url.js";

// Milliseconds; a gateway takes no ticket that lives longer.
const LONGEST_MS = 600_000;

export function readTicket(compact) {
  // A JWS: three parts of base64url, so nothing of it can change the address that it becomes a part of.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(compact)) throw new TypeError("no ticket");
  const { jti, iat, exp, org } = JSON.parse(decode(compact.split(".")[1]));
  // As long as it lives by its issuer's clock: this computer's may be wrong.
  const life = Math.min((exp - iat) * 1000, LONGEST_MS) || LONGEST_MS;
  return { compact, jti, org, expires: Date.now() + life };
}
