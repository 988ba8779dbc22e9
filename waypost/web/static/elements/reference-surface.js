/**
 * A text with references as a surface to edit: plain text nodes, and a chip for each reference. Places are counted in the text as it is stored, so that a chip is all of its reference or nothing.
 */

/** A reference as it is stored. */
export const REFERENCE = /\{\{=[^{}\n]+\}\}/;

/**
 * @typedef {{ label: string, format: string, message: string }} Described
 * @typedef {{ start: number, end: number, text: string, isChip: boolean }} Piece
 */

/**
 * The text cut into plain pieces and chips; `marked` are other texts that become chips.
 * @param {string} text @param {Iterable<string>} marked @returns {Piece[]}
 */
export function piecesOf(text, marked) {
  const escaped = [...marked].map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const cut = text.split(new RegExp(`(${[REFERENCE.source, ...escaped].join("|")})`));
  let start = 0;
  return cut.map((part, place) => ({ start, end: (start += part.length), text: part, isChip: place % 2 === 1 }))
    .filter((one) => one.text !== "");
}

/** @param {HTMLElement} surface @param {Piece[]} pieces @param {(text: string) => Described} describe */
export function draw(surface, pieces, describe) {
  // The last line break takes no room; without it a browser shows no empty last line and no caret
  // behind a chip.
  surface.replaceChildren(
    ...pieces.map((one) => one.isChip ? chip(one.text, describe(one.text)) : document.createTextNode(one.text)),
    document.createElement("br"),
  );
}

/** @param {string} text @param {Described} described */
function chip(text, { label, format, message }) {
  const drawn = document.createElement("span");
  drawn.className = message ? "reference-chip is-faulty" : "reference-chip";
  drawn.contentEditable = "false";
  drawn.dataset.text = text;
  drawn.title = message ? `${label}: ${message}` : label;
  for (const [name, shown] of [["chip-label", label], ["chip-format", message ? "unresolved" : format]]) {
    if (!shown) continue;
    const part = document.createElement("span");
    part.className = name;
    part.textContent = shown;
    drawn.append(part, " ");
  }
  return drawn;
}

/** The text that the nodes show, as it is stored. @param {Node} node @returns {string} */
export function textIn(node) {
  if (node instanceof Text) return node.data;
  if (node instanceof HTMLElement && node.dataset.text !== undefined) return node.dataset.text;
  const parts = [...node.childNodes].map((one) => one instanceof HTMLBRElement ? (one.nextSibling ? "\n" : "") : textIn(one));
  return parts.join("");
}

/** How much text stands before a point. @param {HTMLElement} surface @param {Node} node @param {number} offset */
function placeOf(surface, node, offset) {
  const before = document.createRange();
  const around = (node instanceof Element ? node : node.parentElement)?.closest(".reference-chip");
  before.setStart(surface, 0);
  if (around) before.setEndAfter(around);
  else before.setEnd(node, offset);
  return textIn(before.cloneContents()).length;
}

/** The point before which so much text stands. @param {HTMLElement} surface @param {number} place @returns {[Node, number]} */
function pointAt(surface, place) {
  let left = place;
  for (const [index, child] of [...surface.childNodes].entries()) {
    const length = child instanceof HTMLBRElement ? 0 : textIn(child).length;
    if (child instanceof Text && left <= length) return [child, left];
    if (left < length || child instanceof HTMLBRElement) return [surface, index];
    left -= length;
  }
  return [surface, surface.childNodes.length];
}

/** What is selected: `anchor` stays when it is extended. @param {HTMLElement} surface */
export function selectionIn(surface) {
  const found = document.getSelection();
  if (!found?.anchorNode || !found.focusNode || !surface.contains(found.anchorNode) || !surface.contains(found.focusNode)) return null;
  const anchor = placeOf(surface, found.anchorNode, found.anchorOffset);
  const focus = found.isCollapsed ? anchor : placeOf(surface, found.focusNode, found.focusOffset);
  return { anchor, focus, start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
}

/** @param {HTMLElement} surface @param {number} anchor @param {number} [focus] */
export function select(surface, anchor, focus = anchor) {
  document.getSelection()?.setBaseAndExtent(...pointAt(surface, anchor), ...pointAt(surface, focus));
}

/** The places of a range that an edit is about. @param {HTMLElement} surface @param {StaticRange} range */
export function placesOf(surface, range) {
  return [placeOf(surface, range.startContainer, range.startOffset), placeOf(surface, range.endContainer, range.endOffset)];
}
