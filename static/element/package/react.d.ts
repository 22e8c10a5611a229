import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from "react";
import type { CredentialSetterElement, CredentialSetterEventMap } from "./credential-setter.js";

/** The element's properties and attributes; its events without `cs-`. */
export interface CredentialSetterProps extends Omit<HTMLAttributes<CredentialSetterElement>, "onError"> {
  gateway: CredentialSetterElement["gateway"];
  linkedService: CredentialSetterElement["linkedService"];
  kind?: CredentialSetterElement["kind"];
  mode?: "popup" | "frame";
  locale?: string;
  theme?: "light" | "dark";
  disabled?: boolean;
  getTicket: NonNullable<CredentialSetterElement["getTicket"]>;
  getOutcome?: CredentialSetterElement["getOutcome"];
  appearance?: CredentialSetterElement["appearance"];
  defaults?: CredentialSetterElement["defaults"];
  onReady?: (event: CredentialSetterEventMap["cs-ready"]) => void;
  onOpen?: (event: CredentialSetterEventMap["cs-open"]) => void;
  onSaved?: (event: CredentialSetterEventMap["cs-saved"]) => void;
  onTested?: (event: CredentialSetterEventMap["cs-tested"]) => void;
  onError?: (event: CredentialSetterEventMap["cs-error"]) => void;
  onCancel?: (event: CredentialSetterEventMap["cs-cancel"]) => void;
}

/** `<credential-setter>` as a component; the ref is the element. */
export declare const CredentialSetter: ForwardRefExoticComponent<
  CredentialSetterProps & RefAttributes<CredentialSetterElement>
>;
