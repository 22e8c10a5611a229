// What stands between the portal's page and the gateway, as far as a browser tells.

const MOMENT_MS = 100;
const STATUS_PATH = "/v1/tickets/status";
// Chromium's names for one permission, by version.
const PERMISSIONS = ["local-network-access", "local-network", "loopback-network"];

export function askStatus(origin, headers) {
  return fetch(origin + STATUS_PATH, { headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
}

// Listens for a refusal by the portal's own Content-Security-Policy: `where` is then the line that is missing.
export class PolicyWatch {
  where = null;
  #origin;

  constructor(origin) {
    this.#origin = origin;
    document.addEventListener("securitypolicyviolation", this.#onViolation);
  }

  stop() {
    document.removeEventListener("securitypolicyviolation", this.#onViolation);
  }

  #onViolation = ({ blockedURI, disposition, effectiveDirective }) => {
    const isOurs = blockedURI === this.#origin || blockedURI.startsWith(`${this.#origin}/`);
    if (isOurs && disposition === "enforce") this.where = `${effectiveDirective} ${this.#origin}`;
  };
}

// `denied`, `prompt`, `granted`; or undefined where there is no such permission.
export async function localNetworkState() {
  const states = new Set();
  for (const name of PERMISSIONS) {
    try {
      states.add((await navigator.permissions.query({ name })).state);
    } catch {
      // Not this browser's name for it.
    }
  }
  return ["denied", "prompt", "granted"].find((state) => states.has(state));
}

// A code, and the policy's missing line. A certificate that is not trusted looks to a page like a gateway that is not there.
export async function whyUnreachable(policy) {
  // What the policy has refused is told a moment after the request has failed.
  await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
  if (policy.where !== null) return ["csp_missing", policy.where];
  const isDenied = (await localNetworkState()) === "denied";
  return [isDenied ? "local_network_denied" : "gateway_unreachable"];
}
