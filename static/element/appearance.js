// What the portal may decide about the page's looks, and what it may fill in: lists of what is allowed.

const COLOURS = ["accent", "accentText", "background", "text", "border"];
const OTHERS = { radius: /^\d{1,2}px$/, fontFamily: /^[\p{L}\p{N} ,'"-]{1,100}$/u };
// WCAG 2.2, 1.4.3.
const LEAST_CONTRAST = 4.5;
// Pairs that are read on one another.
const PAIRS = [
  ["text", "background"],
  ["accentText", "accent"],
];

export function checkedAppearance(wanted) {
  const appearance = {};
  let isRefused = false;
  for (const [name, value] of Object.entries(wanted ?? {})) {
    const isFine = COLOURS.includes(name) ? CSS.supports("color", value) : Object.hasOwn(OTHERS, name) && OTHERS[name].test(value);
    if (isFine) appearance[name] = String(value);
    else isRefused = true;
  }
  for (const [front, back] of PAIRS) {
    if (appearance[front] && appearance[back] && contrast(appearance[front], appearance[back]) < LEAST_CONTRAST) {
      // All colours or none: half of a theme is less legible still.
      for (const name of COLOURS) delete appearance[name];
      isRefused = true;
    }
  }
  return { appearance, isRefused };
}

// Texts only, by the names of fields; null if there is none. The page takes no secret from here.
export function checkedDefaults(wanted) {
  const entries = Object.entries(wanted ?? {}).filter(([, value]) => typeof value === "string");
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

// WCAG 2.2's contrast ratio of two CSS colours; what shines through is white.
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const canvas = document.createElement("canvas").getContext("2d");
  for (const style of ["white", colour]) {
    canvas.fillStyle = style;
    canvas.fillRect(0, 0, 1, 1);
  }
  const linear = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}
