// The plan on a map: stars of its joint branches, its enterprises by what the plan says of them, the changes so far.
"use strict";
(function () {
  const box = document.querySelector("[data-plan-map]");
  if (!box) return;
  const { FAR, base, boundsOf, drawAreas } = window.feigongMaps;
  const CELL = 34; // pixels: what is nearer than this is shown as one
  const APART = 56; // pixels: stars nearer than this are shown as one
  const NEAR = 17; // from this zoom on only what is at the same point is put together
  const SINGLE = 14; // from this zoom on enterprises of joint branches are marked themselves, before only lines end there
  const MOST_LINED = 250; // stars in sight up to which lines are drawn
  const MOST_TIMED = 30; // stars in sight up to which the time stands beside them
  const form = document.getElementById("adjusting");
  const fault = document.querySelector("[data-map-fault]");
  const only = document.querySelector("[data-changed-only]");
  const map = base(box, { minZoom: 4, maxZoom: 20 });
  map.setView(FAR, 5);
  const lines = L.layerGroup().addTo(map);
  const marks = L.layerGroup().addTo(map);
  const firms = new Map();
  const planned = new Map();
  const loaded = new Set();
  let shapes = new Map();
  let stars = new Map(); // as planned, with the changes so far
  let byHand = false; // what is chosen was chosen on the map

  // What the list says to whoever does not see is not said twice.
  for (const pane of ["markerPane", "overlayPane", "tooltipPane"]) map.getPane(pane).setAttribute("aria-hidden", "true");

  const chosen = () => document.querySelector("#chosen [data-what]").dataset;
  const shown = () => new Set([...document.querySelectorAll("[data-kind]:checked")].map((tick) => tick.dataset.kind));

  function read(data) {
    const keys = data.stars ? data.stars.map((star) => star.key) : [...planned.keys()];
    for (const star of data.stars || []) {
      planned.set(star.key, { ...star, at: star.at && L.latLng(star.at[1], star.at[0]), firms: [] });
    }
    const moved = new Set(data.moved);
    data.ids.forEach((id, i) => {
      const at = L.latLng(data.south + data.y[i] / data.scale, data.west + data.x[i] / data.scale);
      const star = planned.get(keys[data.star[i]]);
      firms.set(id, { id, at, kind: data.kinds[data.kind[i]], moved: moved.has(id), name: data.names[i] || "" });
      if (star) star.firms.push(id);
    });
    for (const star of planned.values()) {
      const first = firms.get(star.host) || firms.get(star.firms[0]);
      star.at = star.at || (first && first.at) || null;
    }
  }

  // The changes so far, over what is planned.
  function settle() {
    const drawn = JSON.parse(document.querySelector("#changes [data-drawn]").dataset.drawn);
    stars = new Map(planned);
    for (const key of drawn.gone) stars.delete(key);
    for (const one of drawn.branches) {
      const old = planned.get(one.key) || { state: "kept", joins: false, at: null };
      const host = firms.get(one.host);
      const at = (host && host.at) || old.at || one.firms.map((id) => firms.get(id)).filter(Boolean).map((firm) => firm.at)[0] || null;
      stars.set(one.key, { ...old, ...one, at, pending: true });
    }
    const loose = new Set(drawn.loose);
    for (const firm of firms.values()) firm.loose = loose.has(firm.id);
  }

  function word(name, values) {
    return Object.entries(values).reduce((text, [what, value]) => text.replace(`%${what}`, value), box.dataset[name]);
  }

  function tip(marker, text, up) {
    if (!text) return;
    const line = document.createElement("span");
    line.textContent = text;
    marker.bindTooltip(line, { direction: "top", offset: [0, -up] });
  }

  // Things in sight, those in one cell together; near enough, only those at one point.
  function together(things, size) {
    const zoom = map.getZoom();
    const whole = zoom >= NEAR;
    const view = map.getBounds().pad(0.2);
    const cells = new Map();
    for (const thing of things) {
      if (!thing.at || !view.contains(thing.at)) continue;
      const pixel = map.project(thing.at, zoom);
      const key = whole ? `${thing.at.lat} ${thing.at.lng}` : `${Math.floor(pixel.x / size)} ${Math.floor(pixel.y / size)}`;
      const cell = cells.get(key) || { things: [], x: 0, y: 0 };
      cell.things.push(thing);
      cell.x += pixel.x;
      cell.y += pixel.y;
      cells.set(key, cell);
    }
    for (const cell of cells.values()) {
      cell.at = map.unproject([cell.x / cell.things.length, cell.y / cell.things.length], zoom);
    }
    return [...cells.values()];
  }

  function put(at, icon, above, press, key) {
    const marker = L.marker(at, { icon, keyboard: false, zIndexOffset: above, bubblingMouseEvents: false });
    marker.on("click", press);
    marks.addLayer(marker);
    if (key) marker.getElement().dataset.at = key;
    return marker;
  }

  function firmMark(cell) {
    const { things } = cell;
    const several = things.length > 1;
    const kind = (firm) => (firm.loose ? "loose" : firm.kind);
    const same = things.every((firm) => kind(firm) === kind(things[0]));
    const size = several ? Math.min(34, 16 + 3 * Math.log2(things.length)) : 14;
    const names = ["firm", `firm-${same ? kind(things[0]) : "several"}`];
    if (several) names.push("firm-many");
    if (things.some((firm) => firm.moved)) names.push("firm-moved");
    if (things.some((firm) => String(firm.id) === chosen().firm)) names.push("firm-chosen");
    const icon = L.divIcon({ className: names.join(" "), html: several ? String(things.length) : "", iconSize: [size, size] });
    const press = several ? () => open(things, NEAR) : () => choose(`firm:${things[0].id}`);
    const marker = put(cell.at, icon, 0, press, several ? "" : `firm:${things[0].id}`);
    tip(marker, several ? word("wordSeveral", { n: things.length }) : things[0].name, size / 2);
  }

  function state(star) {
    if (star.pending) return box.dataset.wordPending;
    return { new: box.dataset.wordNew, changed: box.dataset.wordChanged }[star.state] || "";
  }

  function starMark(cell, timed) {
    const { things } = cell;
    const several = things.length > 1;
    const star = things[0];
    const names = ["star-mark"];
    if (several) names.push("star-several");
    if (things.some((one) => one.pending)) names.push("star-pending");
    if (things.some((one) => chosen().to.split(" ").includes(one.key))) names.push("star-target");
    if (things.some((one) => one.key === chosen().branch)) names.push("star-chosen");
    const label = document.createElement("small");
    label.textContent = timed ? star.when : "";
    if (state(star)) label.append(Object.assign(document.createElement("em"), { textContent: state(star) }));
    const html = document.createElement("span");
    html.append(star.joins && !several ? "◆" : "★");
    html.append(several ? String(things.length) : label);
    const icon = L.divIcon({
      className: names.join(" "), html, iconSize: several ? [34, 18] : [18, 18], iconAnchor: several ? [17, 9] : [9, 9],
    });
    const press = several ? () => open(things, NEAR) : () => choose(`branch:${star.key}`);
    const marker = put(cell.at, icon, 500, press, several ? "" : `branch:${star.key}`);
    if (!several) tip(marker, [star.name, star.when, state(star)].filter(Boolean).join(" · "), 10);
  }

  function draw() {
    lines.clearLayers();
    marks.clearLayers();
    const kinds = shown();
    const changed = Boolean(only && only.checked);
    const view = map.getBounds().pad(0.3);
    const all = [...stars.values()].filter((star) => !changed || star.pending || star.state !== "kept");
    const seen = all.filter((star) => star.at && spots(star).some((at) => view.contains(at)));
    const hosts = new Set(all.filter((star) => !star.joins).map((star) => star.host));
    const single = map.getZoom() >= SINGLE;
    const points = [...firms.values()].filter((firm) => {
      if (hosts.has(firm.id) || (changed && !firm.moved && !firm.loose)) return false;
      return firm.loose || (kinds.has(firm.kind) && (single || !["joint", "join"].includes(firm.kind)));
    });
    const cells = together(seen, APART);
    for (const cell of cells) starMark(cell, cells.length <= MOST_TIMED);
    for (const cell of together(points, CELL)) firmMark(below(cell, cells));
    if (seen.length <= MOST_LINED) seen.forEach(beams);
    targets();
    box.dataset.stars = stars.size; // how many the map holds
  }

  // Several under a star stand below it, so that both can be read.
  function below(cell, cells) {
    if (cell.things.length < 2) return cell;
    const at = map.latLngToLayerPoint(cell.at);
    for (const star of cells) {
      const over = map.latLngToLayerPoint(star.at);
      if (Math.abs(over.x - at.x) < 34 && Math.abs(over.y - at.y) < 22) at.y = over.y + 24;
    }
    return { ...cell, at: map.layerPointToLatLng(at) };
  }

  function spots(star) {
    return [star.at, ...star.firms.map((id) => firms.get(id)).filter(Boolean).map((firm) => firm.at)];
  }

  function beams(star) {
    const ends = spots(star).slice(1).filter((at) => !at.equals(star.at));
    if (!ends.length) return;
    const className = `star-line${star.pending ? " star-line-pending" : ""}`;
    lines.addLayer(L.polyline(ends.map((at) => [star.at, at]), { className, weight: 1.5, interactive: false }));
  }

  // Where the chosen enterprise could go.
  function targets() {
    const firm = firms.get(Number(chosen().firm));
    if (!firm) return;
    const ends = chosen().to.split(" ").map((key) => stars.get(key)).filter((star) => star && star.at);
    const beam = ends.map((star) => [firm.at, star.at]);
    if (beam.length) lines.addLayer(L.polyline(beam, { className: "target-line", weight: 1.5, interactive: false }));
  }

  // What is chosen goes the way of the list's buttons: through the form, with all that was changed so far.
  function choose(what) {
    byHand = true;
    const button = form.querySelector("[data-go-choose]");
    button.value = what;
    button.click();
  }

  // Several: nearer until they part; those at one point are listed.
  function open(things, most) {
    const bounds = L.latLngBounds(things.map((thing) => thing.at));
    const point = bounds.getNorthEast().equals(bounds.getSouthWest());
    if (!point && map.getZoom() < most) {
      map.fitBounds(bounds, { padding: [60, 60], maxZoom: Math.min(most, map.getZoom() + 3) });
      return;
    }
    const ids = things.flatMap((thing) => thing.firms || [thing.id]);
    const button = form.querySelector("[data-go-look]");
    button.setAttribute("hx-vals", JSON.stringify({ among: ids.join(",") }));
    button.click();
    document.addEventListener("htmx:afterSettle", () => {
      document.getElementById("listed").scrollIntoView({ block: "nearest" });
      const first = document.querySelector("#listed [name=choose]");
      if (first) first.focus({ preventScroll: true });
    }, { once: true });
  }

  function seat() {
    const bounds = L.latLngBounds([]);
    for (const star of stars.values()) for (const at of spots(star)) if (at) bounds.extend(at);
    if (!bounds.isValid()) for (const firm of firms.values()) bounds.extend(firm.at);
    if (!bounds.isValid() && shapes.size) bounds.extend(boundsOf(shapes));
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 16, animate: false });
  }

  // What was chosen elsewhere comes into sight, also where its kind was not shown yet.
  async function bring() {
    const { branch, firm, outcome } = chosen();
    const mine = byHand;
    byHand = false;
    const tick = document.querySelector(`[data-kind="${outcome}"]`);
    if (firm && tick && !tick.checked) {
      tick.checked = true;
      if (!tick.defaultChecked) await load(outcome);
    }
    const star = stars.get(branch);
    const one = firms.get(Number(firm));
    const found = (star ? spots(star) : one ? [one.at] : []).filter(Boolean);
    const nowhere = document.querySelector("#chosen [data-nowhere]");
    if (nowhere) nowhere.hidden = found.length > 0;
    if (mine || !found.length) return;
    const bounds = L.latLngBounds(found);
    if (map.getZoom() < SINGLE || !map.getBounds().contains(bounds)) {
      map.fitBounds(bounds, { padding: [80, 80], maxZoom: 16, animate: false });
    }
  }

  async function load(outcome) {
    if (loaded.has(outcome)) return;
    loaded.add(outcome);
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${box.dataset.points}${outcome ? `?outcome=${outcome}` : ""}`, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const data = await answer.json();
      if (data.areas) shapes = drawAreas(map, data.areas);
      read(data);
      unplaced(data.unplaced);
      fault.hidden = true;
    } catch {
      loaded.delete(outcome);
      fault.textContent = box.dataset.wordLost;
      fault.hidden = false;
    }
    box.removeAttribute("aria-busy");
    settle();
  }

  let without = 0;
  function unplaced(more) {
    without += more;
    const line = document.querySelector("[data-unplaced]");
    line.textContent = line.dataset.word.replace("%n", without);
    line.hidden = !without;
  }

  for (const tick of document.querySelectorAll("[data-kind]")) {
    tick.addEventListener("change", async () => {
      if (tick.checked && !tick.defaultChecked) await load(tick.dataset.kind);
      draw();
    });
  }
  if (only) only.addEventListener("change", draw);

  // Enter chooses what lies nearest to the middle.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== box) return;
    event.preventDefault();
    const middle = box.getBoundingClientRect();
    const way = (mark) => {
      const at = mark.getBoundingClientRect();
      return Math.hypot(at.x + at.width / 2 - middle.x - middle.width / 2, at.y + at.height / 2 - middle.y - middle.height / 2);
    };
    const found = [...box.querySelectorAll(".star-mark, .firm")].sort((a, b) => way(a) - way(b))[0];
    if (found && way(found) < 80) found.click();
  });

  map.on("moveend", draw);
  document.addEventListener("htmx:afterSettle", async (event) => {
    const part = event.detail.target && event.detail.target.id;
    if (!loaded.has("") || !["changes", "chosen"].includes(part)) return;
    settle();
    if (part === "chosen") await bring();
    draw();
  });
  load("").then(async () => {
    seat();
    await bring();
    draw();
  });
})();
