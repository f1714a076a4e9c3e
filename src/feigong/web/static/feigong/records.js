// A record's page: values taken over after a clash; a sealed field asked for in a sheet, gone when the sheet closes.
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
    if (field.type === "checkbox") field.checked = button.dataset.value === "on";
    else field.value = button.dataset.value;
    const box = field.closest("[data-picker]");
    if (box) box.querySelector("[role=combobox]").value = button.dataset.shown;
    button.disabled = true;
  }

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
