/** What keys do in the surface of a <reference-text> besides typing. */
import { pickerOf } from "./reference-opening.js";
import { hear } from "./reference-picker-keys.js";
import { select, selectionIn } from "./reference-surface.js";

/** @typedef {import("./reference-text.js").ReferenceText} Box */

/** @param {Box} box @param {HTMLElement} surface @param {KeyboardEvent} event */
export function onKey(box, surface, event) {
  const letter = event.ctrlKey || event.metaKey ? event.key.toLowerCase() : "";
  const step = letter === "y" || (letter === "z" && event.shiftKey) ? 1 : letter === "z" ? -1 : 0;
  const now = selectionIn(surface);
  if (hear(pickerOf(box), event)) event.preventDefault();
  else if (step) { event.preventDefault(); travel(box, step); }
  else if (event.key === "Enter" && now) {
    const chip = box.chip((one) => one.start === now.start && one.end === now.end);
    if (chip) { event.preventDefault(); box.openAt(chip); }
  } else if (["ArrowLeft", "ArrowRight"].includes(event.key) && now && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const isBack = event.key === "ArrowLeft";
    const chip = box.chip((one) => (isBack ? one.end : one.start) === now.focus);
    if (!chip || (now.start !== now.end && !event.shiftKey)) return;
    event.preventDefault();
    const place = isBack ? chip.start : chip.end;
    select(surface, event.shiftKey ? now.anchor : place, place);
  }
}

/** Undo or redo. @param {Box} box @param {number} step */
export function travel(box, step) {
  const moment = box.history?.move(step);
  if (!moment) return;
  box.take(moment.text, moment.caret, "history");
  box.redraw(moment.caret);
}
