// Saves a form as it is typed, and says so where one types. What the site does not have yet is kept in this browser,
// encrypted with a key that the site gives to the signed-in person alone, until the site has it. Without script the form
// is saved by its buttons.
(() => {
  const form = document.querySelector("form[data-working-copy]");
  if (!form) return;
  const say = { ...form.dataset };
  form.removeAttribute("data-browser-key");
  const status = document.getElementById("saved");
  const conflict = document.getElementById("conflict");
  const version = form.elements.version;
  const SOON = 1000; // milliseconds after the last key
  const AT_MOST = 5000; // after the first one, for whoever does not pause
  const AGAIN = [2000, 5000, 10000, 20000, 30000];
  const PROBE = 4000; // between two looks whether somebody has signed in again
  const SMALL = 60000; // what a page may still send while it is closed
  const OLD = 30 * 24 * 3600 * 1000;

  let typed = 0; // counts what was typed
  let has = 0; // how much of it the site has
  let sending = false;
  let next = null; // the button that was pressed while something was on its way
  let blocked = Boolean(say.conflict); // until two versions are put together
  let away = false; // signed out, or somebody else is signed in
  let timer = 0;
  let since = 0;
  let tries = 0;
  let kept = false;
  let aside = ""; // shown next to the state until something is typed
  let restored = false; // one was put back: the next one is offered once the site has it
  const unsaved = () => typed !== has;

  function tell(text, link) {
    status.replaceChildren(text, aside && ` ${aside}`);
    if (link) status.append(" ", link);
  }

  function tellNot(problem, link) {
    tell(`${say.not} ${problem} ${kept ? say.kept : say.notKept}`, link);
  }

  function anchor(text, href, blank) {
    const link = Object.assign(document.createElement("a"), { textContent: text, href });
    if (blank) Object.assign(link, { target: "_blank", rel: "noopener" });
    return link;
  }

  function fields() {
    const every = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "version");
    return every.filter(([name]) => name !== "other" && !name.startsWith("keep-")).map(([name, value]) => [name, value.replace(/\r\n/g, "\n")]);
  }

  const same = (one, other) => {
    const text = (all) => JSON.stringify(all.filter(([name]) => name !== "as_of"));
    return text(one) === text(other);
  };

  // What this browser keeps

  const prefix = `imr-${say.name}-`;
  const subtle = window.isSecureContext && window.crypto ? crypto.subtle : undefined;
  const own = subtle ? prefix + crypto.randomUUID() : "";
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const base64 = (data) => btoa(Array.from(new Uint8Array(data), (one) => String.fromCharCode(one)).join(""));
  const key = subtle ? subtle.importKey("raw", bytes(say.browserKey), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
  say.browserKey = "";
  if (own && navigator.locks) navigator.locks.request(own, () => new Promise(() => {})); // says that this page is open

  async function keep() {
    if (!subtle) return;
    const mark = typed;
    try {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const plain = new TextEncoder().encode(JSON.stringify({ fields: fields(), version: version.value }));
      const data = await subtle.encrypt({ name: "AES-GCM", iv }, await key, plain);
      if (mark !== typed || !unsaved()) return; // a later one is on its way, or the site has it
      localStorage.setItem(own, JSON.stringify({ at: Date.now(), iv: base64(iv), data: base64(data) }));
      kept = true;
    } catch {
      kept = false; // no room, or not allowed: the page says that nothing is kept here
    }
  }

  function forget() {
    kept = false;
    if (own) localStorage.removeItem(own);
  }

  async function left() {
    const held = navigator.locks ? (await navigator.locks.query()).held.map((lock) => lock.name) : [];
    const found = [];
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith("imr-")) continue;
      let one;
      try {
        one = JSON.parse(localStorage.getItem(name));
      } catch {
        continue; // not ours
      }
      if (Date.now() - one.at > OLD) localStorage.removeItem(name);
      else if (name.startsWith(prefix) && name !== own && !held.includes(name)) found.push({ name, ...one });
    }
    return found.sort((one, other) => one.at - other.at);
  }

  async function restore() {
    const mark = typed;
    restored = false;
    if (!subtle || blocked) return;
    for (const one of await left()) {
      let before;
      try {
        const plain = await subtle.decrypt({ name: "AES-GCM", iv: bytes(one.iv) }, await key, bytes(one.data));
        before = JSON.parse(new TextDecoder().decode(plain));
      } catch {
        localStorage.removeItem(one.name);
        tell(say.unreadable);
        continue;
      }
      if (same(before.fields, fields())) {
        localStorage.removeItem(one.name);
        continue;
      }
      restored = true;
      if (typed !== mark) return; // somebody types: once that is saved
      fill(before.fields);
      version.value = before.version;
      typed += 1;
      aside = say.restored;
      await keep();
      if (kept) localStorage.removeItem(one.name);
      await save();
      return; // another one, once the site has this one: then both are shown
    }
  }

  function fill(values) {
    for (const field of form.elements) {
      if (!field.name || ["csrfmiddlewaretoken", "version"].includes(field.name)) continue;
      const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
      else if (mine.length) field.value = mine[0];
    }
  }

  // What goes to the site

  async function ask(content, closing = false) {
    const headers = { "X-Requested-With": "fetch", Accept: "application/json" };
    const how = content === undefined ? { headers } : { method: "POST", headers, body: content, keepalive: closing };
    const answer = await fetch(say.workingCopy, { ...how, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(60000) });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json") && !answer.redirected;
    return { status: answer.status, json: isJson ? await answer.json() : null };
  }

  function body(button) {
    const sent = new URLSearchParams(fields());
    sent.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    sent.append("version", version.value);
    if (!button) return sent;
    sent.append(button.name, button.value);
    for (const [name, value] of new FormData(form)) if (name === "other" || name.startsWith("keep-")) sent.append(name, value);
    return sent;
  }

  async function save(button) {
    clearTimeout(timer);
    if (blocked && button?.name !== "merge") return;
    if (sending) {
      next = button || next;
      return;
    }
    sending = true;
    since = 0;
    const mark = typed;
    tell(say.saving);
    let answer;
    try {
      answer = await ask(body(button));
    } catch {
      answer = null;
    }
    sending = false;
    heard(answer, mark, button);
    if (next && !away) {
      const pressed = next;
      next = null;
      save(pressed);
    }
  }

  function heard(answer, mark, button) {
    if (!answer) {
      again(say.offline, button);
    } else if ([401, 403, 404].includes(answer.status)) {
      leave(button);
    } else if (answer.json?.conflict) {
      blocked = true;
      conflict.innerHTML = answer.json.conflict;
      tellNot(say.conflictFound, anchor("↑", "#conflict-found"));
    } else if (answer.json?.problem) {
      tellNot(`${answer.json.problem}.`);
    } else if (answer.status === 200 && answer.json?.name === say.name) {
      done(answer.json, mark, button);
    } else {
      again(say.refused.replace("%s", answer.status), button);
    }
  }

  function done(json, mark, button) {
    version.value = json.version;
    has = mark;
    tries = 0;
    tell(say.at.replace("%s", json.saved));
    if (unsaved()) {
      soon();
      return;
    }
    forget();
    if (button?.name === "look") location.assign(say.look);
    else if (button && button.name !== "send") location.replace(form.action);
    else if (restored) restore();
  }

  function again(problem, button) {
    tellNot(problem);
    const wait = AGAIN[Math.min(tries, AGAIN.length - 1)];
    tries += 1;
    clearTimeout(timer);
    timer = setTimeout(() => save(button), wait);
  }

  function soon() {
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(() => save(), Math.max(0, Math.min(SOON, since + AT_MOST - Date.now())));
  }

  // Signed out, and back

  function leave(button) {
    away = true;
    next = button || next;
    probe();
  }

  async function probe() {
    clearTimeout(timer);
    let answer;
    try {
      answer = await ask();
    } catch {
      answer = null;
    }
    if (!away) return;
    const back = answer?.json?.name === say.name;
    if (back) {
      away = false;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.json.token;
      const pressed = next;
      next = null;
      save(pressed);
      return;
    }
    const why = !answer ? say.offline : answer.status === 401 ? say.signedOut : say.somebodyElse;
    tellNot(why, answer ? anchor(say.signIn, say.signInAt, true) : null);
    timer = setTimeout(probe, PROBE);
  }

  async function look() {
    if (away) {
      probe();
    } else if (!unsaved() && !blocked && !sending) {
      const answer = await ask().catch(() => null);
      const newer = answer?.json?.name === say.name && answer.json.version !== undefined && String(answer.json.version) !== version.value;
      if (newer && !unsaved()) location.replace(form.action); // another window went on: nothing is typed here
    }
  }

  form.addEventListener("input", (event) => {
    if (conflict.contains(event.target)) return;
    typed += 1;
    aside = "";
    if (!blocked && !away && !sending) tell(say.typing);
    keep();
    if (!away && !tries) soon();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (blocked && event.submitter?.name !== "merge") {
      document.getElementById("conflict-found")?.focus();
      return;
    }
    if (away) {
      next = event.submitter;
      probe();
    } else {
      if (event.submitter?.name === "merge") typed += 1;
      save(event.submitter);
    }
  });
  window.addEventListener("online", () => (away ? probe() : unsaved() && save()));
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      look();
    } else if (unsaved() && !sending && !blocked && !away) {
      const sent = body();
      if (sent.toString().length < SMALL) {
        const mark = typed;
        sending = true;
        ask(sent, true).catch(() => null).then((answer) => { sending = false; heard(answer, mark); });
      }
    }
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved() && !kept) event.preventDefault(); });
  if (blocked) {
    typed += 1; // what was typed here is not saved
    keep();
  }
  restore();
})();
