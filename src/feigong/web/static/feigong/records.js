// A record's page: values taken over after a clash; a sealed field asked for in a sheet, gone when the sheet closes;
// the week that is ticked, by arrow keys too.
"use strict";
(function () {
  document.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use]");
    if (use) takeOver(use);
    const link = event.target.closest("a[data-reveal]");
    if (link && typeof htmx !== "undefined") {
      event.preventDefault();
      ask(link);
    }
  });

  function takeOver(button) {
    const field = document.querySelector(`[name="${button.dataset.use}"]`);
    if (!field) return;
    const week = field.closest("[data-ticks]");
    if (week) {
      const asked = `${week.dataset.ticks}?slots=${encodeURIComponent(button.dataset.value)}`;
      htmx.ajax("GET", asked, { target: week, swap: "outerHTML" });
    } else if (field.type === "checkbox") field.checked = button.dataset.value === "on";
    else field.value = button.dataset.value;
    const box = field.closest("[data-picker]");
    if (box) box.querySelector("[role=combobox]").value = button.dataset.shown;
    button.disabled = true;
  }

  document.addEventListener("change", (event) => {
    const week = event.target.closest("[data-ticks]");
    if (!week || !event.target.checked) return;
    const unknown = week.querySelector("[name=slots_unknown]");
    if (event.target !== unknown) unknown.checked = false;
    else for (const tick of week.querySelectorAll("[name=slots]")) tick.checked = false;
  });

  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cell = step && event.target.name === "slots" && event.target.closest("[data-ticks] td");
    if (!cell) return;
    event.preventDefault();
    const lines = [...cell.closest("[data-ticks]").querySelectorAll("tbody tr")];
    const line = lines[lines.indexOf(cell.parentElement) + step[0]];
    line?.cells[cell.cellIndex + step[1]]?.querySelector("input")?.focus();
  });

  function ask(link) {
    const sheet = document.createElement("dialog");
    sheet.className = "sheet";
    sheet.setAttribute("aria-label", link.textContent.trim());
    const body = document.createElement("div");
    const row = document.createElement("form");
    row.method = "dialog";
    row.className = "sheet-actions";
    const close = document.createElement("button");
    close.className = "btn";
    close.textContent = document.querySelector("#keys button").textContent;
    row.append(close);
    sheet.append(body, row);
    document.body.append(sheet);
    sheet.addEventListener("close", () => {
      sheet.remove();
      link.focus();
    });
    sheet.showModal();
    htmx.ajax("GET", link.href, { target: body, swap: "innerHTML" }).then(() => {
      const field = sheet.querySelector("input[name=reason]");
      if (field) field.focus();
    });
  }
})();
