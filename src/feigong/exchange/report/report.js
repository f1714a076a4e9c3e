(() => {
  "use strict";
  // Columns of a row and of a branch, as rows.py writes them.
  const R = { code: 0, name: 1, area: 2, industry: 3, outcome: 4, full: 5, probationary: 6, staff: 7, flags: 8, branch: 9, organisation: 10, officer: 11, missing: 12, reasons: 13, others: 14, was: 15 };
  const B = { title: 0, area: 1, where: 2, slot: 3, basis: 4, members: 5, travel: 6, farthest: 7, survival: 8, state: 9, advice: 10, seats: 11, reasons: 12 };
  const PAGE = 25, LIST = 8;
  const D = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const fill = (text, values) => text.replace(/\[(\w+)\]/g, (_, k) => values[k]);
  const say = (code, values = {}) => fill(D.w[code], values);
  const number = new Intl.NumberFormat(D.lang);
  const collate = new Intl.Collator(D.lang === "en" ? "en" : "zh-CN-u-co-pinyin", { numeric: true });
  const codes = { area: D.areas.map((a) => a[0] || "none"), industry: D.industries.map((a) => a[0] || "none"), outcome: D.outcomes.map((o) => o[0]) };
  const tone = { keep: "n", own: "g", joint: "", join: "", recruit: "w", liaison: "n", repair: "r", undecided: "r", left: "n" };
  const toneAdvice = { ready: "g", tight: "w", check: "", kept: "n" };
  const order = D.rows.map((_, i) => i);
  const found = D.rows.map((r) => [r[R.name], r[R.code], r[R.officer] < 0 ? "" : D.texts[r[R.officer]], r[R.organisation] < 0 ? "" : D.texts[r[R.organisation]]].join(" ").toLowerCase());
  let printing = false, listPage = 0, open = -1;

  // Elements are made, never written as markup: a name may hold anything.
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes)) {
      if (k === "onclick") node.addEventListener("click", v);
      else if (v !== null && v !== false) node.setAttribute(k, v === true ? "" : v);
    }
    node.append(...children.filter((c) => c !== null && c !== ""));
    return node;
  }
  const metres = (m) => (m < 1000 ? say("m", { n: number.format(m >= 100 ? Math.round(m / 10) * 10 : m) }) : say("km", { n: (m / 1000).toFixed(1).replace(/\.0$/, "") }));

  // The address holds what is shown, so that a view can be sent to a colleague.
  function read() {
    const s = { outcome: "", area: "", industry: "", flag: "", was: "", q: "", sort: "", page: 1, branch: -1 };
    for (const part of location.hash.slice(1).split("&")) {
      const [k, v] = [part.split("=")[0], decodeURIComponent(part.slice(part.indexOf("=") + 1))];
      if (part.includes("=") && k in s) s[k] = k === "page" ? Math.max(1, parseInt(v, 10) || 1) : k === "branch" ? parseInt(v, 10) : v;
    }
    if (!(s.branch >= 0 && s.branch < D.branches.length)) s.branch = -1;
    return s;
  }
  function hash(s) {
    return "#" + Object.entries(s).filter(([k, v]) => v !== "" && v !== -1 && !(k === "page" && v === 1)).map(([k, v]) => k + "=" + encodeURIComponent(v).replace(/%2C/g, ",")).join("&");
  }
  function go(change) {
    const s = { ...read(), page: 1, ...change };
    history.replaceState(null, "", hash(s) === "#" ? location.pathname + location.search : hash(s));
    render();
  }

  function matching(s) {
    const outcomes = s.outcome === "all" ? codes.outcome.filter((o) => o !== "left") : s.outcome ? s.outcome.split(",") : null;
    const wanted = outcomes && new Set(outcomes.map((o) => codes.outcome.indexOf(o)));
    const area = s.area ? codes.area.indexOf(s.area) : -1, industry = s.industry ? codes.industry.indexOf(s.industry) : -1;
    const bits = s.flag ? s.flag.split(",").reduce((a, f) => a | (D.flags.includes(f) ? 1 << D.flags.indexOf(f) : 0), 0) : 0;
    const was = s.was ? codes.outcome.indexOf(s.was) : -1, words = s.q.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = order.filter((i) => {
      const r = D.rows[i];
      return (!wanted || wanted.has(r[R.outcome])) && (!s.area || r[R.area] === area) && (!s.industry || r[R.industry] === industry) &&
        (r[R.flags] & bits) === bits && (!s.was || r[R.was] === was) && (s.branch < 0 || !s.only || r[R.branch] === s.branch) && words.every((w) => found[i].includes(w));
    });
    return sorted(rows, s.sort);
  }
  function sorted(rows, sort) {
    const key = sort.replace(/^-/, ""), sign = sort.startsWith("-") ? -1 : 1, at = R[key];
    if (at === undefined) return rows;
    const text = { name: (r) => r[R.name], area: (r) => D.areas[r[R.area]][1], industry: (r) => D.industries[r[R.industry]][1] }[key];
    const values = new Map(rows.map((i) => [i, text ? text(D.rows[i]) : D.rows[i][at]]));
    const compare = text ? (a, b) => collate.compare(values.get(a), values.get(b)) : (a, b) => values.get(a) - values.get(b);
    return [...rows].sort((a, b) => sign * compare(a, b) || a - b);
  }

  // The table of all decisions -------------------------------------------------------------------------------------------
  function renderTable(s) {
    const rows = matching(s), pages = Math.max(1, Math.ceil(rows.length / PAGE)), page = Math.min(s.page, pages);
    const head = el("tr", {}, ...[["name", ""], ["area", ""], ["outcome", ""], ["full", "num"], ["staff", "num"]].map(([k, c]) => th(k, c, s)), el("th", {}, say("why")));
    const body = el("tbody", {}, ...rows.slice((page - 1) * PAGE, page * PAGE).map((i) => row(D.rows[i])));
    if (!rows.length) body.append(el("tr", {}, el("td", { colspan: 6, class: "soft" }, say("none"))));
    $("rows").replaceChildren(el("thead", {}, head), body);
    $("count").textContent = say("count", { n: number.format(rows.length), of: number.format(D.rows.length) });
    pager($("pager"), page, pages, (p) => { go({ page: p }); $("all").scrollIntoView(); });
    for (const chip of document.querySelectorAll(".chip")) chip.classList.toggle("on", chip.dataset.outcome === s.outcome);
    const marks = [...s.flag.split(",").filter((f) => D.flags.includes(f)).map((f) => [say("flag_" + f), { flag: s.flag.split(",").filter((x) => x !== f).join(",") }])];
    if (codes.outcome.includes(s.was)) marks.push([say("was", { outcome: D.outcomes[codes.outcome.indexOf(s.was)][1] }), { was: "" }]);
    $("marks").replaceChildren(...marks.map(([text, change]) => el("button", { type: "button", "aria-label": say("drop", { mark: text }), onclick: () => go(change) }, text + " ×")));
    for (const k of ["outcome", "area", "industry"]) if ($("f-" + k).value !== s[k]) { $("f-" + k).value = s[k]; if ($("f-" + k).value !== s[k]) $("f-" + k).value = ""; }
    if (document.activeElement !== $("q")) $("q").value = s.q;
  }
  function th(key, cls, s) {
    const own = s.sort.replace(/^-/, "") === key, down = s.sort.startsWith("-");
    const next = own ? (down ? "" : "-" + key) : key;
    return el("th", { class: cls, "aria-sort": own ? (down ? "descending" : "ascending") : null }, el("button", { type: "button", onclick: () => go({ sort: next }) }, say("col_" + key)));
  }
  function row(r) {
    const outcome = D.outcomes[r[R.outcome]], text = (i) => D.texts[i], why = el("td", { class: "wide" }, r[R.reasons].map(text).join(say("stop")));
    if (r[R.branch] >= 0) why.append(el("small", {}, el("a", { href: "#branch=" + r[R.branch], onclick: (e) => { e.preventDefault(); choose(r[R.branch], true); } }, D.branches[r[R.branch]][B.title])));
    if (r[R.organisation] >= 0) why.append(el("small", {}, text(r[R.organisation])));
    if (r[R.officer] >= 0) why.append(el("small", {}, say("officer", { name: text(r[R.officer]) })));
    if (r[R.others].length) why.append(el("details", {}, el("summary", {}, say("others", { n: r[R.others].length })), ...r[R.others].map((i) => el("p", {}, text(i)))));
    const members = r[R.full] + (r[R.probationary] ? say("probationary", { n: r[R.probationary] }) : "") + (r[R.missing] ? say("missing", { n: r[R.missing] }) : "");
    return el("tr", {}, el("td", {}, r[R.name], el("small", {}, r[R.code])), el("td", {}, D.areas[r[R.area]][1], el("small", {}, D.industries[r[R.industry]][1])),
      el("td", {}, el("span", { class: "tag " + tone[outcome[0]] }, outcome[1])), el("td", { class: "num", "data-l": say("col_full") }, members),
      el("td", { class: "num", "data-l": say("col_staff") }, r[R.staff] < 0 ? "?" : number.format(r[R.staff])), why);
  }
  function pager(node, page, pages, turn) {
    if (pages < 2) return node.replaceChildren();
    const button = (text, to) => el("button", { type: "button", disabled: to < 1 || to > pages, onclick: () => turn(to) }, text);
    return node.replaceChildren(button(say("back"), page - 1), say("page", { n: page, of: pages }), button(say("next"), page + 1));
  }

  // The list of joint branches -------------------------------------------------------------------------------------------
  function listed() {
    const area = $("b-area").value, advice = $("b-advice").value;
    return D.branches.map((_, i) => i).filter((i) => (area === "" || String(D.branches[i][B.area]) === area) && (!advice || D.branches[i][B.advice] === advice || D.branches[i][B.state] === advice));
  }
  function renderList(s) {
    if (!$("branches")) return;
    const all = listed(), pages = Math.max(1, Math.ceil(all.length / LIST));
    listPage = Math.min(listPage, pages - 1);
    const shown = printing ? all : all.slice(listPage * LIST, (listPage + 1) * LIST);
    $("branches").replaceChildren(...shown.map((i) => branch(i, s.branch)));
    pager($("b-pager"), listPage + 1, pages, (p) => { listPage = p - 1; renderList(read()); });
    const visible = new Set(all);
    for (const g of document.querySelectorAll(".b, .tile")) { if (g.matches(".tile")) g.hidden = !visible.has(+g.dataset.b); else g.style.display = visible.has(+g.dataset.b) ? "" : "none"; }
    for (const b of document.querySelectorAll(".block")) b.hidden = !b.querySelector(".tile:not([hidden])");
  }
  function branch(i, chosen) {
    const b = D.branches[i], unfolded = printing || i === open, state = b[B.state] === "kept" ? "" : D.states[b[B.state]] + " · ";
    const head = el("button", { type: "button", "aria-expanded": String(unfolded), onclick: () => { open = open === i ? -1 : i; choose(open, false); } },
      el("span", {}, b[B.title], el("small", {}, state + b[B.basis])),
      el("span", { class: "meet" }, say("meets", { n: b[B.members], slot: b[B.slot] }), el("small", {}, say("travel", { m: metres(b[B.farthest]), p: Math.round(b[B.survival] * 100) }))),
      el("span", { class: "end" }, el("span", { class: "tag " + toneAdvice[b[B.advice]] }, D.advice[b[B.advice]])));
    const seats = b[B.seats].map((t, k) => el("li", {}, el("span", {}, t[0] < 0 ? "" : D.rows[t[0]][R.name], el("small", {}, t[4])),
      el("span", {}, say("seat", { n: t[1] }) + " · " + (k ? metres(t[2]) : say("host")) + (t[3] ? "" : " · " + say("unverified")))));
    const why = b[B.reasons].map((t) => D.texts[t]).join(say("stop"));
    return el("li", { class: i === chosen ? "on" : null, "data-b": i }, head, unfolded ? el("div", { class: "seats" }, el("ul", {}, ...seats), why ? el("p", { class: "soft" }, why) : "") : "");
  }
  function seatTable() {
    const rows = listed().flatMap((i) => D.branches[i][B.seats].map((t, k) => {
      const b = D.branches[i], name = t[0] < 0 ? "" : D.rows[t[0]][R.name];
      return el("tr", {}, el("td", {}, k ? "" : b[B.title]), el("td", {}, name, el("small", {}, t[4])), el("td", { class: "r" }, t[1]), el("td", {}, k ? "" : b[B.slot]), el("td", { class: "r" }, k ? metres(t[2]) : say("host")), el("td", {}, t[3] ? "" : say("unverified")));
    }));
    const heads = ["seat_branch", "seat_firm", "seat_members", "seat_slot", "seat_travel", "seat_check"].map((k) => el("th", {}, say(k)));
    $("seat-table").replaceChildren(el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
  }

  // Map and list are one ---------------------------------------------------------------------------------------------------
  const map = $("map");
  const whole = map && { x: 0, y: 0, w: +map.dataset.w, h: +map.dataset.h };
  let box = whole && { ...whole };
  function choose(i, jump, near = true) {
    open = i;
    if (i >= 0 && $("branches")) {
      if (!listed().includes(i)) { $("b-area").value = ""; $("b-advice").value = ""; }
      listPage = Math.floor(listed().indexOf(i) / LIST);
    }
    const s = { ...read(), branch: i };
    history.replaceState(null, "", hash(s));
    render();
    const g = map && map.querySelector(`.b[data-b="${i}"]`);
    if (g && near) {
      // From the list: bring the branch to where its seats can be told apart.
      const r = g.getBBox(), w = Math.max(4 * r.width, (4 * r.height * whole.w) / whole.h, whole.w / 25), out = r.x < box.x || r.x + r.width > box.x + box.w || r.y < box.y || r.y + r.height > box.y + box.h;
      if (out || w < box.w / 2) view(r.x + r.width / 2 - w / 2, r.y + r.height / 2 - (w * whole.h) / whole.w / 2, w);
    }
    const li = $("branches") && $("branches").querySelector(`li[data-b="${i}"]`);
    if (li && jump) li.scrollIntoView({ block: "center" });
  }
  function view(x, y, w) {
    w = Math.min(whole.w, Math.max(whole.w / 60, w));
    const h = (w * whole.h) / whole.w;
    box = { x: Math.min(Math.max(x, 0), whole.w - w), y: Math.min(Math.max(y, 0), whole.h - h), w, h };
    map.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
    label();
  }
  function label() {
    if (!map || !map.clientWidth) return;
    const k = Math.max(box.w / map.clientWidth, box.h / Math.max(1, map.clientHeight)), chosen = String(read().branch), taken = [];
    map.style.setProperty("--k", k);
    const crowd = [...map.querySelectorAll(".b")].filter((g) => g.style.display !== "none" && +g.dataset.x >= box.x && +g.dataset.x <= box.x + box.w && +g.dataset.y >= box.y && +g.dataset.y <= box.y + box.h).length;
    map.style.setProperty("--r", crowd < 40 ? 1 : crowd < 120 ? 0.7 : 0.5);
    const scale = map.querySelector(".scale");
    scale.style.display = box.w < whole.w ? "none" : "";
    const free = (x, y, w, h) => x > box.x && x + w < box.x + box.w && y > box.y && y + h < box.y + box.h && taken.every((t) => x + w < t[0] || x > t[0] + t[2] || y + h < t[1] || y > t[1] + t[3]);
    const wide = (text, size) => [...text].reduce((a, c) => a + (c > "ÿ" ? 1 : 0.58), 0) * size * k;
    const names = (selector, size) => { for (const t of map.querySelectorAll(selector)) {
      const w = wide(t.textContent, size), x = +t.getAttribute("x") - w / 2, y = +t.getAttribute("y") - 12 * k, ok = free(x, y, w, 15 * k);
      t.classList.toggle("hide", !ok);
      if (ok) taken.push([x, y, w, 15 * k]);
    } };
    names(".names text", 13);
    const start = taken.length, hosts = new Map([...map.querySelectorAll(".b")].filter((g) => g.style.display !== "none").map((g) => [g.dataset.b, g]));
    const texts = [...map.querySelectorAll(".labels text")].sort((a, b) => (b.dataset.b === chosen) - (a.dataset.b === chosen) || (hosts.get(b.dataset.b)?.dataset.n ?? 0) - (hosts.get(a.dataset.b)?.dataset.n ?? 0));
    for (const t of texts) {
      const g = hosts.get(t.dataset.b), w = wide(t.textContent, 12), h = 15 * k;
      t.classList.remove("show");
      if (!g || (taken.length - start > 12 && crowd > 40 && t.dataset.b !== chosen)) continue;
      const x = +g.dataset.x, y = +g.dataset.y;
      for (const [dx, dy] of [[9 * k, -4 * k], [-w - 9 * k, -4 * k], [-w / 2, 22 * k], [-w / 2, -11 * k]]) {
        if (!free(x + dx, y + dy - 12 * k, w, h) && t.dataset.b !== chosen) continue;
        t.setAttribute("x", x + dx); t.setAttribute("y", y + dy);
        t.classList.add("show"); taken.push([x + dx, y + dy - 12 * k, w, h]);
        break;
      }
    }
    names(".streetnames text", 10);
  }
  function marks(s) {
    if (map) map.classList.toggle("some", s.branch >= 0 && !!map.querySelector(`.b[data-b="${s.branch}"]`));
    for (const g of document.querySelectorAll(".b, .tile")) { const on = +g.dataset.b === s.branch; g.classList.toggle("on", on); g.setAttribute("aria-pressed", String(on)); }
    if (map && s.branch >= 0) { const g = map.querySelector(`.b[data-b="${s.branch}"]`); if (g) g.parentNode.insertBefore(g, map.querySelector(".names")); }
  }
  function wire() {
    const groups = map ? [...map.querySelectorAll(".b")] : [];
    if (groups.length) groups[0].setAttribute("tabindex", "0");
    groups.forEach((g, n) => {
      g.addEventListener("click", () => choose(+g.dataset.b === read().branch ? -1 : +g.dataset.b, false, false));
      g.addEventListener("keydown", (e) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
        if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(+g.dataset.b, false, false); g.focus(); }
        if (step) { e.preventDefault(); const to = groups[(n + step + groups.length) % groups.length]; to.setAttribute("tabindex", "0"); g.setAttribute("tabindex", "-1"); to.focus(); }
      });
    });
    for (const t of document.querySelectorAll(".tile")) t.addEventListener("click", () => choose(+t.dataset.b === read().branch ? -1 : +t.dataset.b, false));
    for (const b of document.querySelectorAll("[data-zoom]")) b.addEventListener("click", () => { const f = +b.dataset.zoom; if (!f) view(0, 0, whole.w); else { const w = box.w / f; view(box.x + (box.w - w) / 2, box.y + (box.h - (w * box.h) / box.w) / 2, w); } });
    if (!map) return;
    map.addEventListener("wheel", (e) => { if (!e.ctrlKey) return; e.preventDefault(); const f = e.deltaY < 0 ? 1.25 : 0.8, r = map.getBoundingClientRect(), u = (e.clientX - r.left) / r.width, v = (e.clientY - r.top) / r.height; view(box.x + u * box.w * (1 - 1 / f), box.y + v * box.h * (1 - 1 / f), box.w / f); }, { passive: false });
    let drag = null;
    map.addEventListener("pointerdown", (e) => { if (box.w < whole.w && e.pointerType === "mouse") drag = [e.clientX, e.clientY, box.x, box.y]; });
    addEventListener("pointermove", (e) => { if (drag) { const k = box.w / map.clientWidth; view(drag[2] - (e.clientX - drag[0]) * k, drag[3] - (e.clientY - drag[1]) * k, box.w); } });
    addEventListener("pointerup", () => { drag = null; });
    addEventListener("resize", label);
  }

  function options(select, all, entries) { select.replaceChildren(el("option", { value: "" }, all), ...entries.map(([v, t]) => el("option", { value: v }, t))); }
  function setUp() {
    options($("f-outcome"), say("all_outcomes"), D.outcomes.filter((_, i) => D.rows.some((r) => r[R.outcome] === i)));
    options($("f-area"), say("all_areas"), D.areas.map((a) => [a[0] || "none", a[1]]));
    options($("f-industry"), say("all_industries"), D.industries.map((a) => [a[0] || "none", a[1]]));
    const own = new Set(D.branches.map((b) => b[B.area]));
    options($("b-area"), say("all_areas"), D.areas.map((a, i) => [String(i), a[1]]).filter((a) => own.has(+a[0])));
    const kinds = [...Object.entries(D.advice), ...Object.entries(D.states).filter(([k]) => k !== "kept")];
    options($("b-advice"), say("all_states"), kinds.map(([k, t]) => [k, t, D.branches.filter((b) => b[B.advice] === k || b[B.state] === k).length]).filter((x) => x[2]).map(([k, t, n]) => [k, `${t} ${n}`]));
    for (const k of ["outcome", "area", "industry"]) $("f-" + k).addEventListener("change", (e) => go({ [k]: e.target.value }));
    for (const id of ["b-area", "b-advice"]) $(id).addEventListener("change", () => { listPage = 0; renderList(read()); label(); if ($("seats").open) seatTable(); });
    let typing;
    $("q").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => go({ q: $("q").value.trim() }), 150); });
    $("filter").addEventListener("submit", (e) => e.preventDefault());
    $("filter").addEventListener("reset", () => setTimeout(() => go({ outcome: "", area: "", industry: "", flag: "", was: "", q: "" })));
    $("seats").addEventListener("toggle", () => { if ($("seats").open) seatTable(); });
    document.addEventListener("click", (e) => {
      const link = e.target.closest('a[href^="#"]');
      if (!link || link.onclick) return;
      if (link.hash === "#seats") { e.preventDefault(); $("seats").open = true; $("seats").scrollIntoView(); } else if (link.hash.includes("=") && !link.hash.startsWith("#branch=")) { e.preventDefault(); history.pushState(null, "", link.hash); render(); $("all").scrollIntoView(); $("all").focus({ preventScroll: true }); }
    });
    addEventListener("popstate", render);
    addEventListener("beforeprint", () => { printing = true; renderList(read()); });
    addEventListener("afterprint", () => { printing = false; renderList(read()); });
  }
  function render() { const s = read(); renderTable(s); renderList(s); marks(s); label(); }
  document.documentElement.classList.add("ready");
  setUp();
  wire();
  open = read().branch;
  if (open >= 0 && $("branches")) listPage = Math.floor(open / LIST);
  render();
})();
