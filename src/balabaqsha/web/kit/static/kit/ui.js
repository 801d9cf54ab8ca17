/* Small enhancements. Every page works without this file. */
(() => {
  const on = (type, sel, fn) => document.addEventListener(type, (e) => {
    const el = e.target.closest && e.target.closest(sel);
    if (el) fn(el, e);
  });
  /* Words come from the catalogues, on the element that loads this file. */
  const words = document.currentScript.dataset;
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);

  /* the summary of errors takes focus after a full page answer */
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();

  /* dialogs: <button data-dialog="id"> and <button data-close> */
  on("click", "[data-dialog]", (el, e) => {
    const dialog = document.getElementById(el.dataset.dialog);
    if (dialog && dialog.showModal) { e.preventDefault(); dialog.showModal(); }
  });
  on("click", "[data-close]", (el) => {
    const box = el.closest("dialog, .toast, .notice");
    if (box.close) box.close(); else box.remove();
  });

  /* IIN: digits only, check digit. The server checks again. */
  const iinValid = (s) => {
    const d = [...s].map(Number);
    const sum = (w) => w.reduce((a, k, i) => a + k * d[i], 0) % 11;
    let c = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    if (c === 10) c = sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]);
    const month = d[2] * 10 + d[3], day = d[4] * 10 + d[5];
    return d.length === 12 && c === d[11] && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  };
  on("input", "[data-mask=digits]", (el) => { el.value = el.value.replace(/\D/g, "").slice(0, el.maxLength); });
  let pressed = false;
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { pressed = false; }, true);
  on("focusout", "[data-check=iin]", (el) => {
    const note = document.getElementById(el.id + "-live");
    if (!note || !el.value) return;
    const say = () => {
      const ok = iinValid(el.value);
      el.setAttribute("aria-invalid", String(!ok));
      const sent = document.getElementById(el.id + "-err");
      if (sent) sent.hidden = true;
      note.className = ok ? "field__ok" : "field__error";
      note.textContent = ok ? words.iinGood : words.iinBad;
    };
    /* a note that appears during a press would push its target away and swallow the click */
    if (pressed) document.addEventListener("pointerup", () => setTimeout(say), { once: true });
    else say();
  });
  on("input", "[data-mask=phone]", (el) => {
    const d = el.value.replace(/\D/g, "").replace(/^[78](?=\d{10})/, "").slice(0, 10);
    el.value = d.replace(/^(\d{3})(\d{1,3})?(\d{1,4})?.*/, (m, a, b, c) => [a, b, c].filter(Boolean).join(" "));
  });

  /* code timer: <p data-timer="80">, then shows the resend button */
  document.querySelectorAll("[data-timer]").forEach((el) => {
    const out = el.querySelector("b");
    let left = Number(el.dataset.timer);
    const then = document.getElementById(el.dataset.then);
    if (then) then.disabled = true;
    const tick = setInterval(() => {
      left -= 1;
      out.textContent = left;
      if (left > 0) return;
      clearInterval(tick);
      el.hidden = true;
      const again = document.getElementById(el.dataset.then);
      if (again) again.disabled = false;
    }, 1000);
  });

  /* password strength: length and variety only; a hint, never a gate */
  on("input", "[data-strength]", (el) => {
    const v = el.value;
    const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((r) => r.test(v)).length;
    const level = v.length < 8 ? (v ? 1 : 0) : Math.min(4, 1 + kinds - (v.length < 10) + (v.length > 15));
    document.getElementById(el.dataset.strength).dataset.level = Math.max(level, v ? 1 : 0);
  });
  on("change", "[data-reveal]", (el) => { document.getElementById(el.dataset.reveal).type = el.checked ? "text" : "password"; });

  /* time left: the server prints it, this keeps it fresh */
  document.querySelectorAll("[data-countdown]").forEach((el) => {
    const end = Date.parse(el.dataset.countdown);
    const draw = () => {
      const min = Math.floor((end - Date.now()) / 6e4);
      if (min < 0) return;
      const d = Math.floor(min / 1440), h = Math.floor(min / 60) % 24, m = min % 60;
      el.textContent = fill(d ? words.days : words.hours, { d, h, m });
    };
    if (el.hasAttribute("data-live")) { draw(); setInterval(draw, 3e4); }
  });

  /* tables: select all, count of selected rows */
  on("change", "[data-all], [data-row]", (el) => {
    const table = el.closest("table");
    const rows = [...table.querySelectorAll("[data-row]")];
    if (el.hasAttribute("data-all")) rows.forEach((r) => { r.checked = el.checked; });
    rows.forEach((r) => r.closest("tr").setAttribute("aria-selected", r.checked));
    const bar = document.getElementById(table.dataset.bulk);
    const count = rows.filter((r) => r.checked).length;
    if (bar) { bar.hidden = !count; bar.querySelector("output").textContent = count; }
  });
  /* work lists from the keyboard, while the focus is on a row; by place of the key, whichever letters it writes */
  const steps = { KeyJ: 1, ArrowDown: 1, KeyK: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (e) => {
    const row = e.target.closest && e.target.closest("[data-keys] tbody tr");
    if (!row || e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return;
    const box = row.querySelector("[data-row]");
    if (e.code in steps) {
      const other = steps[e.code] > 0 ? row.nextElementSibling : row.previousElementSibling;
      if (other) other.querySelector("th a").focus();
    } else if (e.code === "KeyX" && box) box.click();
    else return;
    e.preventDefault();
  });
  /* month sheet opens at today */
  document.querySelectorAll(".sheet thead .now").forEach((th) => {
    const box = th.closest(".scroll");
    box.scrollLeft = th.offsetLeft - box.clientWidth / 2;
  });
  on("click", "[data-print]", () => window.print());
})();
