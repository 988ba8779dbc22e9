/**
 * <undo-keys>: Ctrl+Z presses Undo, Ctrl+Shift+Z and Ctrl+Y press Redo. In a text box the keys
 * belong to the browser.
 */
class UndoKeys extends HTMLElement {
  connectedCallback() {
    this.press = (/** @type {KeyboardEvent} */ event) => {
      const isTyping = /** @type {Element} */ (event.target).closest?.("input, textarea, select, dialog, [contenteditable]");
      if (isTyping || !(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      const wanted = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
      if (!wanted) return;
      event.preventDefault();
      document.getElementById(wanted)?.click();
    };
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback() {
    if (this.press) document.removeEventListener("keydown", this.press);
  }
}
customElements.define("undo-keys", UndoKeys);
