// The copy wizard: choose a linked service, set its credential on the gateway's page, see the outcome.
// A portal developer may copy from here; what matters is in `wire()`.
import "/credential-setter.js";

const element = (id) => document.getElementById(id);

const PROBLEMS = {
  popup_blocked: "The browser blocked the gateway's window. Allow pop-ups for this site, then press “Set credential” again.",
  ticket_unavailable: "This portal could not issue a ticket. Check that it is running, then press “Set credential” again.",
  receipt_mismatch: "The answer was for another linked service than the one asked for. Nothing of it is shown; ask the gateway's administrator what was stored.",
  receipt_malformed: "The gateway's page answered with something that is not a receipt. Ask the gateway's administrator what was stored.",
  ticket_invalid: "The gateway did not accept the ticket. Close its window and press “Set credential” again.",
  ticket_used: "The ticket was already used. Close the gateway's window and press “Set credential” again.",
  gateway_address: "This portal is set up with an unusable gateway address. Its administrator must correct it.",
};
const CANCELLED = {
  closed: "The gateway's window was closed before anything was stored. Press “Set credential” to start again.",
  cancelled: "Cancelled: nothing was stored. Press “Set credential” to start again.",
  expired: "The ticket ended before anything was stored. Press “Set credential” to start again.",
};

const wizard = await (await fetch("/api/wizard")).json();
const setter = element("setter");
element("factory").textContent = wizard.factory;
element("chosen-gateway").textContent = wizard.gateway;
element("gateway-words").textContent = wizard.gatewayWords;
for (const linkedService of wizard.linkedServices) element("cards").append(card(linkedService));
wire();

function card(linkedService) {
  const fragment = element("card").content.cloneNode(true);
  const input = fragment.querySelector("input");
  input.value = linkedService.name;
  input.addEventListener("change", () => choose(linkedService));
  // On a phone what comes next is far below; the keyboard's arrows go on choosing and leave the page where it is.
  fragment.querySelector(".card").addEventListener("click", (event) => {
    if (event.detail > 0) element("panel").scrollIntoView({ block: "nearest" });
  });
  fragment.querySelector(".tile").textContent = linkedService.mark;
  fragment.querySelector(".card-name").textContent = linkedService.name;
  fragment.querySelector(".card-kind").textContent = kindInWords(linkedService);
  fragment.querySelector(".card-about").textContent = linkedService.about;
  return fragment;
}

function choose(linkedService) {
  element("nothing-chosen").hidden = true;
  element("chosen").hidden = false;
  element("chosen-name").textContent = linkedService.name;
  element("chosen-kind").textContent = kindInWords(linkedService);
  setter.linkedService = linkedService.name;
  setter.kind = linkedService.kind;
  setter.disabled = false;
  element("outcome").replaceChildren();
  showStep("step-credential");
}

// All that a portal has to do: a ticket from its own server, and a handler per outcome.
function wire() {
  setter.gateway = wizard.gateway;
  setter.getTicket = async ({ linkedService }) => {
    const response = await fetch("/api/tickets", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ linkedService }),
    });
    if (!response.ok) throw new Error((await response.json()).detail);
    return (await response.json()).ticket;
  };
  setter.addEventListener("cs-open", () => {
    lockChoice(true);
    say("waiting", "Waiting for the gateway's window …");
    showStep("step-credential");
  });
  setter.addEventListener("cs-ready", () => say("waiting", "Type the credential in the gateway's window."));
  setter.addEventListener("cs-saved", (event) => {
    lockChoice(false);
    showReceipt(event.detail.receipt);
  });
  setter.addEventListener("cs-error", (event) => {
    const { code, message, advice, final, offer } = event.detail;
    // Said here, so not by the element; but it may know another way, and has a button for that.
    if (offer === null) event.preventDefault();
    lockChoice(!final);
    say("problem", PROBLEMS[code] ?? `${message} ${advice} (${code})`, code);
  });
  setter.addEventListener("cs-cancel", (event) => {
    lockChoice(false);
    say("problem", CANCELLED[event.detail.reason], event.detail.reason);
  });
}

function showReceipt(receipt) {
  const fragment = element("receipt").content.cloneNode(true);
  const set = (name, text) => {
    fragment.querySelector(`[data-receipt="${name}"]`).textContent = text;
  };
  set("ls", receipt.ls);
  const kind = wizard.kinds[receipt.kind];
  set("kind", kind?.name ?? receipt.kind);
  set("auth", kind?.authTypes[receipt.auth] ?? receipt.auth);
  set("target", receipt.target);
  set("version", String(receipt.version));
  set("kid", receipt.kid);
  const at = new Date(receipt.at * 1000);
  const time = fragment.querySelector("time");
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
  const outcome = element("outcome");
  outcome.dataset.state = "stored";
  delete outcome.dataset.code;
  outcome.replaceChildren(fragment);
  outcome.focus({ preventScroll: false });
  const input = [...document.querySelectorAll(".card input")].find((each) => each.value === receipt.ls);
  input.parentElement.querySelector(".card-state").textContent = `Set · version ${receipt.version}`;
  showStep("step-outcome");
}

function say(state, words, code) {
  const outcome = element("outcome");
  const paragraph = document.createElement("p");
  paragraph.textContent = words;
  outcome.dataset.state = state;
  if (code === undefined) delete outcome.dataset.code;
  else outcome.dataset.code = code;
  outcome.replaceChildren(paragraph);
}

// While a window is open its linked service stays the chosen one.
function lockChoice(locked) {
  element("stores").disabled = locked;
}

function showStep(id) {
  const steps = [...document.querySelectorAll(".steps li")];
  const current = steps.findIndex((step) => step.id === id);
  steps.forEach((step, index) => {
    step.classList.toggle("done", index < current);
    if (index === current) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
}

function kindInWords(linkedService) {
  return linkedService.kind === null ? "Any kind: chosen on the gateway's page" : wizard.kinds[linkedService.kind].name;
}
