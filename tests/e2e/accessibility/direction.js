// What does not follow a language that is written from right to left, and what follows it though it must not.
const found = [];
const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".sr-only");
const all = (css) => [...document.querySelectorAll(css)].filter(visible);
const middle = (element) => { const { left, width } = element.getBoundingClientRect(); return left + width / 2; };
const name = (element) => element.id || element.className;

// Hosts, users, addresses, fingerprints and secrets are written from left to right in every language.
for (const element of all("input:not([type=checkbox], [type=radio]), textarea, code, .code")) {
  if (getComputedStyle(element).direction !== "ltr") found.push(`${name(element)} is written from right to left`);
}
// What comes first is on the right.
const order = [
  [".masthead__product", ".masthead__gateway"],
  [".field__head > label", ".field__tools"],
  [".field--switch > .switch", ".field--switch > label"],
  [".secret__control", ".secret__reveal"],
  [".stored__state", ".stored > .button"],
  [".action-bar > .button", ".action-bar > .button--primary"],
  [".notice > .icon", ".notice > .notice__body"],
  [".outcome > .outcome__mark", ".outcome > div"],
  [".snippet__head > label", ".snippet__head > .button"],
];
for (const [first, second] of order) {
  const [before] = all(first);
  const [after] = all(second);
  const { top, bottom } = before?.getBoundingClientRect() ?? {};
  const beside = after && top < after.getBoundingClientRect().bottom && after.getBoundingClientRect().top < bottom;
  if (before && after && beside && middle(before) <= middle(after)) found.push(`${first} is not to the right of ${second}`);
}
for (const heading of all("h1, h2, legend, label")) {
  if (getComputedStyle(heading).direction !== "rtl") found.push(`${name(heading)} is written from left to right`);
}
return [...new Set(found)];
