/**
 * <pop-menu><button popovertarget="…">…</button><div popover>…</div></pop-menu>: arrow keys go
 * through the entries, and the menu closes when focus leaves it. Opening needs no script.
 */
class PopMenu extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("focusout", (event) => this.leave(/** @type {Node | null} */ (event.relatedTarget)));
    this.addEventListener("toggle", () => this.place(), true);
  }

  get sheet() {
    return /** @type {HTMLElement | null} */ (this.querySelector("[popover]"));
  }

  /** @param {Node | null} to */
  leave(to) {
    if (to && !this.contains(to)) this.sheet?.hidePopover();
  }

  /** For browsers that cannot anchor the sheet to its button. */
  place() {
    const [button, sheet] = [this.querySelector("button"), this.sheet];
    if (!button || !sheet || CSS.supports("position-area", "block-end")) return;
    const { bottom, left } = button.getBoundingClientRect();
    sheet.style.left = `${Math.max(8, Math.min(left, innerWidth - sheet.offsetWidth - 8))}px`;
    sheet.style.top = `${Math.max(8, Math.min(bottom, innerHeight - sheet.offsetHeight - 8))}px`;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const sheet = this.sheet;
    if (!step || !sheet) return;
    event.preventDefault();
    if (!sheet.matches(":popover-open")) sheet.showPopover();
    const entries = /** @type {HTMLElement[]} */ ([...sheet.querySelectorAll(".menu-item:not([disabled])")].filter((one) => one.checkVisibility()));
    const place = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    entries.at(place < 0 && step < 0 ? -1 : (place + step) % entries.length)?.focus();
  }
}
customElements.define("pop-menu", PopMenu);
