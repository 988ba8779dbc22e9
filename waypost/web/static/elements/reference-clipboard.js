/** Copying gives the text as it is stored, and pasting understands printed references. */
import { mayHoldPrinted } from "./reference-source.js";
import { selectionIn } from "./reference-surface.js";

/** @typedef {import("./reference-text.js").ReferenceText} Box */

/** @param {Box} box @param {HTMLElement} surface */
export function listenToClipboard(box, surface) {
  surface.addEventListener("copy", (event) => copy(box, surface, event));
  surface.addEventListener("cut", (event) => copy(box, surface, event));
  surface.addEventListener("paste", (event) => {
    event.preventDefault();
    const range = selectionIn(surface);
    if (range) void paste(box, range, event.clipboardData?.getData("text/plain") ?? "");
  });
  surface.addEventListener("dragstart", (event) => {
    const range = selectionIn(surface);
    if (range) event.dataTransfer?.setData("text/plain", box.text?.slice(range.start, range.end) ?? "");
  });
}

/** @param {Box} box @param {HTMLElement} surface @param {ClipboardEvent} event */
function copy(box, surface, event) {
  const range = selectionIn(surface);
  if (!range || range.start === range.end) return;
  event.preventDefault();
  event.clipboardData?.setData("text/plain", (box.text ?? "").slice(range.start, range.end));
  if (event.type === "cut") box.splice(range.start, range.end, "");
}

/**
 * The text goes in as it is, at once; what it means is asked then, and shown where it still stands.
 * @param {Box} box @param {{ start: number, end: number }} range @param {string} pasted
 */
export async function paste(box, range, pasted) {
  const lines = pasted.replace(/\r\n?/g, "\n");
  const text = box.isMultiline ? lines : lines.trim().replace(/\s*\n\s*/g, " ");
  box.splice(range.start, range.end, text);
  if (!mayHoldPrinted(text) && !text.includes("{{=") && !/\{[^{}"]+ - [^{}]+\}/.test(text)) return;
  const stored = await box.source?.understand(text);
  const now = box.text ?? "";
  const start = now.startsWith(text, range.start) ? range.start : now.indexOf(text);
  if (stored === undefined || stored === null || start < 0) return;
  const [end, caret] = [start + text.length, box.last?.start ?? 0];
  box.take(now.slice(0, start) + stored + now.slice(end), caret < end ? caret : caret + stored.length - text.length, "");
  box.redraw(box.last?.start);
}
