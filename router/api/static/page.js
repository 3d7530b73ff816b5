/* Keeps the board live: swaps the sections the server sends, counts running times, says when it went stale.
   It decides nothing and sends nothing. All HTML comes escaped from the server of this page. */
"use strict";

const STALE_AFTER = 6000; // ms without a word: the server speaks every 2 s
const connection = document.getElementById("connection");
const label = document.getElementById("live");
const stale = document.getElementById("stale");
const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });

let offset = Number(document.body.dataset.now) - Date.now(); // the server's clock less ours
let heardAt = Date.now();
let again = 500;
let saidAt = 0;

function lasting(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  if (s < 100) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min` + (s < 600 ? ` ${two(s % 60)} s` : "");
  return `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)}`;
}

function tick() {
  const now = Date.now() + offset;
  if (connection.className !== "stale") {
    for (const time of document.querySelectorAll("time[data-since]")) {
      time.textContent = lasting(now - Number(time.dataset.since));
    }
  }
  if (Date.now() - heardAt > STALE_AFTER) show("stale");
}

function localise(root) {
  for (const time of root.querySelectorAll("time[data-at]")) {
    const at = new Date(Number(time.dataset.at));
    time.textContent = clock.format(at);
    time.dateTime = at.toISOString();
  }
}

function show(state) {
  if (connection.className === state) return;
  connection.className = state;
  label.textContent = connection.dataset[state];
  stale.textContent = state === "stale" ? clock.format(new Date(heardAt)) : "";
  document.body.classList.toggle("stale", state === "stale");
}

function take(message) {
  offset = message.now - Date.now();
  heardAt = Date.now();
  for (const [id, html] of Object.entries(message.sections)) {
    const target = document.getElementById(id);
    // what is read aloud comes at most every 20 s, or nobody could follow
    if (id === "summary" && (heardAt - saidAt < 20000 || target.innerHTML === html)) continue;
    if (id === "summary") saidAt = heardAt;
    target.innerHTML = html;
    localise(target);
  }
  show("live");
  tick();
}

function connect() {
  const address = new URL(`/board/live?lang=${language}`, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  const silence = setInterval(() => {
    if (Date.now() - heardAt > STALE_AFTER) socket.close();
  }, 1000);
  heardAt = Math.max(heardAt, Date.now() - STALE_AFTER + 2000); // a new socket gets time for its first word
  socket.onmessage = (event) => {
    again = 500;
    take(JSON.parse(event.data));
  };
  socket.onclose = (event) => {
    clearInterval(silence);
    if (event.code === 4401) location.reload(); // the session is over: the server shows what is next
    else {
      show("stale");
      setTimeout(connect, again * (0.5 + Math.random()));
      again = Math.min(again * 2, 8000);
    }
  };
}

localise(document);
setInterval(tick, 1000);
connect();
