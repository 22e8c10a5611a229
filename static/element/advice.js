// What the element says of each of its own codes: what is the matter, and what to do. `$` is the policy's missing line.
// A portal says it in its own words and language if it prevents the default of `cs-error`.

const WINDOW = "Open the gateway's page in a window.";
const PORTAL = "The portal's developer must correct this.";

export const ADVICE = {
  gateway_address: ["The gateway's address is missing or malformed.", PORTAL],
  gateway_insecure: ["The gateway's address is not https.", PORTAL],
  linked_service_missing: ["No linked service is chosen.", "Choose one first."],
  ticket_source_missing: ["The portal has not said where tickets come from (getTicket).", PORTAL],
  ticket_unavailable: ["The portal could not issue a ticket.", "Try again; if it stays so, tell the portal's support."],
  ticket_origin: ["The portal's ticket does not name this page's origin (org).", PORTAL],
  popup_blocked: ["The browser blocked the gateway's window.", "Allow pop-ups for this site, or press the button here."],
  portal_insecure: ["This portal is not served with https.", WINDOW],
  csp_missing: ["This portal's Content-Security-Policy refuses the gateway.", "Its developer must add: $"],
  local_network_denied: ["This site may not reach your local network.", "Allow it in the site's settings, or open a window."],
  local_network_pending: ["The page does not come up. The browser may be asking about your local network.", "Allow it, or open a window."],
  gateway_unreachable: ["The gateway is not there, its certificate is not trusted, or it does not know this portal.", `${WINDOW} It shows which.`],
  gateway_slow: ["The gateway has not answered yet.", "Check your network or VPN."],
  gateway_silent: [
    "The gateway's page has not started.",
    "Its window shows why. At a certificate warning, compare the certificate with the administrator's and go on there.",
  ],
  frame_refused: ["The gateway is not set up to show its page inside of this portal.", WINDOW],
  window_unseen: ["The portal cannot see the gateway's window.", "Go on there; the outcome will be fetched."],
  outcome_unavailable: ["The portal could not find out what was stored.", "It goes on asking."],
  outcome_unknown: ["The gateway does not tell what was stored.", "Ask its administrator."],
  receipt_malformed: ["The gateway's page answered with something that is not a receipt.", "Ask its administrator what was stored."],
  receipt_mismatch: ["The receipt is for something else than was asked for.", "Ask the gateway's administrator what was stored."],
  appearance_refused: ["Some of the portal's colours or fonts are not used.", "They are malformed, unknown or have too little contrast."],
  gateway: ["The gateway's page reported a problem.", "It says there what to do."],
};
