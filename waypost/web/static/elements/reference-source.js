/** What may be referred to at one step, asked for once a page, and what pasted texts mean there. */

/**
 * @typedef {{ reference: string, label: string, name: string, sample: string, formats: string[], note: string }} Known
 * @typedef {{ name: string, references: Known[] }} Group
 * @typedef {{ value: string, label: string, hint: string }} Format
 * @typedef {{ formats: string[], usual: string, note: string }} Kind
 * @typedef {{ groups: Group[], formats: Format[], kinds: Record<string, Kind> }} Answer
 */

/** @type {Map<string, ReferenceSource>} */
const sources = new Map();

export class ReferenceSource {
  /** The one for an address. @param {string} address */
  static at(address) {
    const source = sources.get(address) ?? new ReferenceSource(address);
    sources.set(address, source);
    return source;
  }

  /** @param {string} address */
  constructor(address) {
    this.address = address;
    /** @type {Answer} */
    this.answer = { groups: [], formats: [], kinds: {} };
    /** @type {Map<string, Known>} */
    this.known = new Map();
    /** What texts mean that are not known. @type {Map<string, { label: string, message: string }>} */
    this.told = new Map();
    /** @type {string | undefined} */
    this.written = undefined;
    /** @type {Promise<boolean> | undefined} */
    this.loading = undefined;
  }

  /** Ask for everything known, once for all boxes that ask now; whether it differs from before. */
  load() {
    this.loading ??= this.ask().finally(() => { this.loading = undefined; });
    return this.loading;
  }

  async ask() {
    // The browser keeps the answer and asks only whether it is still so.
    const answer = await fetch(this.address, { headers: { Accept: "application/json" } }).catch(() => null);
    const text = answer?.ok ? await answer.text() : this.written;
    if (text === undefined || text === this.written) return false;
    this.written = text;
    this.answer = JSON.parse(text);
    this.known = new Map(this.answer.groups.flatMap((group) => group.references.map((one) => [one.reference, one])));
    return true;
  }

  /** Whether it is known what may be chosen. */
  get isLoaded() {
    return this.written !== undefined;
  }

  /** What a reference or marked text is called, and what is wrong with it. @param {string} text @param {string} kind */
  describe(text, kind) {
    const [, bare = "", format = ""] = /^\{\{=([^|{}]+)\|?(\w*)\}\}$/.exec(text) ?? [];
    const known = this.known.get(bare);
    const told = this.told.get(text);
    const written = format || this.answer.kinds[kind]?.usual || "";
    const shown = this.answer.formats.find((one) => one.value === written)?.label ?? "";
    return {
      label: known?.label ?? told?.label ?? bare,
      format: known && known.formats.length === 0 ? "" : shown,
      message: known ? "" : told?.message ?? "",
    };
  }

  /** Whether a chip's text is known without asking. @param {string} text */
  knows(text) {
    return this.told.has(text) || this.known.has(/^\{\{=([^|{}]+)/.exec(text)?.[1] ?? "");
  }

  /** The texts besides references that are shown as chips. */
  marked() {
    return [...this.told.keys()].filter((one) => !one.startsWith("{{="));
  }

  /** The text with its printed references as stored ones; null when the server is away. @param {string} text */
  async understand(text) {
    const token = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"))?.value ?? "";
    const body = new URLSearchParams({ text });
    const answer = await fetch(`${this.address}paste/`, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
    if (!answer?.ok) return null;
    /** @type {{ segments: { text: string, label: string, message: string }[] }} */
    const { segments } = await answer.json();
    for (const { text: stored, label, message } of segments) {
      if (label || message) this.told.set(stored, { label, message });
    }
    return segments.map((one) => one.text).join("");
  }
}

/** Whether a text may hold a printed reference, so that it is worth asking. @param {string} text */
export function mayHoldPrinted(text) {
  return /\{\s*\d+(\.\d+)*\.\s|\{\{\s*\\?"process|\{\{?\s*instance[ _]?(id|name)/i.test(text);
}
