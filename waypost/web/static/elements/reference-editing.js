/** What typing, keys and the mouse do in the surface of a <reference-text>. */
import { paste } from "./reference-clipboard.js";
import { pickerOf } from "./reference-opening.js";
import { follow, hear } from "./reference-picker-keys.js";
import { placesOf, select, selectionIn } from "./reference-surface.js";

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
    if (place >= 0) box.openAt(pieceAt(box, (one, index) => index === place));
  });
}

/** @param {Box} box @param {(piece: import("./reference-surface.js").Piece, index: number) => boolean} fits */
function pieceAt(box, fits) {
  return box.pieces().find((one, index) => one.isChip && fits(one, index));
}

/** @param {Box} box @param {HTMLElement} surface @param {InputEvent} event */
function beforeInput(box, surface, event) {
  const type = event.inputType;
  if (!event.cancelable || event.isComposing || type === "insertText" || type === "insertReplacementText") return;
  const range = event.getTargetRanges()[0];
  const [start, end] = range ? placesOf(surface, range) : [0, 0];
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
    ? pieceAt(box, (one) => one[edge] === now.start) : pieceAt(box, (one) => one.start < end && one.end > start);
  if (!chip) return;
  event.preventDefault();
  const isRange = now && now.start !== now.end;
  box.splice(isRange ? start : chip.start, isRange ? end : chip.end, "", "delete");
  follow(pickerOf(box));
}

/** @param {Box} box @param {InputEvent} event */
function afterInput(box, event) {
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

/** @param {Box} box @param {number} step */
function travel(box, step) {
  const moment = box.history?.move(step);
  if (!moment) return;
  box.take(moment.text, moment.caret, "history");
  box.redraw(moment.caret);
}

/** @param {Box} box @param {HTMLElement} surface @param {KeyboardEvent} event */
function onKey(box, surface, event) {
  const letter = event.ctrlKey || event.metaKey ? event.key.toLowerCase() : "";
  const step = letter === "y" || (letter === "z" && event.shiftKey) ? 1 : letter === "z" ? -1 : 0;
  const now = selectionIn(surface);
  if (hear(pickerOf(box), event)) event.preventDefault();
  else if (step) { event.preventDefault(); travel(box, step); }
  else if (event.key === "Enter" && now) {
    const chip = pieceAt(box, (one) => one.start === now.start && one.end === now.end);
    if (chip) { event.preventDefault(); box.openAt(chip); }
  } else if (["ArrowLeft", "ArrowRight"].includes(event.key) && now && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const isBack = event.key === "ArrowLeft";
    const chip = pieceAt(box, (one) => (isBack ? one.end : one.start) === now.focus);
    if (!chip || (now.start !== now.end && !event.shiftKey)) return;
    event.preventDefault();
    const place = isBack ? chip.start : chip.end;
    select(surface, event.shiftKey ? now.anchor : place, place);
  }
}
