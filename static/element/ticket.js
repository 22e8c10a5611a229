// What the element reads of a ticket: its id, and when it ends. The gateway judges it.

import { decode } from "../base64url.js";

// Milliseconds; a gateway takes no ticket that lives longer.
const LONGEST_MS = 600_000;

export function readTicket(compact) {
  // A JWS: three parts of base64url, so nothing of it can change the address that it becomes a part of.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(compact)) throw new TypeError("no ticket");
  const { jti, exp } = JSON.parse(decode(compact.split(".")[1]));
  const latest = Date.now() + LONGEST_MS;
  return { compact, jti, expires: Math.min(exp * 1000, latest) || latest };
}
