/**
 * <reference-text kind="body" src="/…/references/7/"><textarea …></textarea>
 * <button type="button" hidden>…</button></reference-text>: shows the references in a text as chips.
 *
 * The control stays, out of sight: it holds the text as it is stored, is posted with its form, and
 * tells of every change with `input` and `change`. Without script it is all there is.
 */
import { listenToClipboard } from "./reference-clipboard.js";
import { surfaceFor } from "./reference-control.js";
import { listen } from "./reference-editing.js";
import { ReferenceHistory } from "./reference-history.js";
import { openPicker } from "./reference-opening.js";
import { mayHoldPrinted, ReferenceSource } from "./reference-source.js";
import { draw, piecesOf, select, selectionIn, textIn } from "./reference-surface.js";

export class ReferenceText extends HTMLElement {
  connectedCallback() {
    const control = this.querySelector("textarea, input");
    if (this.surface || !(control instanceof HTMLTextAreaElement || control instanceof HTMLInputElement)) return;
    this.querySelector(".reference-surface")?.remove();
    this.control = control;
    this.kind = this.getAttribute("kind") ?? "";
    this.isMultiline = control instanceof HTMLTextAreaElement;
    this.source = ReferenceSource.at(this.getAttribute("src") ?? "");
    this.text = control.value;
    this.history = new ReferenceHistory(this.text);
    this.surface = surfaceFor(this, control);
    listen(this, this.surface);
    listenToClipboard(this, this.surface);
    this.redraw();
    void this.understandAll();
  }

  /** Ask what the text's references and labels mean, then show them so. */
  async understandAll() {
    const { source } = this;
    if (!source) return;
    await source.load();
    const isUnknown = this.pieces().some((one) => one.isChip && !source.knows(one.text));
    if (isUnknown || mayHoldPrinted(this.text ?? "")) await source.understand(this.text ?? "");
    this.redraw();
  }

  pieces() {
    return piecesOf(this.text ?? "", this.source?.marked() ?? []);
  }

  /** The first chip that fits. @param {(piece: import("./reference-surface.js").Piece, place: number) => boolean} fits */
  chip(fits) {
    return this.pieces().find((one, place) => one.isChip && fits(one, place));
  }

  /** Draw the text anew, the caret where it was. @param {number} [caret] */
  redraw(caret) {
    if (!this.surface) return;
    this.surface.classList.toggle("is-empty", this.text === "");
    const isHere = document.activeElement === this.surface;
    const kept = isHere ? selectionIn(this.surface) : null;
    draw(this.surface, this.pieces(), (text) => this.source?.describe(text, this.kind ?? "") ?? { label: text, format: "", message: "" });
    // A selection would bring the focus along.
    if (caret !== undefined && isHere) select(this.surface, caret);
    else if (kept) select(this.surface, kept.anchor, kept.focus);
  }

  /** Put a text in place of a range. @param {number} start @param {number} end @param {string} text @param {string} [kind] */
  splice(start, end, text, kind = "") {
    const old = this.text ?? "";
    this.take(old.slice(0, start) + text + old.slice(end), start + text.length, kind);
    this.redraw(start + text.length);
  }

  /** This is the text now. @param {string} text @param {number} caret @param {string} kind */
  take(text, caret, kind) {
    this.text = text;
    this.last = { start: caret, end: caret };
    this.surface?.classList.toggle("is-empty", text === "");
    if (kind !== "history") this.history?.add(text, caret, kind);
    if (!this.control || this.control.value === text) return;
    this.control.value = text;
    this.control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The browser has changed the surface by itself. @param {string} kind */
  read(kind) {
    if (!this.surface) return;
    const caret = selectionIn(this.surface)?.focus ?? 0;
    this.take(textIn(this.surface), caret, kind);
    const chips = this.pieces().filter((one) => one.isChip).length;
    if (chips !== this.surface.querySelectorAll(".reference-chip").length) this.redraw(caret);
  }

  /** @param {{ start: number, end: number } | undefined} range @param {boolean} [isTyped] */
  openAt(range, isTyped = false) {
    const end = this.text?.length ?? 0;
    if (this.surface?.isContentEditable) openPicker(this, range ?? { start: end, end }, isTyped);
  }
}
customElements.define("reference-text", ReferenceText);
