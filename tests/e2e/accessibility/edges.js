// Controls whose edge cannot be told from what they lie on (WCAG 2.2, 1.4.11): neither their border nor their surface differs enough.
const found = [];
const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
const light = (colour) => {
  const [r, g, b] = parts(colour).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
};
const ground = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (parts(backgroundColor)[3] !== 0) return backgroundColor;
  }
  return "rgb(255, 255, 255)";
};
const controls = "select:enabled, textarea:enabled, input:enabled:not([type=radio], [type=file]), .button:enabled";
for (const control of document.querySelectorAll(controls)) {
  if (!control.checkVisibility()) continue;
  const { borderBlockStartColor, backgroundColor } = getComputedStyle(control);
  const around = ground(control.parentElement);
  const best = Math.max(contrast(borderBlockStartColor, around), contrast(backgroundColor, around));
  if (best < 3) found.push(`${control.id || control.className} has an edge of contrast ${best.toFixed(2)}`);
}
return found;
