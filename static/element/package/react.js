"use client";
// <CredentialSetter> for React 18 and later: the element with its properties and events as props.

import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from "react";
import "credential-setter";

const EVENTS = {
  onReady: "cs-ready",
  onOpen: "cs-open",
  onSaved: "cs-saved",
  onTested: "cs-tested",
  onError: "cs-error",
  onCancel: "cs-cancel",
};
const PROPERTIES = ["getTicket", "getOutcome", "appearance", "defaults"];
const ATTRIBUTES = { linkedService: "linked-service" };

export const CredentialSetter = forwardRef(function CredentialSetter(props, ref) {
  const element = useRef(null);
  const latest = useRef(props);
  useImperativeHandle(ref, () => element.current, []);

  // After each rendering: what the element asks for, or tells, is answered by the newest functions.
  useEffect(() => {
    latest.current = props;
    for (const name of PROPERTIES) element.current[name] = props[name] ?? null;
  });
  useEffect(() => {
    const target = element.current;
    const listeners = Object.entries(EVENTS).map(([prop, type]) => [type, (event) => latest.current[prop]?.(event)]);
    for (const [type, listener] of listeners) target.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of listeners) target.removeEventListener(type, listener);
    };
  }, []);

  const attributes = { ref: element };
  for (const [name, value] of Object.entries(props)) {
    if (name in EVENTS || PROPERTIES.includes(name) || value === null || value === undefined) continue;
    // React before 19 writes this attribute, later ones set the property; `class` is what an element calls it.
    if (name === "disabled") attributes.disabled = value ? "disabled" : undefined;
    else if (name === "className") attributes.class = value;
    else attributes[ATTRIBUTES[name] ?? name] = value;
  }
  return createElement("credential-setter", attributes);
});
