/**
 * <auto-submit><form method="post">…</form></auto-submit>: presses the form's button by itself.
 * Programs that follow links in mails run no script, so that they cannot use up a link.
 */
class AutoSubmit extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    if (form && document.visibilityState === "visible") form.requestSubmit();
  }
}
customElements.define("auto-submit", AutoSubmit);
