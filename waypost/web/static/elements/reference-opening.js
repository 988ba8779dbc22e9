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
  place(picker, rectOf(box, range));
}

/** Where the chip or the caret is; on an empty line nothing says where. @param {Box} box @param {{ start: number }} range */
function rectOf(box, range) {
  const surface = /** @type {HTMLElement} */ (box.surface);
  const piece = box.pieces().findIndex((one) => one.isChip && one.start === range.start);
  const chip = surface.childNodes[piece];
  if (chip instanceof Element) return chip.getBoundingClientRect();
  const found = document.getSelection();
  const isInside = found?.rangeCount && surface.contains(found.anchorNode);
  const rects = isInside ? found.getRangeAt(0).getClientRects() : [];
  return rects[rects.length - 1] ?? (isInside ? surface : box.querySelector("button") ?? surface).getBoundingClientRect();
}

/** Below the place, else above it, else wherever it fits into the window. @param {HTMLElement} picker @param {DOMRect} at */
function place(picker, at) {
  const [width, height, gap] = [picker.offsetWidth, picker.offsetHeight, 6];
  const [below, above] = [at.bottom + gap, at.top - gap - height];
  const lowest = Math.max(gap, window.innerHeight - height - gap);
  const isAbove = below > lowest && above >= gap;
  // A list that gets shorter stays beside the place.
  picker.style.insetBlock = isAbove ? `auto ${window.innerHeight - at.top + gap}px` : `${Math.min(below, lowest)}px auto`;
  picker.style.insetInlineStart = `${Math.max(gap, Math.min(at.left, document.documentElement.clientWidth - width - gap))}px`;
}
