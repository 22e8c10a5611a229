// What has the focus, and what is wrong with that: [its name, [faults]]. After the last element nothing has it.
const deepest = (root) => root.activeElement?.shadowRoot?.activeElement ?? root.activeElement;
const focused = deepest(document);
if (focused === null || focused === document.body) return ["", []];
const faults = [];
const host = focused.getRootNode().host ?? focused;

// Shown: by an outline of its own, of its label's or of what is around it.
const colour = (text) => { const [r, g, b, a = "1"] = text.match(/[\d.]+/g); return a === "0" ? null : [r, g, b]; };
const light = (text) => {
  const [r, g, b] = colour(text).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
};
const ground = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (colour(backgroundColor)) return backgroundColor;
  }
  return "rgb(255, 255, 255)";
};
const shows = (element) => {
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && contrast(outlineColor, ground(host.parentElement)) >= 3;
};
if (![focused, ...(focused.labels ?? [])].some(shows)) faults.push("does not show that it has the focus");

// Seen: in the window, and its middle not under something else. What is only heard is seen by its label.
const seen = focused.matches(".sr-only") ? focused.labels[0] : focused;
const { left, top, right, bottom, width, height } = seen.getBoundingClientRect();
if (bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) faults.push("is outside of the window");
else {
  const inside = (value, most) => Math.min(Math.max(value, 1), most - 1);
  const hit = document.elementFromPoint(inside(left + width / 2, innerWidth), inside(top + height / 2, innerHeight));
  const own = [host, seen, ...(focused.labels ?? [])];
  if (!own.some((element) => element.contains(hit) || hit?.contains(element) && hit.matches("[tabindex], section"))) faults.push("is covered");
}

// In reading order: behind what had it before, and not above that unless in another column.
const before = window.focusBefore;
const [step] = arguments;
if (before?.isConnected && step !== 0) {
  const follows = Boolean(before.compareDocumentPosition(host) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (before !== host && follows !== step > 0) faults.push(`does not come in the order of reading after ${before.name || before.id || before.localName}`);
  const [upper, lower] = step > 0 ? [before, host] : [host, before];
  const [high, low] = [upper.getBoundingClientRect(), lower.getBoundingClientRect()];
  if (low.bottom <= high.top && low.left < high.right) faults.push("jumps up");
}
window.focusBefore = host;
return [focused.name || focused.id || (focused.innerText || host.textContent).trim().replace(/\s+/g, " "), faults];
