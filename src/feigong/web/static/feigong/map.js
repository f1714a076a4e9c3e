// Maps of points: where a record is, and picking a place by pointer or keyboard. No tiles unless the office has its own.
"use strict";
(function () {
  const FAR = [30.6, 114.3];

  function point(map, lat, lon, className, radius, name) {
    const dot = L.circleMarker([lat, lon], { radius, weight: 1.5, fillOpacity: 1, className }).addTo(map);
    if (name) dot.bindTooltip(name);
    return dot;
  }

  function base(box, options) {
    const usual = { attributionControl: false, zoomControl: false, zoomSnap: 0.5, minZoom: 3, maxZoom: 19 };
    const map = L.map(box, { ...usual, ...options });
    L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    return map;
  }

  // Outlines lie below everything else and are not clicked; names of small areas show when one is near.
  function drawAreas(map, areas) {
    if (!map.getPane("areas")) {
      map.createPane("areas").style.zIndex = 350;
      const near = () => map.getContainer().classList.toggle("map-near", map.getZoom() >= 15);
      map.on("zoomend", near);
    }
    const shapes = new Map();
    for (const area of areas) {
      const rings = area.shape.map((polygon) => polygon.map((ring) => ring.map(([x, y]) => [y, x])));
      const className = `area-shape area-${area.kind}`;
      const shape = L.polygon(rings, { pane: "areas", interactive: false, weight: 1, className }).addTo(map);
      shapes.set(String(area.id), shape);
      if (area.kind === "district") continue;
      const small = area.kind === "building" || area.kind === "commercial_street";
      const label = { permanent: true, direction: "center", className: `area-label${small ? " area-label-small" : ""}` };
      const name = document.createElement("span");
      name.textContent = area.name;
      shape.bindTooltip(name, label);
    }
    return shapes;
  }

  function boundsOf(shapes) {
    const bounds = L.latLngBounds([]);
    for (const shape of shapes.values()) bounds.extend(shape.getBounds());
    return bounds;
  }

  async function outlines(map, address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    return drawAreas(map, answer.ok ? (await answer.json()).areas : []);
  }

  // Nothing but outlines: of an area, or of a file that is being checked.
  async function outlined(box) {
    const map = base(box, { scrollWheelZoom: false });
    map.setView(FAR, 5);
    const shapes = box.dataset.mapAreas
      ? drawAreas(map, JSON.parse(box.dataset.mapAreas))
      : await outlines(map, box.dataset.mapOutlines);
    if (shapes.size) map.fitBounds(boundsOf(shapes), { padding: [12, 12], animate: false });
  }

  async function around(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    return answer.ok ? (await answer.json()).points : [];
  }

  function draw(layer, found) {
    layer.clearLayers();
    for (const one of found) {
      const name = one.kind === "venue" ? "point-venue" : "point-near";
      const dot = point(layer, one.lat, one.lon, name, 4, one.name);
      dot.on("click", (event) => {
        if (layer.opens) location.href = one.href;
        else L.DomEvent.stopPropagation(event);
      });
    }
  }

  function seat(map, found, here) {
    const all = found.map((one) => [one.lat, one.lon]);
    if (here) all.push(here);
    if (all.length > 1) map.fitBounds(all, { padding: [24, 24], maxZoom: 16, animate: false });
    else if (all.length) map.setView(all[0], 15, { animate: false });
  }

  function show(box) {
    const here = [Number(box.dataset.lat), Number(box.dataset.lon)];
    const map = base(box, { scrollWheelZoom: false });
    map.setView(here, 14);
    const layer = L.layerGroup().addTo(map);
    layer.opens = true;
    point(map, here[0], here[1], "point-here", 7, box.dataset.name).bringToFront();
    around(box.dataset.points).then((found) => {
      draw(layer, found);
      const close = found.filter((one) => Math.abs(one.lat - here[0]) < 0.1 && Math.abs(one.lon - here[1]) < 0.1);
      seat(map, close, here);
    });
  }

  function picker(box) {
    const lon = document.getElementById(box.dataset.lonInput);
    const lat = document.getElementById(box.dataset.latInput);
    const area = document.querySelector(`[name="${box.dataset.areaInput}"]`);
    const map = base(box);
    const layer = L.layerGroup().addTo(map);
    let mark = null;

    function given() {
      const found = [parseFloat(lat.value), parseFloat(lon.value)];
      return found.every(Number.isFinite) ? found : null;
    }

    function place() {
      const here = given();
      if (mark) mark.remove();
      mark = here ? point(map, here[0], here[1], "point-here", 7) : null;
      return here;
    }

    function take(spot) {
      lat.value = spot.lat.toFixed(6);
      lon.value = spot.wrap().lng.toFixed(6);
      lat.dispatchEvent(new Event("input", { bubbles: true }));
      place();
    }

    async function neighbours(move) {
      const found = area && area.value ? await around(`${box.dataset.points}?area=${area.value}`) : [];
      draw(layer, found);
      if (mark) mark.bringToFront();
      if (move && !given()) seat(map, found, null);
    }

    map.setView(given() || FAR, given() ? 14 : 5);
    place();
    const drawn = box.dataset.outlines ? outlines(map, box.dataset.outlines) : Promise.resolve(new Map());
    drawn.then((shapes) => {
      if (given() || !shapes.size) return neighbours(true);
      const own = area && shapes.get(area.value);
      map.fitBounds(own ? own.getBounds() : boundsOf(shapes), { animate: false });
      return neighbours(Boolean(own));
    });
    map.on("click", (event) => take(event.latlng));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      take(map.getCenter());
    });
    for (const field of [lon, lat]) {
      field.addEventListener("change", () => {
        const here = place();
        if (here) map.panTo(here);
      });
    }
    if (area) area.addEventListener("change", () => neighbours(!given()));
    const tools = box.parentElement;
    tools.querySelector("[data-map-centre]").addEventListener("click", () => take(map.getCenter()));
    tools.querySelector("[data-map-clear]").addEventListener("click", () => {
      lon.value = lat.value = "";
      place();
    });
  }

  window.feigongMaps = { FAR, base, boundsOf, drawAreas };
  for (const box of document.querySelectorAll("[data-map]")) show(box);
  for (const box of document.querySelectorAll("[data-map-areas], [data-map-outlines]")) outlined(box);
  for (const box of document.querySelectorAll("[data-map-pick]")) picker(box);
})();
