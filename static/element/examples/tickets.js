/**
 * Asks the portal's own server for a ticket: it knows who is signed in and what they may set.
 * @param {import("credential-setter").TicketRequest} request
 */
export async function fetchTicket({ linkedService }) {
  const response = await fetch("/api/tickets", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ linkedService }),
  });
  if (!response.ok) throw new Error("no ticket");
  /** @type {{ ticket: string }} */
  const { ticket } = await response.json();
  return ticket;
}
