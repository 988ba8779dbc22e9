/**
 * <jump-to>: a link to a place of the page (a finding's, say) opens what hides it and puts the focus
 * into it; of a text with references into its surface.
 */
class JumpTo extends HTMLElement {
  connectedCallback() {
    this.jump = () => this.go(decodeURIComponent(location.hash.slice(1)));
    addEventListener("hashchange", this.jump);
    customElements.whenDefined("reference-text").then(() => location.hash && this.jump?.());
  }

  disconnectedCallback() {
    if (this.jump) removeEventListener("hashchange", this.jump);
  }

  /** @param {string} id */
  go(id) {
    const place = document.getElementById(id);
    place?.closest("details")?.setAttribute("open", "");
    const surface = /** @type {HTMLElement | null | undefined} */ (place?.closest("reference-text")?.querySelector(".reference-surface"));
    const inner = /** @type {HTMLElement | null | undefined} */ (place?.matches(".table-rows, fieldset") ? place.querySelector("input, .reference-surface") : null);
    const target = surface ?? inner ?? place;
    target?.focus();
    target?.scrollIntoView({ block: "center" });
  }
}
customElements.define("jump-to", JumpTo);
