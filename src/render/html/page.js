
"use strict";
(() => {
  const controls = document.getElementById("controls");
  if (!controls) return;
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  const boxes = [...controls.querySelectorAll("input[name=action]")];
  const rows = [...document.querySelectorAll("#changes li[data-action]")].map((row) => ({
    row, action: row.dataset.action, count: Number(row.dataset.count), text: null, ranges: null,
  }));
  const accounts = [...document.querySelectorAll("#changes .account")];

  // A line may stand for a range of numbers: the digits looked for may be those of one between its ends.
  const within = (digits, fromStart, [first, last]) => {
    const length = String(last).length;
    for (let after = length - digits.length; after >= 0; after--) {
      const unit = 10 ** after, period = 10 ** (after + digits.length);
      const low = Math.floor(first / period) * period + Number(digits) * unit;
      if ([low, low + period].some((low) => low <= last && low + unit > first)) return true;
      if (fromStart) return false;
    }
    return false;
  };

  const read = (entry) => {
    entry.text = entry.row.textContent.toLowerCase();
    entry.ranges = [...entry.text.matchAll(/\+(\d{1,15})\.\.\+(\d{1,15})/g)].map((hit) => [Number(hit[1]), Number(hit[2])]);
  };

  const matches = (entry, wanted, digits) => {
    if (!wanted) return true;
    if (entry.text === null) read(entry);
    if (entry.text.includes(wanted)) return true;
    return digits !== null && (entry.text.includes(digits[0]) || entry.ranges.some((range) => within(digits[2], digits[1] === "+", range)));
  };

  const narrow = () => {
    const wanted = find.value.trim().toLowerCase();
    const digits = /^(\+?)(\d{2,15})$/.exec(wanted.replace(/[\s().-]/g, ""));
    const actions = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0, all = 0;
    for (const entry of rows) {
      const stays = actions.has(entry.action) && matches(entry, wanted, digits);
      entry.row.hidden = !stays;
      all += entry.count;
      if (stays) shown += entry.count;
    }
    for (const account of accounts) account.hidden = !account.querySelector("li:not([hidden])");
    found.textContent = `${shown} of ${all} changes on this page are in the lines shown.`;
  };

  find.addEventListener("input", narrow);
  boxes.forEach((box) => box.addEventListener("change", narrow));
  document.getElementById("fold").addEventListener("click", () => {
    const details = [...document.querySelectorAll("#changes li:not([hidden]) > details")];
    const open = details.some((one) => !one.open);
    details.forEach((one) => { one.open = open; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && document.activeElement !== find) {
      event.preventDefault();
      find.focus();
    } else if (event.key === "Escape" && find.value) {
      event.preventDefault();
      find.value = "";
      narrow();
    }
  });
  controls.hidden = false;
  narrow();
})();
