/* The decision desk: drafts, handling time, texts taken over, undoing. Every page works without it. */
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  const write = () => {
    const took = form.querySelector("[data-took]");
    const worked = form.querySelector("[data-minutes]"); // the form's own field for the time: hours and minutes
    const spent = worked || form.querySelector("[name=spent]");
    const told = (passed) => worked ? clock(Math.ceil(passed / 60)) : clock(passed);
    const measured = form.querySelector("[name=measured]");
    if (!spent || !measured) return;
    const kept = form.querySelector("[data-kept]");
    const said = form.querySelector("[data-said]");
    let seconds = Number(measured.value) || 0;
    let corrected = spent.value !== "" && spent.value !== told(seconds);
    let waiting = null;
    const asked = new Set(); // what the server was asked about this decision and has not answered
    let sent = false;
    took.hidden = false;
    const tell = () => {
      measured.value = seconds;
      if (corrected || spent.value === told(seconds)) return;
      const chosen = document.activeElement === spent && spent.value !== "" && spent.selectionStart === 0 && spent.selectionEnd === spent.value.length;
      spent.value = told(seconds);
      if (chosen) spent.select(); // who is about to write over the time still does
    };
    tell();
    window.setInterval(() => { if (!document.hidden) { seconds += 1; tell(); } }, 1000);
    spent.addEventListener("input", () => { corrected = true; });
    if (form.dataset.hold !== undefined) {
      const hold = document.createElement("input");
      hold.type = "hidden"; hold.name = "hold"; hold.value = "yes";
      form.append(hold);
    }
    const keep = () => {
      window.clearTimeout(waiting);
      waiting = null;
      if (sent) return;
      const stop = new AbortController();
      asked.add(stop);
      fetch(form.dataset.draft, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": token() }, keepalive: true, signal: stop.signal })
        .then((answer) => { if (answer.ok && kept) kept.textContent = said.innerHTML; })
        .catch(() => { if (kept) kept.textContent = ""; })
        .finally(() => asked.delete(stop));
    };
    form.addEventListener("input", (event) => {
      if (event.target === spent && !worked) return;
      if (kept) kept.textContent = "";
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keep, 700);
    });
    // Of a decision that was sent nothing more is kept or asked: its item may be gone before the next page is here.
    form.addEventListener("htmx:beforeRequest", (event) => {
      const request = event.detail.xhr;
      if (sent) event.preventDefault();
      else asked.add(request);
      request.addEventListener("loadend", () => asked.delete(request));
    });
    window.addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented) return;
      sent = true;
      window.clearTimeout(waiting);
      waiting = null;
      asked.forEach((one) => { one.onabort = null; one.abort(); });
    });
    const begun = seconds;
    let left = false; // by another form of the page: it may give the item away
    window.addEventListener("submit", (event) => { if (event.target !== form && !event.defaultPrevented) left = true; });
    window.addEventListener("pagehide", () => { if (waiting || (!left && worked && seconds > begun + 2)) keep(); });
  };
  if (form) write();

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-chip]");
    const field = chip && document.getElementById(chip.dataset.chip);
    if (!field) return;
    const text = chip.dataset.text || chip.textContent.trim();
    if (!field.value.includes(text)) field.value = field.value.trim() ? `${field.value.trim()} ${text}` : text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // What can still be undone counts down; when its time is over it is done.
  const bar = () => document.getElementById("held");
  window.setInterval(() => {
    const held = bar();
    const forms = held ? [...held.querySelectorAll("[data-seconds]")] : [];
    let over = false;
    forms.forEach((one) => {
      one.dataset.seconds = Math.max(0, Number(one.dataset.seconds) - 1);
      one.querySelector("[data-left]").textContent = one.dataset.seconds;
      over = over || one.dataset.seconds === "0";
    });
    if (over) window.htmx.ajax("POST", held.dataset.held, { target: held, swap: "outerHTML" });
  }, 1000);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open]");
    if (event.key !== "u" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = document.querySelector("[data-undo]");
    if (button) { event.preventDefault(); button.click(); }
  });

  // What is written into a form that is not sent is still there when one comes back, until the tab is closed.
  document.querySelectorAll("form[data-remember]").forEach((written) => {
    const key = `written:${location.pathname}:${written.getAttribute("action") || ""}:${written.dataset.remember}`;
    const fields = () => [...written.elements].filter((one) => one.name && one.name !== "csrfmiddlewaretoken" && one.type !== "submit");
    const before = JSON.parse(window.sessionStorage.getItem(key) || "null");
    if (before && !written.querySelector(".field-bad, .errorlist")) fields().forEach((one) => { if (one.name in before) one.value = before[one.name]; });
    written.addEventListener("input", () => {
      window.sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((one) => [one.name, one.value]))));
    });
    written.addEventListener("submit", () => window.sessionStorage.removeItem(key));
  });
})();
