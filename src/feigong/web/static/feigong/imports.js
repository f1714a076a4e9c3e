// Files may be dropped; what was chosen is listed before it is sent. One tick ticks all rows of the page.
"use strict";
(function () {
  for (const zone of document.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const list = zone.querySelector(".chosen");
    const show = () => {
      list.replaceChildren(
        ...[...input.files].map((file) => {
          const line = document.createElement("li");
          line.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1024))} KB`;
          return line;
        }),
      );
    };
    input.addEventListener("change", show);
    if (input.files.length) show(); // chosen before this was read, or kept by the browser that goes back
    for (const name of ["dragenter", "dragover"]) {
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.add("over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      zone.addEventListener(name, () => zone.classList.remove("over"));
    }
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        show();
      }
    });
  }

  for (const all of document.querySelectorAll("[data-tick-all]")) {
    all.addEventListener("change", () => {
      for (const box of all.closest("form").querySelectorAll("input[name=ids]")) box.checked = all.checked;
    });
  }
})();
