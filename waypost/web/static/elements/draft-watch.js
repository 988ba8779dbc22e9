/**
 * <draft-watch src="…/presence/" step="key">: says every three seconds that this page is open,
 * names who else is there, and fetches the parts again when somebody has changed the draft.
 */
class DraftWatch extends HTMLElement {
  connectedCallback() {
    this.whenShown = () => document.hidden || this.tell();
    document.addEventListener("visibilitychange", this.whenShown);
    this.timer = setTimeout(() => this.tell(), 1000);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.whenShown ?? null);
  }

  async tell() {
    clearTimeout(this.timer);
    if (document.hidden || !this.isConnected) return;
    try {
      const token = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"))?.value ?? "";
      const body = new URLSearchParams({ step: this.getAttribute("step") ?? "", csrfmiddlewaretoken: token });
      const answer = await fetch(this.getAttribute("src") ?? "", { method: "POST", body, redirect: "manual" });
      if (answer.ok) await this.hear(await answer.json());
      if ([403, 404].includes(answer.status) || answer.type === "opaqueredirect") return;
    } catch { /* The server is away: ask again later. */ }
    this.timer = setTimeout(() => this.tell(), 3000);
  }

  /** @param {{people: {name: string, step: string}[], revision: number}} heard */
  async hear({ people, revision }) {
    const names = people.map((one) => one.name);
    this.textContent = names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} here, too` : "";
    const room = /** @type {any} */ (this.closest("draft-room"));
    // In turn with what is sent, so that nothing is taken for settled that is on its way.
    room.queue = room.queue.then(() => this.refresh(room, revision)).catch(() => {});
    await room.queue;
  }

  /** @param {any} room @param {number} revision */
  async refresh(room, revision) {
    if (revision <= Number(room.getAttribute("revision"))) return;
    const answer = await fetch(location.pathname, { headers: { "X-Part": "1" }, redirect: "manual" });
    if (!answer.ok) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    for (const own of fresh.content.querySelectorAll("#part-said, #part-refusal")) own.remove();
    room.settle(fresh.content);
  }
}
customElements.define("draft-watch", DraftWatch);
