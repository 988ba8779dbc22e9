/** The one picker of a page: opened for a box, beside the place it is about. */
import { ReferencePicker } from "./reference-picker.js";

/** @typedef {import("./reference-text.js").ReferenceText} Box */

/** The picker while it is open for this box. @param {Box} box */
export function pickerOf(box) {
  const found = box.querySelector("reference-picker");
  return found instanceof ReferencePicker ? found : null;
}

/** @param {Box} box @param {{ start: number, end: number }} range @param {boolean} isTyped */
export function openPicker(box, range, isTyped) {
  for (const open of document.querySelectorAll("reference-picker")) open.remove();
  const picker = new ReferencePicker();
  box.append(picker);
  picker.open(box, range, isTyped);
  place(picker, rectOf(box));
}

/** Where the caret or the selected chip is; an empty line says nothing about its place. @param {Box} box */
function rectOf(box) {
  const found = document.getSelection();
  const isInside = found?.rangeCount && box.surface?.contains(found.anchorNode);
  const rects = isInside ? found.getRangeAt(0).getClientRects() : [];
  return rects[rects.length - 1] ?? /** @type {HTMLElement} */ (box.surface).getBoundingClientRect();
}

/** Below the place, or above where there is more room; never outside the window. @param {HTMLElement} picker @param {DOMRect} at */
function place(picker, at) {
  const { innerWidth, innerHeight } = window;
  const below = innerHeight - at.bottom;
  const isBelow = below > 380 || below > at.top;
  const bottom = Math.min(at.bottom, innerHeight - 80);
  picker.style.insetInlineStart = `${Math.max(8, Math.min(at.left, innerWidth - picker.offsetWidth - 8))}px`;
  picker.style.insetBlock = isBelow ? `${bottom + 6}px auto` : `auto ${innerHeight - at.top + 6}px`;
  picker.style.maxBlockSize = `${Math.max(240, (isBelow ? innerHeight - bottom : at.top) - 20)}px`;
}
