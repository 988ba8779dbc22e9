/** How a chosen reference writes its value: the formats that its box and the value allow. */

/** @typedef {import("./reference-text.js").ReferenceText} Box */
/** @typedef {import("./reference-source.js").Known} Known */

export class ReferenceFormats {
  /** @param {HTMLElement} fieldset @param {Box} box @param {string} replaced */
  constructor(fieldset, box, replaced) {
    this.fieldset = fieldset;
    this.box = box;
    this.replaced = replaced;
    fieldset.addEventListener("change", () => this.say());
  }

  // Both may come only after the picker has opened.
  get answer() {
    return this.box.source?.answer;
  }

  get kind() {
    return this.answer?.kinds[this.box.kind ?? ""] ?? { formats: [], usual: "", note: "" };
  }

  /** The format of what is replaced: ours ends with `|plain}}`, a printed one with `(plain)}`. */
  get wanted() {
    const [, written, printed] = /(?:\|(\w+)\}|\((\w+)\))\}$/.exec(this.replaced) ?? [];
    return written ?? printed ?? (this.replaced.startsWith("{{=") ? this.kind.usual : "");
  }

  /** Offer the formats of this reference, the same one as before if it has that. @param {Known | null} known */
  show(known) {
    const allowed = [...this.kind.formats, this.wanted].filter((one) => known?.formats.includes(one));
    const offered = this.answer?.formats.filter((one) => allowed.includes(one.value)) ?? [];
    const now = this.chosen || this.wanted || this.kind.usual;
    const checked = offered.find((one) => one.value === now) ?? offered[0];
    this.fieldset.hidden = offered.length === 0;
    this.fieldset.querySelector("div")?.replaceChildren(...offered.map((one) => choice(one, one === checked)));
    this.say();
  }

  /** Say what the checked format does. */
  say() {
    const hint = this.answer?.formats.find((one) => one.value === this.checked)?.hint ?? "";
    const shown = this.fieldset.querySelector("p");
    if (shown) shown.textContent = this.kind.note || hint;
  }

  get checked() {
    const found = this.fieldset.querySelector("input:checked");
    return found instanceof HTMLInputElement ? found.value : "";
  }

  /** What was checked before the list changed. */
  get chosen() {
    return this.fieldset.hidden ? "" : this.checked;
  }

  /** The reference as it is stored; the usual format of a box that is JSON is not written. @param {Known} known */
  written(known) {
    const format = known.formats.length ? this.checked : "";
    const isUnsaid = !format || (format === "json" && this.kind.usual === "json");
    return `{{=${known.reference}${isUnsaid ? "" : `|${format}`}}}`;
  }
}

/** @param {import("./reference-source.js").Format} format @param {boolean} isChecked */
function choice(format, isChecked) {
  const [label, input] = [document.createElement("label"), document.createElement("input")];
  Object.assign(input, { type: "radio", name: "reference-format", value: format.value, checked: isChecked });
  input.className = "form-check-input";
  input.setAttribute("form", "");
  label.append(input, ` ${format.label}`);
  return label;
}
