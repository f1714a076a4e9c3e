// The form of an account: only the kinds of part that the chosen role has; Enter in a search does not send the form.
"use strict";
(function () {
  const form = document.querySelector("form[data-kinds]");
  if (!form) return;
  const kinds = JSON.parse(form.dataset.kinds);
  const role = form.querySelector("[name=role]");

  function show() {
    const wanted = kinds[role.value] || [];
    for (const box of form.querySelectorAll("[data-kind]")) {
      const on = wanted.includes(box.dataset.kind);
      box.hidden = !on;
      for (const field of box.querySelectorAll("input")) field.disabled = !on;
    }
    form.querySelector("[data-part-note]").hidden = wanted.length === 0;
    form.querySelector("[data-part-none]").hidden = wanted.length > 0 || !role.value;
  }

  role.addEventListener("change", show);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "search") event.preventDefault();
  });
  show();
})();
