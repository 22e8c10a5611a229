// Receipts: what the gateway says was stored. A page can be told anything; only what the portal's server has verified is shown.

// Asks the portal's server about `jws` of `cs-saved`: `{ receipt, linkedServiceJson }`. Throws an error in words, with a code.
export async function verified(jws, linkedService) {
  let answer;
  try {
    const response = await fetch("/api/receipts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ jws }),
    });
    answer = await response.json();
  } catch {
    answer = { code: "receipt_unchecked", detail: "This portal's server could not be asked about the receipt." };
  }
  if (answer.verified === true && answer.receipt.ls === linkedService) return answer;
  const detail = answer.detail ?? "The receipt is for another linked service.";
  const words = `${detail} Nothing of it is shown. Ask the gateway's administrator what was stored, or press “Set credential” again.`;
  throw Object.assign(new Error(words), { code: answer.code ?? "receipt_mismatch" });
}

// What is said of a verified one.
export function showReceipt(receipt, kinds) {
  const fragment = document.getElementById("receipt").content.cloneNode(true);
  const set = (name, text) => {
    fragment.querySelector(`[data-receipt="${name}"]`).textContent = text;
  };
  const kind = kinds[receipt.kind];
  set("ls", receipt.ls);
  set("kind", kind?.name ?? receipt.kind);
  set("auth", kind?.authTypes[receipt.auth] ?? receipt.auth);
  set("target", receipt.target);
  set("version", String(receipt.version));
  set("test", tested(receipt.test));
  set("kid", receipt.kid);
  const at = new Date(receipt.at * 1000);
  const time = fragment.querySelector("time");
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
  return fragment;
}

function tested(test) {
  switch (test?.outcome) {
    case "passed":
      return "Passed";
    case "failed":
      return `Failed (${test.cause})`;
    default:
      return "Not tested";
  }
}
