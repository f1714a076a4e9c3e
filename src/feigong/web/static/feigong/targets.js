// What the parts of a split add up to, while they are typed. The server reckons it again.
(() => {
  const form = document.querySelector("[data-split]");
  if (!form) return;
  const share = "share" in form.dataset;
  const target = Number(form.dataset.target);
  const line = form.querySelector("[data-sum]");
  const fields = [...form.querySelectorAll("input[data-weight]")];

  const read = (field) => {
    const text = field.value.trim().replace(/[%％,]/g, "");
    if (text === "") return 0;
    const value = Math.round(Number(text) * (share ? 100 : 1) * 1e6) / 1e6;
    return Number.isInteger(value) && value >= 0 ? value : NaN;
  };
  const shown = (value) => (share ? `${(value / 100).toFixed(1)}%` : value.toLocaleString("en"));

  const add = () => {
    const values = fields.map(read);
    let together = values.reduce((sum, value) => sum + value, 0);
    if (share) {
      const weights = fields.map((field) => Number(field.dataset.weight));
      const whole = weights.reduce((sum, weight) => sum + weight, 0);
      const reached = values.reduce((sum, value, n) => sum + value * weights[n], 0);
      together = !whole || reached === target * whole ? target : Math.floor(reached / whole);
      if (Number.isNaN(reached)) together = NaN;
    }
    const difference = together - target;
    const kind = Number.isNaN(together) ? "broken" : difference === 0 ? "equal" : difference < 0 ? "short" : "over";
    line.classList.toggle("uneven", kind !== "equal");
    line.textContent = line.dataset[kind]
      .replace("{together}", shown(together))
      .replace("{target}", shown(target))
      .replace("{difference}", shown(Math.abs(difference)));
  };
  form.addEventListener("input", add);
  add();
})();
