// A visit written down is never lost: it is kept on this phone until the server has it, and sent again when there is a
// network. Each has a key of its own, so that sent twice it is one visit. No position is read, no picture is asked for.
"use strict";
(function () {
  const panel = document.querySelector("[data-visits]");
  if (!panel) return;
  const list = panel.querySelector("[data-visits-list]");
  const account = document.body.dataset.account; // nobody else's visits, where a phone is shared
  const QUEUE = `feigong-visits-${account}`;
  const DRAFT = `feigong-visit-draft-${account}`;
  const FIELDS = ["on", "met", "purpose", "note", "members", "problem"];
  const AGAIN = 20000; // milliseconds between attempts
  const said = new Map(); // by key, what became of it while this page is open
  let sending = false;

  const read = (name, other) => {
    try {
      return JSON.parse(localStorage.getItem(name)) || other;
    } catch {
      return other;
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false; // no room, or none allowed: then the form is sent as any other
    }
  };
  const queue = () => read(QUEUE, []);
  const alter = (change) => write(QUEUE, change(queue()));
  const drop = (key) => alter((all) => all.filter((one) => one.key !== key));

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // What waits, and what became of it.
  function show() {
    const waiting = queue();
    const keys = new Set(waiting.map((one) => one.key));
    const done = [...said.values()].filter((one) => one.state === "sent" && !keys.has(one.key));
    panel.hidden = !waiting.length && !done.length;
    list.replaceChildren(...waiting.map(line), ...done.map(line));
  }

  function line(entry) {
    const about = said.get(entry.key) || entry;
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = `${entry.name} · ${entry.fields.on}`;
    const state = document.createElement("span");
    state.className = `visit-state visit-${about.state || "saved"}`;
    state.textContent = about.text || panel.dataset.saved;
    item.append(name, state);
    if (about.state === "sent" || about.state === "sending") return item;
    const buttons = document.createElement("span");
    buttons.className = "visit-buttons";
    if (about.state === "refused") {
      buttons.append(button(panel.dataset.edit, () => edit(entry)));
      buttons.append(button(panel.dataset.drop, () => confirm(panel.dataset.dropAsk) && (drop(entry.key), show())));
    } else {
      buttons.append(button(panel.dataset.retry, sendAll));
    }
    item.append(buttons);
    return item;
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-small";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  const tell = (entry, state, text) => {
    said.set(entry.key, { ...entry, state, text });
    show();
  };

  async function send(entry) {
    tell(entry, "sending", panel.dataset.sending);
    const body = new URLSearchParams({ ...entry.fields, key: entry.key, csrfmiddlewaretoken: panel.dataset.token });
    let answer;
    try {
      answer = await fetch(entry.address, {
        method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(15000),
      });
    } catch {
      return tell(entry, "saved", panel.dataset.saved);
    }
    const read = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json().catch(() => null) : null;
    if (answer.ok && read) {
      drop(entry.key);
      marked(entry);
      return tell(entry, "sent", read.case ? panel.dataset.sentCase : panel.dataset.sent);
    }
    if (read && read.sentence && answer.status < 500) return tell(entry, "refused", read.sentence);
    const away = answer.type === "opaqueredirect" || answer.status === 403;
    return tell(entry, "saved", away ? panel.dataset.signIn : panel.dataset.saved);
  }

  async function sendAll() {
    if (sending) return;
    sending = true;
    const tried = new Set();
    const next = () => queue().find(({ key }) => !tried.has(key) && (said.get(key) || {}).state !== "refused");
    try {
      for (let entry = next(); entry; entry = next()) { // one that is saved meanwhile is among them
        tried.add(entry.key);
        await send(entry);
      }
    } finally {
      sending = false;
    }
  }

  function marked(entry) {
    const note = document.querySelector(`[data-round="${entry.enterprise}"] [data-logged]`);
    if (!note) return;
    note.textContent = panel.dataset.logged.replace("{on}", entry.fields.on);
    note.hidden = false;
  }

  // The form, on the page or in its sheet. What is typed is kept as it is typed.
  const form = document.querySelector("form[data-visit-form]");
  const sheet = form.closest("dialog");
  let about = { enterprise: form.dataset.visit, name: form.dataset.name, address: location.pathname };

  const typed = () => Object.fromEntries(FIELDS.map((name) => [name, new FormData(form).get(name) || ""]));

  function fill(fields) {
    for (const name of FIELDS) {
      const field = form.elements[name];
      const value = (fields || {})[name] || (name === "on" ? form.querySelector("[name=on]").dataset.usual : "");
      if (field instanceof RadioNodeList) for (const one of field) one.checked = one.value === value;
      else field.value = value;
    }
    form.querySelector("details").open = Boolean(fields && (fields.members || fields.problem));
  }

  function open(enterprise, name, address, fields) {
    about = { enterprise, name, address };
    const drafts = read(DRAFT, {});
    fill(fields || drafts[enterprise]);
    const note = form.querySelector("[data-visit-draft]");
    note.textContent = panel.dataset.draft;
    note.hidden = Boolean(fields) || !drafts[enterprise];
    if (!sheet) return;
    form.querySelector("[data-visit-name]").textContent = name;
    sheet.showModal();
    form.querySelector("[name=met]").focus();
  }

  function edit(entry) {
    drop(entry.key); // kept as a draft from here on
    write(DRAFT, { ...read(DRAFT, {}), [entry.enterprise]: entry.fields });
    said.delete(entry.key);
    show();
    if (sheet || entry.enterprise === about.enterprise) open(entry.enterprise, entry.name, entry.address, entry.fields);
    else location.assign(entry.address);
  }

  form.addEventListener("input", () => write(DRAFT, { ...read(DRAFT, {}), [about.enterprise]: typed() }));

  form.addEventListener("submit", (event) => {
    const entry = { key: newKey(), ...about, fields: typed() };
    if (!alter((all) => [...all, entry])) return;
    event.preventDefault();
    const drafts = read(DRAFT, {});
    delete drafts[about.enterprise];
    write(DRAFT, drafts);
    fill(null);
    form.querySelector("[data-visit-draft]").hidden = true;
    if (sheet) sheet.close();
    tell(entry, "saved", panel.dataset.saved);
    panel.scrollIntoView({ block: "nearest" });
    sendAll();
  });

  for (const link of document.querySelectorAll("a[data-visit]")) {
    link.addEventListener("click", (event) => {
      if (!sheet || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      open(link.dataset.visit, link.dataset.name, link.pathname, null);
    });
  }
  const close = form.querySelector("[data-visit-close]");
  if (close) close.addEventListener("click", () => sheet.close());

  addEventListener("online", sendAll);
  setInterval(() => queue().length && sendAll(), AGAIN);
  if (!sheet && !form.querySelector("[name=met]:checked") && read(DRAFT, {})[about.enterprise]) {
    open(about.enterprise, about.name, about.address, null);
  }
  show();
  sendAll();
})();
