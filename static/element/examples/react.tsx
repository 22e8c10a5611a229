import { useState } from "react";
import { createRoot } from "react-dom/client";
import type { Receipt } from "credential-setter";
import { CredentialSetter } from "credential-setter/react";
import { fetchTicket } from "./tickets.js";

function SetCredential({ linkedService }: { linkedService: string }) {
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [problem, setProblem] = useState("");
  return (
    <>
      <CredentialSetter
        gateway="https://gateway.corp.example:8050"
        linkedService={linkedService}
        getTicket={fetchTicket}
        disabled={receipt !== null}
        onSaved={({ detail }) => setReceipt(detail.receipt)}
        onError={(event) => {
          // Said here, and so not by the element.
          event.preventDefault();
          setProblem(`${event.detail.message} ${event.detail.advice}`);
        }}
      >
        Set credential
      </CredentialSetter>
      <p role="status">{receipt === null ? problem : `Stored: version ${receipt.version}`}</p>
    </>
  );
}

createRoot(document.body.appendChild(document.createElement("main"))).render(
  <SetCredential linkedService="SalesSqlServer" />,
);
