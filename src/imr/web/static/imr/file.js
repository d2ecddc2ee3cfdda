// Keys of the case file: a link or field that names its key in data-key is followed or reached by it. Without script the links do.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea") && event.key !== "Escape") return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!named) return;
  event.preventDefault();
  if (named.matches("input")) named.focus(); else named.click();
});
