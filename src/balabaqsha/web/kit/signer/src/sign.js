// <form data-sign>: fetches the exact bytes, has them signed, and posts the form with the signature in its field `cms`.
// Without script the form stays hidden and the page says why: no key can be used without script.
import { toBase64 } from "./base64.js";
import { signThroughLayer } from "./layer.js";
import { Problem } from "./problem.js";

class Panel {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-sign-status]");
    this.submit = form.querySelector("[data-sign-submit]");
    this.cancel = form.querySelector("[data-sign-cancel]");
    this.file = form.querySelector("[data-sign-file]");
    this.password = form.querySelector("[data-sign-password]");
    this.running = null;
    form.addEventListener("submit", (event) => this.onSubmit(event));
    form.addEventListener("change", () => this.showChosenWay());
    this.cancel.addEventListener("click", () => this.running?.abort());
    // A page brought back by the back button comes as it was left: busy.
    addEventListener("pageshow", () => this.setBusy(null));
    form.hidden = false;
    this.showChosenWay();
  }

  get way() {
    return this.form.elements.how.value;
  }

  showChosenWay() {
    for (const part of this.form.querySelectorAll("[data-sign-way]")) part.hidden = part.dataset.signWay !== this.way;
  }

  say(name, tone) {
    this.status.querySelector("p").textContent = this.form.getAttribute(`data-text-${name}`) ?? "";
    this.status.dataset.tone = tone;
    this.status.hidden = false;
  }

  setBusy(controller) {
    this.running = controller;
    this.submit.setAttribute("aria-busy", String(controller !== null));
    this.cancel.hidden = controller === null || this.way !== "layer";
  }

  async content() {
    try {
      const answer = await fetch(this.form.dataset.contentUrl, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) return new Uint8Array(await answer.arrayBuffer());
    } catch {
      // The same answer as for a refusal below.
    }
    throw new Problem("no-content");
  }

  async throughLayer(signal) {
    this.say("connecting", "info");
    const content = await this.content();
    return signThroughLayer(content, {
      purpose: this.form.dataset.purpose,
      holder: this.form.dataset.holder,
      iin: this.form.dataset.iin,
      locale: this.form.dataset.locale,
      authorities: this.form.dataset.authorities,
      stamped: this.form.dataset.stamped === "yes",
      signal,
      onConnected: () => this.say("waiting", "info"),
    });
  }

  async withFile() {
    const [file] = this.file.files;
    if (!file) throw new Problem("no-file");
    const password = this.password.value;
    this.password.value = "";
    this.say("opening", "info");
    const [{ signWithFile }, content] = await Promise.all([import(this.form.dataset.keyfileModule), this.content()]);
    return toBase64(await signWithFile(file, password, content, new Date()));
  }

  async onSubmit(event) {
    event.preventDefault();
    if (this.running) return;
    const controller = new AbortController();
    this.setBusy(controller);
    try {
      this.form.elements.cms.value = this.way === "layer" ? await this.throughLayer(controller.signal) : await this.withFile();
      this.say("sending", "info");
      this.cancel.hidden = true;
      this.form.submit();
    } catch (error) {
      this.setBusy(null);
      // By its name, not by its class: the two bundles have a class Problem each.
      this.say(this.form.hasAttribute(`data-text-${error.name}`) ? error.name : "failed", "bad");
      if (error.name === "wrong-password") this.password.focus();
    }
  }
}

for (const form of document.querySelectorAll("form[data-sign]")) new Panel(form);
