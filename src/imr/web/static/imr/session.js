// Warns before a session ends for want of activity, and covers the page once it has ended: what was typed stays in it, and is
// shown again when the same person has signed in. Typing and reading count as activity. Without script the site ends the session
// all the same, and gives back what is sent too late.
(() => {
  const warning = document.getElementById("session-ending");
  const cover = document.getElementById("session-ended");
  if (!warning || !cover || !warning.showModal) return;
  const say = warning.dataset;
  const told = cover.querySelector("[role=status]");
  const REPORT = 60000; // milliseconds between two reports that somebody is here
  let busy = false; // something was done since the last report
  let reported = Date.now();
  let timer = 0;
  let final = false; // the session ends whatever is done
  let closed = false; // the word of the end that nothing moves was read

  async function ask(method) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    const headers = { "X-Requested-With": "fetch", Accept: "application/json", "X-CSRFToken": token };
    try {
      const answer = await fetch(`${say.status}?mark=${encodeURIComponent(say.person)}`, { method, headers, credentials: "same-origin", cache: "no-store" });
      if (answer.status === 403 && method === "POST") return await ask("GET"); // signed in again in another window
      return answer.ok && !answer.redirected ? await answer.json() : null;
    } catch {
      return null; // not connected: asked again later
    }
  }

  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000);
  }

  // Another window may have gone on: the site knows.
  async function look() {
    if (busy && !warning.open) return report();
    heard(await ask("GET"));
  }

  async function report() {
    busy = false;
    reported = Date.now();
    heard(await ask("POST"));
  }

  function heard(status) {
    if (!status) return wait(15);
    if (!status.left || !status.same) return end(status);
    open(status);
    say.person = status.person; // the same person's, with the newest key of the site
    final = status.final;
    if (status.left > Number(say.warning)) {
      closed = false;
      if (warning.open) warning.close();
      return wait(status.left - Number(say.warning));
    }
    if (!final) closed = false;
    if (!closed) warn(status.left);
    wait(Math.min(status.left, 10));
  }

  // Nothing prolongs the longest session: the warning then says until when it lasts, and can be closed.
  function warn(left) {
    const at = new Date(Date.now() + left * 1000).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    for (const each of warning.querySelectorAll("[data-final]")) each.hidden = (each.dataset.final === "yes") !== final;
    warning.querySelector("[data-until]").textContent = at;
    if (!warning.open) warning.showModal();
  }

  function answered() {
    if (!final) return report();
    closed = true;
    warning.close();
  }

  function end(status) {
    clearTimeout(timer);
    if (warning.open) warning.close();
    document.body.classList.add("covered");
    if (!cover.open) cover.showModal();
    told.textContent = status.person ? say.other : "";
  }

  function open(status) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = status.token;
    document.body.classList.remove("covered");
    if (cover.open) cover.close();
  }

  async function again() {
    const status = await ask("GET");
    if (status && !status.left) told.textContent = say.not;
    else heard(status);
  }

  for (const name of ["input", "keydown", "pointerdown", "wheel", "scroll"]) {
    document.addEventListener(name, () => {
      busy = true;
      if (Date.now() - reported > REPORT && !cover.open && !warning.open) report();
    }, { passive: true, capture: true });
  }
  for (const button of warning.querySelectorAll("button")) button.addEventListener("click", answered);
  warning.addEventListener("cancel", (event) => { event.preventDefault(); answered(); });
  cover.querySelector("button").addEventListener("click", again);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") (cover.open ? again : look)(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  wait(Number(say.left) - Number(say.warning));
})();
