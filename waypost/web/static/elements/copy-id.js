/**
 * <copy-id><code>42</code></copy-id>: adds a button that copies the text. Without script the text
 * can be selected.
 */
class CopyId extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button") || !navigator.clipboard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${this.getAttribute("label") ?? "ID"}`);
    button.addEventListener("click", () => this.copy(button));
    this.append(button);
  }

  /** @param {HTMLButtonElement} button */
  async copy(button) {
    await navigator.clipboard.writeText(this.querySelector("code")?.textContent?.trim() ?? "");
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }
}
customElements.define("copy-id", CopyId);
