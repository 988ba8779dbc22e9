/** The real control of a box goes out of sight, and a surface to edit comes in its place. */
import { selectionIn } from "./reference-surface.js";

/** @param {import("./reference-text.js").ReferenceText} box @param {HTMLTextAreaElement | HTMLInputElement} control */
export function surfaceFor(box, control) {
  const surface = document.createElement("div");
  surface.id = `${control.id}-text`;
  surface.className = `form-control reference-surface is-${box.kind}`;
  const isFixed = control.readOnly || control.matches(":disabled");
  surface.contentEditable = isFixed ? "false" : "plaintext-only";
  surface.setAttribute("aria-readonly", String(isFixed));
  surface.spellcheck = box.kind === "markdown";
  surface.tabIndex = 0;
  surface.setAttribute("role", "textbox");
  surface.setAttribute("aria-multiline", String(box.isMultiline));
  for (const name of ["aria-labelledby", "aria-label", "aria-describedby", "aria-invalid"]) {
    const value = control.getAttribute(name);
    if (value !== null) surface.setAttribute(name, value);
  }
  surface.dataset.placeholder = control.placeholder;
  control.classList.add("visually-hidden");
  control.setAttribute("aria-hidden", "true");
  control.tabIndex = -1;
  // A label, or a link to a mistake, leads to the control.
  control.addEventListener("focus", () => surface.focus());
  control.addEventListener("followed", () => {
    box.take(control.value, control.value.length, "");
    box.redraw();
  });
  control.before(surface);
  const button = box.querySelector("button");
  button?.toggleAttribute("hidden", isFixed);
  button?.addEventListener("click", () => box.openAt(selectionIn(surface) ?? box.last));
  return surface;
}
