// The map of enterprises: what the list beside it has found. A row shows its point, a point opens its rows.
"use strict";
(function () {
  const box = document.querySelector("[data-district]");
  if (!box) return;
  const { FAR, base, boundsOf, drawAreas } = window.feigongMaps;
  const CELL = 38; // pixels: stacks nearer than this are shown as one
  const APART = 60; // pixels: stars nearer than this are shown as one
  const NEAR = 17; // from this zoom on nothing is put together
  const MOST_TIMED = 40; // stars in sight up to which the time stands beside them
  const MOST_LINED = 60; // stars in sight up to which lines are drawn
  const fault = document.querySelector("[data-map-fault]");
  const map = base(box, { minZoom: 4, maxZoom: 20 });
  map.setView(FAR, 5);
  const lines = L.layerGroup().addTo(map);
  const dots = L.layerGroup().addTo(map);
  const marks = L.layerGroup().addTo(map);
  const ring = L.circleMarker(FAR, { radius: 15, weight: 3, fill: false, interactive: false, className: "chosen-ring" });
  let shapes = new Map();
  let stacks = [];
  let stars = [];
  let stackOf = new Map();
  let asked = null;
  let awaited = 0;

  const found = () => document.getElementById("found");
  // What the list says to whoever does not see is not said twice.
  for (const pane of ["markerPane", "overlayPane", "tooltipPane"]) map.getPane(pane).setAttribute("aria-hidden", "true");

  function read(data) {
    let first = 0;
    stackOf = new Map();
    stacks = data.n.map((n, i) => {
      const ids = data.ids.slice(first, first + n);
      first += n;
      const at = L.latLng(data.south + data.y[i] / data.scale, data.west + data.x[i] / data.scale);
      const stack = { at, ids, n, covered: data.covered[i], closed: data.closed[i] };
      for (const id of ids) stackOf.set(id, stack);
      return stack;
    });
    stars = data.stars.map((star) => ({ ...star, spots: star.places.map(([id, x, y]) => place(id, x, y)) }));
    box.dataset.enterprises = data.ids.length; // how many the map holds
  }

  function place(id, x, y) {
    const stack = stackOf.get(id);
    return stack ? stack.at : L.latLng(y, x);
  }

  function tone(n, covered, closed) {
    if (closed === n) return "closed";
    return covered >= n - closed ? "all" : covered ? "some" : "none";
  }

  function said(n, covered) {
    return box.dataset.wordStack.replace("%n", n).replace("%c", covered);
  }

  // Stacks in sight, those in one cell of the grid together.
  function cells() {
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.2);
    const whole = zoom >= NEAR;
    const made = new Map();
    for (const [i, stack] of stacks.entries()) {
      if (!view.contains(stack.at)) continue;
      const pixel = map.project(stack.at, zoom);
      const key = whole ? i : `${Math.floor(pixel.x / CELL)} ${Math.floor(pixel.y / CELL)}`;
      const cell = made.get(key) || { n: 0, covered: 0, closed: 0, x: 0, y: 0, stacks: [] };
      cell.n += stack.n;
      cell.covered += stack.covered;
      cell.closed += stack.closed;
      cell.x += pixel.x * stack.n;
      cell.y += pixel.y * stack.n;
      cell.stacks.push(stack);
      made.set(key, cell);
    }
    for (const cell of made.values()) {
      cell.x /= cell.n;
      cell.y /= cell.n;
    }
    const parted = whole ? [...made.values()] : apart([...made.values()]);
    for (const cell of parted) cell.at = map.unproject([cell.x, cell.y], zoom);
    return parted;
  }

  // Dots that would lie on each other are one, at the larger of them.
  function apart(made) {
    const kept = [];
    for (const cell of made.sort((a, b) => b.n - a.n)) {
      const near = kept.find((one) => Math.hypot(one.x - cell.x, one.y - cell.y) < (sizeOf(one.n) + sizeOf(cell.n)) / 2);
      if (!near) {
        kept.push(cell);
        continue;
      }
      for (const what of ["n", "covered", "closed"]) near[what] += cell[what];
      near.stacks.push(...cell.stacks);
    }
    return kept;
  }

  function sizeOf(n) {
    return n === 1 ? 12 : Math.min(38, 18 + 3 * Math.log2(n));
  }

  function dot(cell, names) {
    const size = sizeOf(cell.n);
    const icon = L.divIcon({
      className: `stack stack-${tone(cell.n, cell.covered, cell.closed)}`,
      html: cell.n === 1 ? "" : String(cell.n),
      iconSize: [size, size],
    });
    const marker = L.marker(cell.at, { icon, keyboard: false });
    const text = document.createElement("span");
    text.textContent = (cell.n === 1 && names[cell.stacks[0].ids[0]]) || said(cell.n, cell.covered);
    marker.bindTooltip(text, { direction: "top", offset: [0, -size / 2] });
    marker.on("click", () => enter(cell));
    return marker;
  }

  let names = {};
  function draw() {
    dots.clearLayers();
    for (const cell of cells()) dots.addLayer(dot(cell, names));
    drawStars();
  }

  // Stars in sight; many that are close together are one with a number, which comes nearer.
  function drawStars() {
    lines.clearLayers();
    marks.clearLayers();
    const view = map.getBounds().pad(0.3);
    const seen = stars.filter((star) => star.spots.some((spot) => view.contains(spot)));
    const groups = new Map();
    for (const star of seen) {
      const pixel = map.project(star.spots[0], map.getZoom());
      const cell = map.getZoom() >= NEAR ? star.key : `${Math.floor(pixel.x / APART)} ${Math.floor(pixel.y / APART)}`;
      groups.set(cell, [...(groups.get(cell) || []), star]);
    }
    for (const group of groups.values()) marks.addLayer(starMark(group, groups.size));
    if (seen.length > MOST_LINED) return;
    for (const star of seen) {
      const beams = star.spots.slice(1).map((spot) => [star.spots[0], spot]);
      if (beams.length) lines.addLayer(L.polyline(beams, { className: "star-line", weight: 1.5, interactive: false }));
    }
  }

  function starMark(group, shown) {
    const several = group.length > 1;
    const at = several ? L.latLngBounds(group.map((star) => star.spots[0])).getCenter() : group[0].spots[0];
    const size = several ? [34, 18] : [18, 18];
    const anchor = several ? [-8, 22] : [9, 9];
    const slot = !several && shown <= MOST_TIMED ? group[0].slot : "";
    const html = several ? `★${group.length}` : `★<small>${slot}</small>`;
    const icon = L.divIcon({ className: `star-mark${several ? " star-several" : ""}`, html, iconSize: size, iconAnchor: anchor });
    const mark = L.marker(at, { icon, keyboard: false, zIndexOffset: 500 });
    if (several) {
      const bounds = L.latLngBounds(group.map((star) => star.spots[0]));
      mark.on("click", () => map.fitBounds(bounds, { padding: [80, 80], maxZoom: Math.max(map.getZoom() + 2, 13) }));
      return mark;
    }
    const text = document.createElement("span");
    text.textContent = `${group[0].name} · ${group[0].when}`;
    mark.bindTooltip(text, { direction: "top", offset: [0, -10] });
    mark.on("click", () => chooseStar(group[0].key));
    return mark;
  }

  // One stack opens its rows; several come nearer until they part.
  function enter(cell) {
    if (cell.stacks.length === 1) return open(cell.stacks[0]);
    const bounds = L.latLngBounds(cell.stacks.map((stack) => stack.at));
    map.fitBounds(bounds, { padding: [50, 50], maxZoom: Math.min(NEAR, Math.max(map.getZoom() + 2, 12)) });
  }

  function open(stack) {
    const address = new URL(box.dataset.address, location.href);
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name !== "at" && name !== "page") address.searchParams.append(name, value);
    }
    address.searchParams.set("at", stack.ids[0]);
    go(address.pathname + address.search);
  }

  // As a link of the list would: the address says what is shown.
  function go(address) {
    const link = document.createElement("a");
    const said = { href: address, "hx-get": address, "hx-target": "#list", "hx-swap": "outerHTML", "hx-push-url": "true" };
    for (const [name, value] of Object.entries(said)) link.setAttribute(name, value);
    link.hidden = true;
    box.after(link);
    window.htmx.process(link);
    link.click();
    setTimeout(() => link.remove(), 0);
  }

  function mark(kind, key) {
    for (const row of document.querySelectorAll("#found [data-enterprise], #found [data-star]")) {
      const on = row.dataset[kind] === String(key);
      if (on) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      const button = row.querySelector("[data-show], [data-show-star]");
      if (button) button.setAttribute("aria-pressed", String(on));
    }
  }

  function ringAt(at) {
    ring.setLatLng(at).addTo(map).bringToFront();
  }

  function choose(id, move) {
    const stack = stackOf.get(id);
    if (!stack) {
      ring.remove();
      return;
    }
    ringAt(stack.at);
    if (move) map.setView(stack.at, Math.max(map.getZoom(), NEAR));
  }

  function chooseStar(key) {
    const star = stars.find((one) => one.key === key);
    const row = document.querySelector(`#found [data-star="${CSS.escape(key)}"]`);
    if (row) {
      row.closest("details").open = true;
      row.scrollIntoView({ block: "nearest" });
    }
    mark("star", key);
    if (!star || !star.spots.length) return;
    map.fitBounds(L.latLngBounds(star.spots), { padding: [60, 60], maxZoom: NEAR });
    ringAt(star.spots[0]);
  }

  function seat(bare) {
    const bounds = L.latLngBounds([]);
    if (bare && shapes.size) bounds.extend(boundsOf(shapes));
    else for (const stack of middle()) bounds.extend(stack.at);
    if (!bounds.isValid() && shapes.size) bounds.extend(boundsOf(shapes));
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16], maxZoom: NEAR, animate: false });
  }

  // A single wrong coordinate does not send the map to sea.
  function middle() {
    if (stacks.length < 20) return stacks;
    const cut = Math.ceil(stacks.length / 50);
    const within = (read) => {
      const sorted = stacks.map(read).sort((a, b) => a - b);
      const low = sorted[cut];
      const high = sorted[sorted.length - 1 - cut];
      return (stack) => read(stack) >= low && read(stack) <= high;
    };
    const east = within((stack) => stack.at.lng);
    const north = within((stack) => stack.at.lat);
    return stacks.filter((stack) => east(stack) && north(stack));
  }

  function showAt() {
    const at = found() && found().dataset.at;
    if (!at) return;
    choose(Number(at), false);
    mark("enterprise", at);
  }

  async function load() {
    const address = found() && found().dataset.points;
    if (!address || address === asked) {
      showAt();
      return;
    }
    const turn = ++awaited;
    asked = address;
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const data = await answer.json();
      if (turn !== awaited) return;
      for (const shape of shapes.values()) shape.remove();
      shapes = drawAreas(map, data.areas);
      names = data.names;
      read(data);
      ring.remove();
      seat(!("narrowed" in found().dataset));
      draw();
      fault.hidden = true;
    } catch {
      asked = null;
      fault.textContent = box.dataset.wordLost;
      fault.hidden = false;
    }
    box.removeAttribute("aria-busy");
    showAt();
  }

  map.on("moveend", draw);
  document.addEventListener("htmx:afterSwap", load);
  addEventListener("popstate", () => setTimeout(load, 0));
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-show]");
    const star = event.target.closest("[data-show-star]");
    if (one) {
      choose(Number(one.dataset.show), true);
      mark("enterprise", one.dataset.show);
    } else if (star) chooseStar(star.dataset.showStar);
  });
  for (const way of ["mouseover", "focusin"]) {
    document.addEventListener(way, (event) => {
      const row = event.target.closest && event.target.closest("#found [data-enterprise]");
      if (row) choose(Number(row.dataset.enterprise), false);
      const area = event.target.closest && event.target.closest("[data-area]");
      for (const [id, shape] of shapes) {
        const path = shape.getElement();
        if (path) path.classList.toggle("area-chosen", Boolean(area) && area.dataset.area === id);
      }
    });
  }
  load();
})();
