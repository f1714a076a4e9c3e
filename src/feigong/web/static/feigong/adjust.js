// Changing a plan by hand: the answer to a change, or what was chosen, comes into sight, takes the focus and is said.
"use strict";
(function () {
  const form = document.getElementById("adjusting");
  if (!form) return;
  const told = document.querySelector("[data-told]");

  function come(thing) {
    if (!thing) return;
    thing.focus({ preventScroll: true });
    thing.scrollIntoView({ block: "nearest" });
  }

  function mark() {
    const { branch, firm } = document.querySelector("#chosen [data-what]").dataset;
    for (const row of document.querySelectorAll("#listed tr[data-branch], #listed tr[data-firm]")) {
      const here = (branch && row.dataset.branch === branch) || (firm && row.dataset.firm === firm);
      if (here) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.target && event.detail.target.id;
    if (part === "changes") {
      const answer = document.querySelector("#changes [data-answer]");
      if (answer) come(answer);
      else told.textContent = document.querySelector("#changes").innerText.trim();
    } else if (part === "chosen") {
      come(document.querySelector("#chosen [data-chosen]"));
    }
    mark();
  });

  // Enter in a field is not a change that nobody pressed the button of.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("#list-q, #adjust-name")) event.preventDefault();
  });
  mark();
})();
