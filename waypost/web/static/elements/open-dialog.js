/**
 * <open-dialog><a href="…">…</a></open-dialog>: opens the page of the link as a dialog over this
 * one; focus comes back to the link. Without script the link leads to the page.
 */
class OpenDialog extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.open(event));
  }

  /** @param {MouseEvent} event */
  async open(event) {
    const link = this.querySelector("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const room = this.closest("draft-room") ?? document.body;
    await /** @type {any} */ (room).queue;
    const answer = await fetch(link.href, { headers: { "X-Part": "1" } });
    if (!answer.ok || answer.redirected) return location.assign(link.href);
    const dialog = document.createElement("dialog");
    dialog.className = "edit-dialog";
    dialog.setAttribute("aria-labelledby", "dialog-title");
    dialog.innerHTML = await answer.text();
    dialog.addEventListener("close", () => this.leave(dialog, link.id));
    dialog.addEventListener("click", (pressed) => {
      const inner = /** @type {Element} */ (pressed.target);
      if (inner !== dialog && !inner.closest("[data-close]")) return;
      pressed.preventDefault();
      dialog.close();
    });
    room.append(dialog);
    dialog.showModal();
  }

  /** @param {HTMLDialogElement} dialog @param {string} id */
  leave(dialog, id) {
    dialog.remove();
    const back = this.isConnected ? this.closest("pop-menu")?.querySelector("button") ?? this.querySelector("a") : document.getElementById(id);
    back?.focus();
  }
}
customElements.define("open-dialog", OpenDialog);
