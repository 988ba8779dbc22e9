/** What typing and the mouse do in the surface of a <reference-text>. */
import { paste } from "./reference-clipboard.js";
import { pickerOf } from "./reference-opening.js";
import { onKey, travel } from "./reference-keys.js";
import { follow } from "./reference-picker-keys.js";
import { placesOf, selectionIn } from "./reference-surface.js";

/** @typedef {import("./reference-text.js").ReferenceText} Box */

/** @param {Box} box @param {HTMLElement} surface */
export function listen(box, surface) {
  let atFocus = box.text;
  surface.addEventListener("focus", () => { atFocus = box.text; });
  surface.addEventListener("blur", () => {
    box.last = selectionIn(surface) ?? box.last;
    if (atFocus !== box.text) box.control?.dispatchEvent(new Event("change", { bubbles: true }));
    atFocus = box.text;
  });
  surface.addEventListener("beforeinput", (event) => beforeInput(box, surface, event));
  surface.addEventListener("input", (event) => afterInput(box, /** @type {InputEvent} */ (event)));
  surface.addEventListener("compositionend", () => box.read("letter"));
  surface.addEventListener("keydown", (event) => onKey(box, surface, event));
  surface.addEventListener("click", (event) => {
    const chip = event.target instanceof Element ? event.target.closest(".reference-chip") : null;
    const place = chip ? [...surface.childNodes].indexOf(chip) : -1;
    if (place >= 0) box.openAt(box.chip((one, index) => index === place));
  });
}

/** @param {Box} box @param {HTMLElement} surface @param {InputEvent} event */
function beforeInput(box, surface, event) {
  const type = event.inputType;
  if (!event.cancelable || event.isComposing || type === "insertText" || type === "insertReplacementText") return;
  const range = event.getTargetRanges()[0];
  const now = selectionIn(surface) ?? { start: 0, end: 0 };
  const [start, end] = range ? placesOf(surface, range) : [now.start, now.end];
  if (type.startsWith("delete")) return erase(box, surface, event, start, end);
  event.preventDefault();
  if (type === "historyUndo" || type === "historyRedo") travel(box, type === "historyUndo" ? -1 : 1);
  else if (type === "insertParagraph" || type === "insertLineBreak") breakLine(box, start, end);
  else if (type === "insertFromDrop") void paste(box, { start, end }, event.dataTransfer?.getData("text/plain") ?? "");
}

/** A chip goes as a whole; where there is none the browser knows best. @param {Box} box @param {HTMLElement} surface @param {InputEvent} event @param {number} start @param {number} end */
function erase(box, surface, event, start, end) {
  const now = selectionIn(surface);
  const edge = event.inputType.endsWith("Backward") ? "end" : "start";
  const chip = now && now.start === now.end
    ? box.chip((one) => one[edge] === now.start) : box.chip((one) => one.start < end && one.end > start);
  if (!chip) return;
  event.preventDefault();
  const isRange = now && now.start !== now.end;
  box.splice(isRange ? start : chip.start, isRange ? end : chip.end, "", "delete");
  follow(pickerOf(box));
}

/** @param {Box} box @param {InputEvent} event */
function afterInput(box, event) {
  // The form around is told by the control, once.
  event.stopPropagation();
  if (event.isComposing) return;
  box.read(event.inputType === "insertText" && /\S/.test(event.data ?? "") ? "letter" : "");
  if (event.data === "{" && box.last) box.openAt({ start: box.last.start - 1, end: box.last.end }, true);
  else follow(pickerOf(box));
}

/** @param {Box} box @param {number} start @param {number} end */
function breakLine(box, start, end) {
  if (!box.isMultiline) return box.control?.form?.requestSubmit();
  const line = (box.text ?? "").slice(0, start).split("\n").pop() ?? "";
  const indent = box.kind === "body" ? /^[ \t]*/.exec(line)?.[0] ?? "" : "";
  box.splice(start, end, `\n${indent}`);
}
