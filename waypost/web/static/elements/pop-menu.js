/**
 * <pop-menu><details>…</details></pop-menu>: closes the menu with Escape, by a click elsewhere, and
 * when focus leaves it; arrow keys go through its entries.
 */
class PopMenu extends HTMLElement {
  connectedCallback() {
    this.outside = (/** @type {Event} */ event) => this.contains(/** @type {Node} */ (event.target)) || this.close();
    document.addEventListener("pointerdown", this.outside);
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("focusout", (event) => event.relatedTarget && !this.contains(/** @type {Node} */ (event.relatedTarget)) && this.close());
    this.addEventListener("toggle", () => this.menu?.open && this.place(), true);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.outside ?? null);
  }

  get menu() {
    return this.querySelector("details");
  }

  close() {
    this.menu?.removeAttribute("open");
  }

  /** Open upwards where there is no room below. */
  place() {
    const sheet = this.querySelector(".menu-sheet");
    sheet?.classList.remove("is-above");
    if (sheet && sheet.getBoundingClientRect().bottom > innerHeight - 8) sheet.classList.add("is-above");
    if (sheet && sheet.getBoundingClientRect().top < 0) sheet.classList.remove("is-above");
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.menu?.open) return;
    if (event.key === "Escape") {
      this.close();
      this.querySelector("summary")?.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".menu-item:not([disabled])")].filter((one) => one.checkVisibility()));
    const place = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    entries.at((place + step) % entries.length)?.focus();
  }
}
customElements.define("pop-menu", PopMenu);
