// The wrapper's props.
import { useRef } from "react";
import type { CredentialSetterElement } from "credential-setter";
import { CredentialSetter } from "credential-setter/react";

export function All() {
  const setter = useRef<CredentialSetterElement>(null);
  const required = { gateway: "https://gateway.corp.example:8050", linkedService: "s", getTicket: async () => "a.b.c" };
  return (
    <>
      <CredentialSetter {...required} ref={setter} mode="frame" theme="dark" disabled className="c" onCancel={({ detail }) => detail.reason} />
      {/* @ts-expect-error No such mode. */}
      <CredentialSetter {...required} mode="tab" />
      {/* @ts-expect-error Nothing works without tickets. */}
      <CredentialSetter gateway="https://gateway.corp.example:8050" linkedService="s" />
    </>
  );
}
