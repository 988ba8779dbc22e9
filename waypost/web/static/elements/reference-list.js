/** The list of a picker: groups of references, one of them active, moved by arrow keys. */

/** @typedef {import("./reference-source.js").Known} Known */

let numbers = 0;

export class ReferenceList {
  /** @param {HTMLElement} box @param {HTMLElement} search */
  constructor(box, search) {
    this.box = box;
    this.search = search;
    this.box.id = `references-${++numbers}`;
    search.setAttribute("aria-controls", this.box.id);
    /** @type {{ known: Known, option: HTMLElement }[]} */
    this.shown = [];
    this.active = -1;
  }

  /** Show what fits all words of the query; the number of those. @param {import("./reference-source.js").Group[]} groups @param {string} query */
  filter(groups, query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (/** @type {Known} */ one) => words.every((word) => `${one.label} ${one.reference}`.toLowerCase().includes(word));
    this.shown = [];
    this.box.replaceChildren(...groups.map((group) => this.group(group.name, group.references.filter(fits))).filter((one) => one !== null));
    this.activate(Math.max(0, this.shown.findIndex(({ known }) => known.name.toLowerCase().startsWith(query.trim().toLowerCase()))));
    return this.shown.length;
  }

  /** @param {string} name @param {Known[]} references */
  group(name, references) {
    if (!references.length) return null;
    const group = element("div", "", "");
    const head = element("div", "reference-group", name);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    head.setAttribute("aria-hidden", "true");
    group.append(head, ...references.map((one) => this.option(one)));
    return group;
  }

  /** @param {Known} known */
  option(known) {
    const option = element("div", "reference-option", "");
    option.id = `${this.box.id}-${this.shown.length}`;
    option.setAttribute("role", "option");
    option.append(element("span", "reference-name", known.name), element("span", "reference-sample", known.sample));
    if (known.note) option.append(element("span", "reference-note", known.note));
    option.dataset.place = String(this.shown.length);
    this.shown.push({ known, option });
    return option;
  }

  /** Make one the active one; past an end it goes on at the other. @param {number} place */
  activate(place) {
    const count = this.shown.length;
    this.active = count ? (place + count) % count : -1;
    for (const [index, { option }] of this.shown.entries()) option.setAttribute("aria-selected", String(index === this.active));
    const active = this.shown[this.active];
    active?.option.scrollIntoView({ block: "nearest" });
    this.search.setAttribute("aria-activedescendant", active?.option.id ?? "");
  }

  /** The active reference. */
  get chosen() {
    return this.shown[this.active]?.known ?? null;
  }

  /** Make this reference the active one, if it is shown. @param {string} reference */
  find(reference) {
    const place = this.shown.findIndex(({ known }) => known.reference === reference);
    if (place >= 0) this.activate(place);
    return place >= 0;
  }
}

/** @param {string} tag @param {string} className @param {string} text */
function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
