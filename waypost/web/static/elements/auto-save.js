/**
 * <auto-save><form>…</form></auto-save>: sends the form through the <draft-room> around it a moment
 * after something was typed, and at once when a box is left or a choice is made.
 */
class AutoSave extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => this.later());
    this.addEventListener("change", () => this.save());
    this.addEventListener("rows-changed", () => { this.mark(); this.save(); });
    this.addEventListener("submit", () => clearTimeout(this.timer));
    this.leaving = () => this.save();
    addEventListener("pagehide", this.leaving);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    removeEventListener("pagehide", this.leaving ?? null);
  }

  get form() {
    return this.querySelector("form");
  }

  mark() {
    this.isPending = true;
    if (this.form) this.form.dataset.dirty = "";
  }

  later() {
    this.mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 700);
  }

  save() {
    clearTimeout(this.timer);
    const room = /** @type {any} */ (this.closest("draft-room"));
    if (!room || !this.form || !this.isPending) return;
    this.isPending = false;
    room.send(this.form);
  }
}
customElements.define("auto-save", AutoSave);
