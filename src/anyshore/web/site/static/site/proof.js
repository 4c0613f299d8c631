/* Recomputes an export of a ledger in the browser: the same check as docs/reference/ledger.md, by WebCrypto. */
"use strict";

const ZEROS = "0".repeat(64);
const AT_ONCE = 500;
const bytesOf = (text) => new TextEncoder().encode(text);
const digest = async (bytes) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((one) => one.toString(16).padStart(2, "0")).join("");

// Keys are sorted by code point, as Python sorts them; JavaScript sorts by UTF-16 units.
const byCodePoint = (one, other) => {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    if (left[place] !== right[place]) return left[place].codePointAt(0) - right[place].codePointAt(0);
  }
  return left.length - right.length;
};

const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort(byCodePoint).map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
};

const withoutHash = (entry) => canonical(Object.fromEntries(Object.entries(entry).filter(([key]) => key !== "hash")));

const linesOf = (bytes) => {
  const found = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    const next = end < 0 ? bytes.length : end + 1;
    found.push(bytes.subarray(start, next));
    start = next;
  }
  return found;
};

const parsed = (line) => JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line));
const wrong = (code, entry) => ({ problem: code, entry });

const checkEntry = async (line, entry, place, previous, engagement) => {
  if (new TextDecoder().decode(line) !== `${canonical(entry)}\n`) return "form";
  if (entry.sequence !== place) return "missing";
  if (entry.engagement !== engagement) return "other";
  if (entry.previous !== previous) return "chain";
  return (await digest(bytesOf(previous + withoutHash(entry)))) === entry.hash ? "" : "changed";
};

/* What is wrong with an export, and with which entry; or how many entries are sound, and the hashes by their place. */
const verifyExport = async (buffer, told = () => {}) => {
  const bytes = new Uint8Array(buffer);
  const lines = linesOf(bytes);
  if (lines.length < 2) return wrong("cut", 0);
  try {
    const [header, trailer] = [parsed(lines[0]), parsed(lines[lines.length - 1])];
    if (header.format !== "anyshore-ledger" || header.version !== 1) return wrong("format", 0);
    for (const [line, what] of [[lines[0], header], [lines[lines.length - 1], trailer]]) {
      if (new TextDecoder().decode(line) !== `${canonical(what)}\n`) return wrong("form", 0);
    }
    const hashes = [ZEROS];
    const last = lines.length - 1;
    for (let start = 1; start < last; start += AT_ONCE) {
      const some = lines.slice(start, Math.min(start + AT_ONCE, last)).map(parsed);
      const before = (index) => (index ? some[index - 1].hash : hashes[start - 1]);
      const found = await Promise.all(some.map((entry, index) => checkEntry(lines[start + index], entry, start + index, before(index), header.engagement)));
      const place = found.findIndex(Boolean);
      if (place >= 0) return wrong(found[place], start + place);
      some.forEach((entry) => hashes.push(entry.hash));
      told(start + some.length - 1);
    }
    const count = last - 1;
    if (trailer.count !== count || trailer.head !== hashes[count]) return wrong("end", count);
    const whole = bytes.subarray(0, bytes.length - lines[last].length);
    if (trailer.digest !== (await digest(whole))) return wrong("bytes", count);
    return { count, head: hashes[count], hashes, engagement: header.engagement };
  } catch {
    return wrong("form", 0);
  }
};

/* The head seen last in this browser: a chain written anew from its beginning is sound, but holds another hash there. */
const sinceLast = (found) => {
  const name = `anyshore.proof.${found.engagement}`;
  const seen = JSON.parse(localStorage.getItem(name) || "null");
  const rewritten = Boolean(seen) && found.hashes[seen.count] !== seen.head;
  if (!rewritten) localStorage.setItem(name, JSON.stringify({ count: found.count, head: found.head }));
  return { seen, rewritten };
};

const show = (part, words, more = {}) => {
  const place = part.querySelector("[data-proof-said]");
  const text = part.querySelector(`[data-say="${words}"]`).textContent;
  place.textContent = text.trim().replace(/\s+/g, " ").replace(/\{(\w+)\}/g, (_all, name) => more[name]);
  part.dataset.proofState = words;
};

const prove = async (part) => {
  if (!window.isSecureContext || !window.crypto.subtle) return show(part, "insecure");
  const number = (value) => value.toLocaleString(document.documentElement.lang);
  show(part, "reading");
  const answer = await fetch(part.dataset.proof, { credentials: "same-origin" });
  if (!answer.ok) return show(part, "refused");
  const found = await verifyExport(await answer.arrayBuffer(), (done) => show(part, "under-way", { n: number(done) }));
  if (found.problem) return show(part, `wrong-${found.problem}`, { n: number(found.entry) });
  const { seen, rewritten } = sinceLast(found);
  if (rewritten) return show(part, "rewritten", { n: number(seen.count) });
  show(part, seen ? "sound-since" : "sound", { n: number(found.count), seen: seen && number(seen.count), head: found.head });
  return undefined;
};

document.querySelectorAll("[data-proof]").forEach((part) => {
  part.querySelector("button").addEventListener("click", () => prove(part));
  prove(part);
});
