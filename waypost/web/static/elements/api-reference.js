/**
 * <api-reference src="/api/openapi.json" base="https://…">: every call of the API, made from its
 * own description, so that the page cannot be out of date.
 */
class ApiReference extends HTMLElement {
  async connectedCallback() {
    const answer = await fetch(this.getAttribute("src") ?? "");
    if (!answer.ok || this.dataset.drawn) return;
    this.dataset.drawn = "yes";
    this.description = await answer.json();
    const groups = new Map();
    for (const [path, methods] of Object.entries(this.description.paths)) {
      for (const [method, call] of Object.entries(methods)) {
        const name = call.tags?.[0] ?? "other";
        groups.set(name, [...(groups.get(name) ?? []), this.drawCall(method.toUpperCase(), path, call)]);
      }
    }
    this.replaceChildren(...[...groups].map(([name, calls]) => drawGroup(name, calls)));
  }

  /** One call, to unfold. */
  drawCall(method, path, call) {
    const details = make("details", "call");
    const summary = make("summary");
    summary.append(make("code", `verb is-${method.toLowerCase()}`, method), " ", make("code", "path", path), make("span", "", call.summary));
    const body = make("div", "call-body");
    body.append(drawText(call.description ?? ""));
    const asked = call.parameters ?? [];
    if (asked.length) body.append(make("h3", "", "In the address"), this.drawParts(asked.map((one) => [one.name, one, one.required])));
    const sent = this.bodyOf(call);
    if (sent) body.append(make("h3", "", "In the body, as JSON"), this.drawParts(Object.entries(sent.properties ?? {}).map(([name, part]) => [name, part, sent.required?.includes(name)])));
    const example = make("pre", "example", this.example(method, path, Boolean(sent)));
    example.tabIndex = 0;
    body.append(make("h3", "", "Example"), example);
    details.append(summary, body);
    return details;
  }

  bodyOf(call) {
    return this.resolved(call.requestBody?.content?.["application/json"]?.schema);
  }

  drawParts(parts) {
    const list = make("dl", "facts");
    for (const [name, part, isRequired] of parts) {
      const term = make("dt");
      term.append(make("code", "", name), isRequired ? " required" : "");
      list.append(term, make("dd", "", [this.kind(part.schema ?? part), part.description].filter(Boolean).join(". ")));
    }
    return list;
  }

  /** The kind of a value in a word or two. */
  kind(part) {
    const whole = this.resolved(part) ?? {};
    if (whole.enum) return whole.enum.map((one) => `“${one}”`).join(", ");
    if (whole.anyOf) return [...new Set(whole.anyOf.map((one) => this.kind(one)))].filter((one) => one !== "null").join(" or ");
    return whole.type === "array" ? `list of ${this.kind(whole.items ?? {})}` : whole.format ?? whole.type ?? "any value";
  }

  resolved(part) {
    const name = part?.$ref?.split("/").pop();
    return name ? this.description.components.schemas[name] : part;
  }

  example(method, path, hasBody) {
    const address = (this.getAttribute("base") ?? "") + path.replace(/{\w+}/g, "1");
    const body = hasBody ? " \\\n  -H \"Content-Type: application/json\" -d @body.json" : "";
    return `curl ${method === "GET" ? "" : `-X ${method} `}${address} \\\n  -H "Authorization: Api-Key $KEY"${body}`;
  }
}

function drawGroup(name, calls) {
  const section = make("section", "panel");
  const head = make("div", "panel-head");
  head.append(make("h2", "", name[0].toUpperCase() + name.slice(1)));
  section.append(head, ...calls);
  return section;
}

/** A sentence with `code` in it. */
function drawText(text) {
  const paragraph = make("p");
  paragraph.append(...text.split("`").map((part, place) => (place % 2 ? make("code", "", part) : part)));
  return paragraph;
}

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

customElements.define("api-reference", ApiReference);
