/**
 * <send-progress message="Waiting for the answer"><form>…</form></send-progress>: says that the form
 * is on its way, and for how long already, and keeps a second press from sending it twice.
 */
class SendProgress extends HTMLElement {
  connectedCallback() {
    this.whenSent = () => this.wait();
    // Coming back with the browser's own button shows the form as it was left.
    this.whenShown = () => this.rest();
    this.addEventListener("submit", this.whenSent);
    window.addEventListener("pageshow", this.whenShown);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.whenSent);
    window.removeEventListener("pageshow", this.whenShown);
    clearInterval(this.timer);
  }

  wait() {
    const line = this.line ?? this.appendChild(document.createElement("p"));
    this.line = line;
    line.className = "send-progress";
    line.setAttribute("role", "status");
    const message = this.getAttribute("message") ?? "Sending";
    line.textContent = `${message} …`;
    const start = Date.now();
    this.timer = setInterval(() => {
      line.textContent = `${message} … ${Math.round((Date.now() - start) / 1000)} s`;
    }, 1000);
    // After this turn: a disabled button would not be sent along.
    setTimeout(() => this.setEnabled(false));
  }

  rest() {
    clearInterval(this.timer);
    this.line?.remove();
    this.line = undefined;
    this.setEnabled(true);
  }

  /** @param {boolean} isEnabled */
  setEnabled(isEnabled) {
    for (const button of this.querySelectorAll("button")) button.disabled = !isEnabled;
  }
}
customElements.define("send-progress", SendProgress);
