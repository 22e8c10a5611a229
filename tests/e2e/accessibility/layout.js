// What cannot be read or pressed in the window as it is: gives a line for each thing that is cut off, reaches out of the window,
// lies on another one, or is too small to hit (WCAG 2.2, 1.4.4, 1.4.10, 1.4.12, 2.5.8).
const [smallest] = arguments;
const root = document.documentElement;
const found = [];
const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const onlyHeard = (element) => element.closest(".sr-only") !== null;
const name = (element) => {
  const own = element.id ? `#${element.id}` : [element.localName, ...element.classList].join(".");
  const around = element.parentElement?.closest("[data-field], [id], section, header");
  return around ? `${around.dataset.field ?? around.id ?? around.localName} > ${own}` : own;
};
const elements = [...document.body.querySelectorAll("*")].filter((each) => visible(each) && !onlyHeard(each));

// Sideways.
if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px`);
for (const element of elements) {
  const { left, right, width, height } = element.getBoundingClientRect();
  if (width > 0 && height > 0 && (left < -1 || right > root.clientWidth + 1)) found.push(`${name(element)} reaches out of the window`);
}

// Cut off: by itself, or by the edge of its list.
const pen = document.createElement("canvas").getContext("2d");
for (const element of elements) {
  const style = getComputedStyle(element);
  const entry = ["input", "textarea"].includes(element.localName);
  const hides = style.overflowX !== "visible" || element.localName === "button";
  if (!entry && hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
    found.push(`${name(element)} is cut off`);
  }
  if (element.localName === "textarea" && element.scrollWidth > element.clientWidth + 1) found.push(`${name(element)} scrolls sideways`);
  if (element.localName === "select") {
    pen.font = style.font;
    // Without spacing of the person's own: no browser lets a closed list go on in a second line, and the open one has all of it.
    const arrow = 20;
    const room = element.clientWidth - parseFloat(style.paddingInlineStart) - parseFloat(style.paddingInlineEnd) - arrow;
    const words = element.selectedOptions[0]?.textContent ?? "";
    if (pen.measureText(words).width > room + 2) found.push(`${name(element)} cuts its choice off`);
  }
}

// On one another: controls, and runs of text.
const control = "a, button, input, select, textarea, label, output, summary";
const pieces = [];
for (const element of elements) {
  if (element.matches(control)) pieces.push([element, element.getBoundingClientRect()]);
  else {
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || node.textContent.trim() === "") continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) pieces.push([element, box]);
    }
  }
}
// A card's invisible radio button lies under its words; a bar that sticks to the window lies over the form.
const bar = document.querySelector(".action-bar");
const floats = bar !== null && getComputedStyle(bar).position === "sticky";
const placed = pieces.filter(([element]) => element.type !== "radio" && !(floats && bar.contains(element)));
placed.forEach(([element, box], index) => {
  for (const [other, place] of placed.slice(index + 1)) {
    const across = Math.min(box.right, place.right) - Math.max(box.left, place.left);
    const down = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
    if (across > 2 && down > 2 && !element.contains(other) && !other.contains(element)) {
      found.push(`${name(element)} and ${name(other)} lie on one another`);
    }
  }
});

// Too small. What is heard only is pressed by its label.
for (const element of document.body.querySelectorAll("a, button, input, select, textarea, summary, label:has(input)")) {
  if (!visible(element) || onlyHeard(element)) continue;
  const { width, height } = element.getBoundingClientRect();
  if (width < smallest || height < smallest) found.push(`${name(element)} is ${Math.round(width)}×${Math.round(height)} px`);
}
return [...new Set(found)];
