// Nobody's typing is lost: a form with data-guard asks before one leaves it unsaved, and is filled in again where a
// session was over when it was sent; none is sent twice.
"use strict";
(function () {
  const dirty = new Set();

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty.add(form);
  });

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    dirty.delete(form);
    if ("guard" in form.dataset) keep(form);
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // A file comes without a new page: then it may be asked for again. Else the page goes when the answer is there.
    setTimeout(() => delete form.dataset.sent, "download" in form.dataset ? 4000 : 60000);
  });

  addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });

  // What was typed stays in this tab until the next page: gone there, unless that page asks to sign in first.
  const KEPT = "feigong-typed";
  const HERE = `${document.body.dataset.account} ${location.pathname}${location.search}`; // nobody else's typing
  const guarded = () => [...document.querySelectorAll("form[data-guard]")];
  const combined = (field) => field.closest("[data-picker]");

  // A week to tick may have more lines next time: it is kept as what it says, and asked for again.
  function weekOf(form) {
    const week = form.querySelector("[data-ticks]");
    const ticks = week ? [...week.querySelectorAll("input")].filter((field) => field.type === "hidden" || field.checked) : [];
    return new URLSearchParams(ticks.map((field) => [field.name, field.value])).toString();
  }

  // Fields that a browser must not remember (sealed ones among them) are not kept; of a named record both fields are.
  function fieldsOf(form) {
    return [...form.elements].filter((field) =>
      combined(field) || (field.name && !field.closest("[data-ticks]") && !["hidden", "password", "file", "submit"].includes(field.type) && field.autocomplete !== "off"));
  }

  function keep(form) {
    const typed = fieldsOf(form).map((field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value));
    sessionStorage.setItem(KEPT, JSON.stringify({ address: HERE, form: guarded().indexOf(form), typed, week: weekOf(form) }));
  }

  function fillIn(kept) {
    const form = guarded()[kept.form];
    const fields = form ? fieldsOf(form) : [];
    if (kept.address !== HERE || !fields.length || fields.length !== kept.typed.length) return;
    fields.forEach((field, number) => {
      if (["checkbox", "radio"].includes(field.type)) field.checked = kept.typed[number];
      else field.value = kept.typed[number];
    });
    const week = form.querySelector("[data-ticks]");
    if (week && kept.week) htmx.ajax("GET", `${week.dataset.ticks}?${kept.week}`, { target: week, swap: "outerHTML" });
    dirty.add(form);
    const note = document.createElement("div");
    note.className = "note note-info";
    note.setAttribute("role", "status");
    note.textContent = document.body.dataset.filledIn;
    form.before(note);
  }

  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  if (kept && document.querySelector("[data-sign-in]")) {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, asked: true }));
  } else if (kept) {
    sessionStorage.removeItem(KEPT);
    if (kept.asked) fillIn(kept);
  }

  // What was refused is where one is: the first field that is wrong, or else what is said about the whole.
  const refused = document.querySelector("main form [aria-invalid=true]:not([type=hidden])")
    || document.querySelector("main .clash, main .note-error");
  if (refused && document.activeElement === document.body) {
    if (refused.tabIndex < 0) refused.tabIndex = -1;
    refused.focus();
  }

  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
