// What loses its meaning where a person has chosen all colours: gives a line for each control, mark or notice that cannot be told
// from what is around it.
const found = [];
const name = (element) => element.id || element.className || element.localName;
const clear = (colour) => /^rgba\(.*, 0\)$/.test(colour);
const ground = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (!clear(backgroundColor)) return backgroundColor;
  }
  return "rgb(255, 255, 255)";
};
// An edge that is there and differs from what it lies on.
const edged = (element) => {
  const { borderBlockStartWidth, borderBlockStartStyle, borderBlockStartColor } = getComputedStyle(element);
  return parseFloat(borderBlockStartWidth) >= 1 && borderBlockStartStyle !== "none" && !clear(borderBlockStartColor)
    && borderBlockStartColor !== ground(element.parentElement);
};
const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".sr-only");
const all = (css) => [...document.querySelectorAll(css)].filter(visible);

for (const element of all("select, textarea, input:not([type=radio]), .button, .secret__reveal, .control--fixed, .stored, .moved")) {
  if (!edged(element)) found.push(`${name(element)} has no edge`);
}
for (const element of all(".notice, .card, .section--paste, .panel, #outcome:not(:empty)")) {
  if (element.closest("fieldset.stores") === null && !edged(element)) found.push(`${name(element)} has no edge`);
}
for (const link of all("a, .link-button, .file-button")) {
  if (!getComputedStyle(link).textDecorationLine.includes("underline")) found.push(`${name(link)} is not underlined`);
}
// The thumb of a switch differs from its track, and its place says whether it is on.
for (const control of all(".switch")) {
  const thumb = getComputedStyle(control, "::before");
  if (thumb.backgroundColor === getComputedStyle(control).backgroundColor) found.push(`${name(control)} has no thumb`);
  const right = parseFloat(thumb.insetInlineStart) > control.clientWidth / 3;
  if (right !== control.checked) found.push(`${name(control)} does not show whether it is on`);
}
// A pressed button differs from one that is not.
for (const button of all("[aria-pressed=true]")) {
  const look = () => {
    const { borderBlockStartColor, borderBlockStartWidth, backgroundColor, textDecorationStyle, outlineStyle } = getComputedStyle(button);
    return [borderBlockStartColor, borderBlockStartWidth, backgroundColor, textDecorationStyle, outlineStyle].join();
  };
  const pressed = look();
  button.setAttribute("aria-pressed", "false");
  if (look() === pressed) found.push(`${name(button)} does not show that it is pressed`);
  button.setAttribute("aria-pressed", "true");
}
// A control with a fault differs from one without.
for (const control of all("[aria-invalid=true]")) {
  const look = () => [getComputedStyle(control).borderBlockStartWidth, getComputedStyle(control).borderBlockStartColor].join();
  const faulty = look();
  control.setAttribute("aria-invalid", "false");
  if (look() === faulty) found.push(`${name(control)} does not show that it is wrong`);
  control.setAttribute("aria-invalid", "true");
}
// A ring without a gap does not turn for anybody.
for (const spinner of all(".spinner")) {
  const { borderInlineEndColor, borderBlockStartColor } = getComputedStyle(spinner);
  if (borderInlineEndColor === borderBlockStartColor) found.push("the spinner is a closed ring");
}
for (const drawing of all(".icon")) {
  if (getComputedStyle(drawing).stroke === ground(drawing)) found.push("an icon cannot be seen");
}
return [...new Set(found)];
