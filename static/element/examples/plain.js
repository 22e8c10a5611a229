import "credential-setter";
import { fetchTicket } from "./tickets.js";

const setter = document.querySelector("credential-setter");
const outcome = document.querySelector("#outcome");
if (setter === null || outcome === null) throw new Error("the page has no such elements");

setter.getTicket = fetchTicket;
setter.addEventListener("cs-saved", ({ detail }) => {
  outcome.textContent = `Stored: version ${detail.receipt.version} for ${detail.receipt.target}.`;
});
setter.addEventListener("cs-cancel", () => {
  outcome.textContent = "Nothing was stored.";
});
