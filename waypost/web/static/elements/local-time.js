/**
 * <local-time><time datetime="…">…</time></local-time>: shows the moment in the reader's own zone,
 * with the exact time on hover. The server's text stays when the browser cannot tell.
 */
const SHORT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const when = new Date(time?.dateTime ?? "");
    if (!time || Number.isNaN(when.getTime())) return;
    const isToday = when.toDateString() === new Date().toDateString();
    time.textContent = (isToday ? CLOCK : SHORT).format(when);
    time.title = EXACT.format(when);
  }
}
customElements.define("local-time", LocalTime);
