// Shows what was typed into a password field on request, and how strong a new password is. Without script nothing is lacking.
(() => {
  const LEAST = 12; // as the site asks
  // What is said of a new password, and how full the meter is: 0 to 4.
  function judged(password) {
    const letters = [...password];
    const different = new Set(letters).size;
    if (!letters.length) return [0, ""];
    if (letters.length < LEAST) return [1, `${LEAST - letters.length} more characters are needed.`];
    if (different < 6) return [1, "Long enough, but of few different characters: easy to guess."];
    if (letters.length < 16) return [3, "Long enough. Four words that do not belong together are stronger."];
    return [4, "Strong, unless it is a phrase or a password that others know."];
  }
  for (const field of document.querySelectorAll('input[type="password"]')) {
    const choice = document.createElement("div");
    choice.className = "choice";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.id = `${field.id}-shown`;
    const label = document.createElement("label");
    label.htmlFor = box.id;
    label.textContent = "Show what I type";
    choice.append(box, label);
    field.after(choice);
    const hide = () => {
      box.checked = false;
      field.type = "password";
    };
    box.addEventListener("change", () => {
      field.type = box.checked ? "text" : "password";
    });
    field.form?.addEventListener("submit", hide);
    window.addEventListener("pagehide", hide);
    if (field.autocomplete !== "new-password" || !field.name.endsWith("1")) continue;
    const meter = document.createElement("meter");
    meter.max = 4;
    meter.low = 2;
    meter.high = 3;
    meter.optimum = 4;
    meter.setAttribute("aria-label", "Strength of the password");
    const said = document.createElement("p");
    said.className = "quiet";
    said.setAttribute("role", "status");
    choice.after(meter, said);
    const show = () => {
      const [strength, words] = judged(field.value);
      meter.value = strength;
      said.textContent = words;
    };
    field.addEventListener("input", show);
    show();
  }
})();
