/**
 * <copy-code><button><code>123456</code> …</button></copy-code>: a tap copies the code and says so.
 * The button comes from the server, so that a live part around it finds nothing to change.
 */
class CopyCode extends HTMLElement {
  connectedCallback() {
    this.whenTapped = () => this.copy();
    this.addEventListener("click", this.whenTapped);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.whenTapped);
    clearTimeout(this.timer);
  }

  async copy() {
    const code = this.querySelector("code");
    if (!code) return;
    const isCopied = await copyText(code.textContent?.trim() ?? "");
    if (!isCopied) getSelection()?.selectAllChildren(code);
    this.toggleAttribute("copied", isCopied);
    this.timer = setTimeout(() => this.removeAttribute("copied"), 1500);
  }
}

/** Browsers offer a clipboard to https and localhost only. @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

customElements.define("copy-code", CopyCode);
