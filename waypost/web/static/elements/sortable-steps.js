/**
 * <sortable-steps>…</sortable-steps>: steps can be dragged to another place, also into and out of
 * groups. Buttons beside them do the same. A dropped step is sent as `move_step key after within`.
 */

class SortableSteps extends HTMLElement {
  connectedCallback() {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.lists = [...this.querySelectorAll(".step-list")].map((list) =>
      /** @type {any} */ (window).Sortable.create(/** @type {HTMLElement} */ (list), {
        group: "steps", handle: ".grip", animation: isStill ? 0 : 120, fallbackOnBody: true,
        swapThreshold: 0.65, forceFallback: true, fallbackTolerance: 4,
        onEnd: (/** @type {any} */ event) => this.dropped(event),
      }));
  }

  disconnectedCallback() {
    for (const list of this.lists ?? []) list.destroy();
  }

  /** @param {{item: HTMLElement, from: HTMLElement, to: HTMLElement, oldIndex: number, newIndex: number}} event */
  dropped({ item, from, to, oldIndex, newIndex }) {
    if (from === to && oldIndex === newIndex) return;
    const before = /** @type {HTMLElement | null} */ (item.previousElementSibling);
    const button = /** @type {HTMLButtonElement | null} */ (this.querySelector("[data-move]"));
    if (!button) return;
    button.value = `move_step ${item.dataset.key} ${before?.dataset.key ?? "-"} ${to.dataset.within}`;
    item.querySelector("a")?.focus();
    // A refused move must put the list back, though its answer is the same as before.
    Object.assign(this.closest("edit-part") ?? {}, { known: "" });
    button.form?.requestSubmit(button);
  }
}
customElements.define("sortable-steps", SortableSteps);
