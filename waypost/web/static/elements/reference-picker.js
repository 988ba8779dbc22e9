/**
 * <reference-picker>: a search over everything that may be referred to, and how its value is written.
 * Opened by typing `{` it leaves the focus where it is, until the arrow key asks for it.
 */
import { ReferenceFormats } from "./reference-formats.js";
import { ReferenceList } from "./reference-list.js";
import { follow, listen } from "./reference-picker-keys.js";
import { PARTS } from "./reference-picker-parts.js";
import { select } from "./reference-surface.js";

/** @typedef {import("./reference-text.js").ReferenceText} Box */

export class ReferencePicker extends HTMLElement {
  /** @param {Box} box @param {{ start: number, end: number }} range @param {boolean} isTyped */
  open(box, range, isTyped) {
    this.box = box;
    this.range = { start: range.start, end: range.end };
    this.isTyped = isTyped;
    this.replaced = isTyped ? "" : (box.text ?? "").slice(range.start, range.end);
    this.isChange = box.pieces().some((one) => one.isChip && one.text === this.replaced && one.start === range.start);
    this.className = `reference-picker${isTyped ? " is-typed" : ""}`;
    this.popover = "manual";
    this.setAttribute("role", "dialog");
    this.setAttribute("aria-label", this.isChange ? "Change the reference" : "Insert a reference");
    this.innerHTML = PARTS;
    this.search = /** @type {HTMLInputElement} */ (this.querySelector("input"));
    this.list = new ReferenceList(this.find(".reference-list"), this.search);
    this.formats = new ReferenceFormats(this.find(".reference-formats"), box, this.replaced ?? "");
    this.find(".btn-primary").textContent = this.isChange ? "Change" : "Insert";
    this.find("[data-remove]").hidden = !this.isChange;
    listen(this, box);
    this.showPopover();
    this.filter("");
    if (this.isChange) this.showChip(box, this.replaced ?? "");
    if (!isTyped) this.search.focus();
    // Fields and variables may have been added since.
    void box.source?.load().then((isNew) => isNew && this.refresh());
  }

  /** @param {string} selector */
  find(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }

  /** A chip is changed: what it is now, and what is wrong with it. @param {Box} box @param {string} text */
  showChip(box, text) {
    const message = box.source?.describe(text, "").message ?? "";
    this.find(".reference-problem").hidden = !message;
    this.find(".reference-problem").textContent = message;
    this.list?.find(/^\{\{=([^|{}]+)/.exec(text)?.[1] ?? "");
    this.formats?.show(this.list?.chosen ?? null);
  }

  /** @param {string} query */
  filter(query) {
    const count = this.list?.filter(this.box?.source?.answer.groups ?? [], query) ?? 0;
    this.find(".reference-none").hidden = count > 0 || !this.box?.source?.isLoaded;
    this.formats?.show(this.list?.chosen ?? null);
    this.find("[role=status]").textContent = count === 1 ? "1 reference" : `${count} references${this.isTyped ? ", arrow down to choose" : ""}`;
    return this.box?.source?.isLoaded ? count : 1;
  }

  /** What may be chosen has come. */
  refresh() {
    if (!this.isConnected) return;
    if (document.activeElement === this.box?.surface) follow(this);
    else this.filter(this.search?.value ?? "");
  }

  /** @param {number} place */
  activate(place) {
    this.list?.activate(place);
    this.formats?.show(this.list?.chosen ?? null);
  }

  choose() {
    const chosen = this.list?.chosen;
    if (chosen && this.formats) this.put(this.formats.written(chosen));
  }

  /** @param {string} text */
  put(text) {
    const { box, range } = this;
    if (!box || !range) return;
    this.isDone = true;
    this.remove();
    box.surface?.focus();
    box.splice(range.start, range.end, text);
  }

  close() {
    this.isDone = true;
    const { box, range } = this;
    this.remove();
    box?.surface?.focus();
    if (box?.surface && range) select(box.surface, range.end);
  }
}
customElements.define("reference-picker", ReferencePicker);
