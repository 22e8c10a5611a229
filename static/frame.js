// The page inside of a portal's own page. Until that has introduced itself nothing runs here; what comes to pass then is the page
// of every window, which takes this script's word for its opener. The build puts boot.js into this file: nothing that is
// imported has a hash that every browser compares.
//
//   frame -> portal   { type: "cs-hello", nonce }                                         to whoever frames it
//   portal -> frame   { type: "cs-connect", nonce, ticket, theme, appearance, defaults }  with one port, once
//   by the port       { type: "cs-ready" | "cs-saved" | "cs-error" | "cs-cancel" | "cs-tested" | "cs-resize", … }
//                     { type: "cs-close" } the other way
//
// Who may frame the page at all is the browser's to enforce: the gateway names the registered portals (frame-ancestors).

import { decode, encode } from "./base64url.js";

const TOLD = ["cs-ready", "cs-saved", "cs-error", "cs-cancel", "cs-tested"];
// CSS pixels.
const TALLEST = 4000;
// A portal that has not introduced itself by then is none. Its person may have to sign in meanwhile.
const PATIENCE_MS = 30_000;

const root = document.documentElement;
const element = (id) => document.getElementById(id);
const show = (id) => element(id).removeAttribute("hidden");
const hide = (id) => element(id).setAttribute("hidden", "");

// What the document says of a script that does not come is not true from here on: it is the portal that is waited for.
document.querySelector(".late")?.remove();

const { parent } = window;
const nonce = new URLSearchParams(location.hash.slice(1)).get("nonce");
history.replaceState(null, "", location.pathname + location.search);

if (parent === window || !nonce) {
  inert();
} else {
  const late = setTimeout(inert, PATIENCE_MS);
  addEventListener("message", function connect({ data, source, origin, ports }) {
    if (source !== parent || data?.type !== "cs-connect" || data.nonce !== nonce || ports.length !== 1) return;
    removeEventListener("message", connect);
    clearTimeout(late);
    // The ticket names the page that may be told the outcome. The gateway compares that with the issuer's registration.
    if (portalIn(data.ticket) === origin) begin(data, origin, ports[0]);
    else inert();
  });
  // It carries nothing but what the frame's parent has made itself, so that it may go to any.
  parent.postMessage({ type: "cs-hello", nonce }, "*");
}

function inert() {
  hide("setter");
  show("unframed");
}

function portalIn(ticket) {
  try {
    // Nothing that could be read as more than a ticket in an address.
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(ticket)) return null;
    return JSON.parse(decode(ticket.split(".")[1])).org;
  } catch {
    return null;
  }
}

async function begin({ ticket, theme, appearance, defaults }, origin, port) {
  hide("unframed");
  // They were exchanged if the portal has taken its time.
  show("setter");
  // One ticket: whoever frames this page can change its fragment. A page takes another ticket from there.
  addEventListener("hashchange", (event) => event.stopImmediatePropagation(), true);
  const fragment = new URLSearchParams({ ticket });
  if (defaults) fragment.set("defaults", encode(JSON.stringify(defaults)));
  history.replaceState(null, "", `#${fragment}`);

  const tell = (message) => port.postMessage(message);
  port.onmessage = ({ data }) => {
    // The page wipes its secrets as it goes.
    if (data?.type === "cs-close") location.replace("about:blank");
  };
  // The page posts to its opener, for the origin that the ticket names.
  window.opener = {
    postMessage(message, target) {
      if (target === origin && TOLD.includes(message?.type)) tell(message);
    },
  };
  if (!dress(theme, appearance ?? {})) tell({ type: "cs-error", code: "appearance_refused" });
  guard(tell);
  follow(tell);
  try {
    await import("./boot.js");
  } catch {
    // Changed on the way, or not there.
    hide("setter");
    show("not-loaded");
  }
}

// The portal's element makes the frame as tall as the page.
function follow(tell) {
  // As tall as what is in it, not as the frame.
  document.body.style.minBlockSize = "0";
  let told;
  new ResizeObserver(() => {
    const height = Math.min(Math.ceil(document.body.getBoundingClientRect().height), TALLEST);
    if (height !== told) tell({ type: "cs-resize", height });
    told = height;
  }).observe(document.body);
}

// Against a parent that puts something over the frame, makes it transparent, or moves it under the pointer, so that a person presses
// what they do not see: nothing is sent unless all of it has been in plain sight for a while.
function guard(tell) {
  const SETTLED_MS = 500;
  // How much of a page that is taller than the window must be in it, and how much of its width: a parent that shows the button alone
  // hides what it is for. In CSS pixels.
  const LEAST_HEIGHT = 200;
  const LEAST_WIDTH = 0.9;
  let isVisible = false;
  // Since when all was as it is, by the clock of events.
  let since = Infinity;
  const settle = () => (since = performance.now());

  if ("isVisible" in IntersectionObserverEntry.prototype) {
    // A pane over the whole page, which nothing of the page's own lies over.
    const pane = document.createElement("div");
    pane.id = "pane";
    pane.ariaHidden = "true";
    Object.assign(pane.style, { position: "fixed", inset: "0", zIndex: "9", pointerEvents: "none" });
    document.body.append(pane);
    const watch = (entries) => {
      const { isVisible: isUncovered, boundingClientRect: whole, intersectionRect: part } = entries.at(-1);
      const isThere = part.width >= LEAST_WIDTH * whole.width && part.height >= Math.min(LEAST_HEIGHT, whole.height);
      const now = isUncovered && isThere;
      if (now !== isVisible) settle();
      isVisible = now;
      pane.dataset.isVisible = now;
    };
    const threshold = Array.from({ length: 101 }, (_, hundredths) => hundredths / 100);
    new IntersectionObserver(watch, { trackVisibility: true, delay: 100, threshold }).observe(pane);
  } else {
    isVisible = true;
    settle();
  }

  // A pointer that stays on its place of the screen, but not on its place in the page, was left behind by the page.
  let last;
  const point = ({ screenX, screenY, clientX, clientY }) => {
    const stayed = last && screenX === last.screenX && screenY === last.screenY;
    if (!last || (stayed && Math.hypot(clientX - last.clientX, clientY - last.clientY) > 1)) settle();
    last = { screenX, screenY, clientX, clientY };
  };
  for (const type of ["pointerover", "pointermove", "pointerdown"]) addEventListener(type, point, true);

  const judge = (event) => {
    const isPress = event.type === "click" && event.target.closest(".action-bar button, #trust, #trust-certificate");
    const isEnter = event.type === "keydown" && event.key === "Enter" && event.target.closest("form");
    if (event.type !== "submit" && !isPress && !isEnter) return;
    if (isVisible && performance.now() - since >= SETTLED_MS) return hide("covered");
    event.preventDefault();
    event.stopImmediatePropagation();
    show("covered");
    tell({ type: "cs-error", code: "frame_covered" });
  };
  for (const type of ["click", "submit", "keydown"]) addEventListener(type, judge, true);
}

// The portal's looks, as far as they are on the list and leave everything legible; false if its colours do not.
function dress(theme, { radius, fontFamily, ...wanted }) {
  const set = (name, value) => root.style.setProperty(name, value);
  const is = (pattern, value) => typeof value === "string" && pattern.test(value);
  if (["light", "dark"].includes(theme)) set("color-scheme", theme);
  if (is(/^\d{1,2}px$/, radius)) {
    set("--radius", radius);
    set("--radius-small", radius);
  }
  if (is(/^[\p{L}\p{N} ,'"-]{1,100}$/u, fontFamily)) set("font-family", fontFamily);

  const before = root.style.cssText;
  const dye = dyer();
  const isPainted = paint(wanted, set, dye);
  if (!isPainted) root.style.cssText = before;
  dye.end();
  return isPainted;
}

// What each token of the portal's colours.
const TOKENS = {
  background: ["--ground", "--surface", "--sunken", "--accent-wash", "--bad-wash", "--good-wash"],
  text: ["--text"],
  border: ["--line", "--line-strong"],
  accent: ["--accent"],
  accentText: ["--on-accent"],
};
// WCAG 2.2, 1.4.3 and 1.4.11.
const LEAST_CONTRAST = 4.5;
const LEAST_OF_EDGES = 3;

// False where something would not be legible: all colours or none, for half of a theme is less legible still.
function paint(wanted, set, { read, contrast }) {
  for (const [token, properties] of Object.entries(TOKENS)) {
    if (wanted[token] === undefined) continue;
    const colour = read(wanted[token]);
    if (colour === null) return false;
    // As the browser has understood it, so that nothing but a colour gets into the page's style.
    for (const property of properties) set(property, colour.text);
    // The page's other colours are made for a light and for a dark ground.
    if (token === "background") set("color-scheme", colour.luminance < 0.18 ? "dark" : "light");
  }
  // What cannot be compared is not legible.
  const isLegible = (front, back, least = LEAST_CONTRAST) => contrast(front, back) >= least;
  if (!isLegible("--text", "--surface") || !isLegible("--on-accent", "--accent")) return false;
  for (const [property, least] of [["--quiet", LEAST_CONTRAST], ["--bad", LEAST_CONTRAST], ["--good", LEAST_CONTRAST], ["--line-strong", LEAST_OF_EDGES]]) {
    if (!isLegible(property, "--surface", least)) set(property, "var(--text)");
  }
  if (!isLegible("--accent", "--surface")) {
    // Legible as the ground of a button, but not as a link.
    const links = new CSSStyleSheet();
    links.replaceSync(".link-button, .file-button { color: var(--text); }");
    document.adoptedStyleSheets.push(links);
  }
  return true;
}

// Reads colours as the browser understands them.
function dyer() {
  const patch = document.createElement("span");
  root.append(patch);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  // A colour that is not transparent, or null.
  const read = (text) => {
    if (typeof text !== "string" || !CSS.supports("color", text)) return null;
    patch.style.color = text;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = getComputedStyle(patch).color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    if (alpha < 255) return null;
    const linear = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    return { text: `rgb(${red} ${green} ${blue})`, luminance };
  };
  // Of two of the page's properties.
  const contrast = (...names) => {
    const [dark, light] = names.map((name) => read(`var(${name})`)?.luminance ?? NaN).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  return { read, contrast, end: () => patch.remove() };
}
