/**
 * <fitting-rules src="…/conditions/">…</fitting-rules>: asks for the rules again whenever a choice
 * was made, so that operators and values fit. Without script the buttons ask for a new page.
 */
class FittingRules extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      if (/** @type {Element} */ (event.target).closest("[data-refit]")) this.fit();
    });
    this.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button[data-refit]");
      if (!(button instanceof HTMLButtonElement)) return;
      event.preventDefault();
      this.fit(button);
    });
    for (const one of this.querySelectorAll(".fit")) one.remove();
  }

  /** @param {HTMLButtonElement} [button] */
  async fit(button) {
    const form = this.closest("form");
    if (!form) return;
    const asked = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    asked.delete("csrfmiddlewaretoken");
    if (button) asked.set(button.name, button.value);
    const count = this.querySelectorAll(".rule").length;
    const answer = await fetch(`${this.getAttribute("src")}?${asked}`, { headers: { "X-Part": "1" } });
    if (!answer.ok) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    const rules = fresh.content.querySelector(".rules");
    const id = document.activeElement?.id;
    for (const one of rules?.querySelectorAll(".fit") ?? []) one.remove();
    if (rules) this.querySelector(".rules")?.replaceWith(rules);
    const added = this.querySelectorAll(".rule").length > count ? [...this.querySelectorAll(".rule select")].at(-1) : null;
    const back = added ?? (id && document.getElementById(id)) ?? this.querySelector("select");
    /** @type {HTMLElement | null} */ (back || null)?.focus();
  }
}
customElements.define("fitting-rules", FittingRules);
