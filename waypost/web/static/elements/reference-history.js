/** Undo and redo of one box: whole texts with the caret, so that nothing can be lost on the way. */

/** @typedef {{ text: string, caret: number, kind: string }} Moment */

const MOST_MOMENTS = 200;

export class ReferenceHistory {
  /** @param {string} text */
  constructor(text) {
    /** @type {Moment[]} */
    this.moments = [{ text, caret: text.length, kind: "" }];
    this.place = 0;
  }

  /** Letters typed in a row are one step. @param {string} text @param {number} caret @param {string} kind */
  add(text, caret, kind) {
    const now = this.moments[this.place];
    if (now.text === text) return;
    const isSame = kind === "letter" && now.kind === "letter" && this.place > 0;
    this.moments.splice(isSame ? this.place : this.place + 1, Infinity, { text, caret, kind });
    if (this.moments.length > MOST_MOMENTS) this.moments.shift();
    this.place = this.moments.length - 1;
  }

  /** The moment before (-1) or after (1); null when there is none. @param {number} step */
  move(step) {
    const moment = this.moments[this.place + step];
    if (!moment) return null;
    this.place += step;
    return moment;
  }
}
