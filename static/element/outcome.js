// What became of a ticket, asked of the portal or of the gateway until there is an answer or the ticket has ended.

import { PolicyWatch, askStatus, whyUnreachable } from "./diagnosis.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export async function outcomeOf(session) {
  const { wish, ticket } = session;
  const policy = new PolicyWatch(wish.origin);
  let wasTold = false;
  for (let wait = FIRST_WAIT_MS; !session.ended; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    // One last question when the ticket has ended: it may have been used in its last second.
    const isLast = Date.now() >= ticket.expires;
    const { saved, code, problem, where } = await ask(wish, ticket, policy);
    if (session.ended) break;
    if (saved) session.saved(saved);
    else if (code) session.fail(code);
    else if (isLast) session.cancel("expired");
    else {
      if (problem && !wasTold) wish.fail(problem, { final: false, where });
      wasTold ||= problem !== undefined;
      const left = Math.max(0, ticket.expires - Date.now());
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, left)));
    }
  }
  policy.stop();
}

// The page's window has gone: what was on its way at that moment may have been stored all the same.
export async function outcomeOfClosed(session) {
  const policy = new PolicyWatch(session.wish.origin);
  const { saved } = await ask(session.wish, session.ticket, policy);
  policy.stop();
  if (saved) session.saved(saved);
  else session.cancel("closed");
}

// What is stored, a code that ends the asking, a problem that may pass, or nothing yet.
async function ask(wish, { compact }, policy) {
  const getOutcome = wish.getOutcome();
  if (typeof getOutcome === "function") {
    try {
      return { saved: await getOutcome({ ...wish.asked, ticket: compact }) };
    } catch {
      return { problem: "outcome_unavailable" };
    }
  }
  try {
    const response = await askStatus(wish.origin, { Authorization: `Bearer ${compact}` });
    // Too many questions at once, or a gateway that is just starting: asked again.
    if (response.status === 429 || response.status >= 500) return {};
    if (!response.ok) return { code: "outcome_unknown" };
    const answer = await response.json();
    return answer.state === "used" ? { saved: answer } : {};
  } catch {
    const [problem, where] = await whyUnreachable(policy);
    return { problem, where };
  }
}
