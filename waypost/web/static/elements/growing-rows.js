/**
 * <growing-rows>…</growing-rows>: rows of a table, and a button that adds one. Without script
 * there is a blank row at the end instead: the next one comes with the save.
 */
class GrowingRows extends HTMLElement {
  connectedCallback() {
    const blank = this.querySelector("[data-blank]");
    if (!blank || this.pattern) return;
    this.pattern = /** @type {Element} */ (blank.cloneNode(true));
    this.pattern.removeAttribute("data-blank");
    blank.remove();
    for (const hidden of this.querySelectorAll("[hidden]")) hidden.removeAttribute("hidden");
    for (const hidden of this.pattern.querySelectorAll("[hidden]")) hidden.removeAttribute("hidden");
    this.addEventListener("click", (event) => this.press(/** @type {Element} */ (event.target)));
  }

  /** @param {Element} target */
  press(target) {
    if (target.closest(".add-row")) this.grow();
    const row = target.closest("[data-drop]") && target.closest(".table-row");
    if (!row) return;
    row.remove();
    this.querySelector(/** @type {any} */ (".add-row"))?.focus();
    this.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
  }

  grow() {
    const row = /** @type {Element} */ (this.pattern?.cloneNode(true));
    const number = this.querySelectorAll(".table-row").length + 1;
    for (const one of row.querySelectorAll("*")) {
      for (const name of ["id", "for", "aria-labelledby"]) if (one.hasAttribute(name)) one.setAttribute(name, `${one.getAttribute(name)}-${number}`);
    }
    this.querySelector(".table-rows")?.append(row);
    row.querySelector("input")?.focus();
  }
}
customElements.define("growing-rows", GrowingRows);
