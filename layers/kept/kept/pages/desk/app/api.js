/** Asking the API: with the sign-in, again where that is safe, and every refusal as a problem that has words. */

import { signal } from "@preact/signals";
import { asStaff, taken } from "desk/early";
import { Trouble, isEndingSoon, reach, renew, session, trouble } from "desk/session";

const WAITS = [400, 1200, 3000]; // ms before a request is tried again
const SMALL = 20_000; // characters; a browser carries 64 KiB on for pages that are gone
const PASSES = [429, 502, 503, 504];

/** Whether the last request reached the server. */
export const online = signal(navigator.onLine);

/** Why the API refuses: a problem document (RFC 9457). */
export class Problem extends Error {
  /** @param {number} status @param {Record<string, any>} about */
  constructor(status, about) {
    super(about.detail ?? about.title ?? about.code ?? String(status));
    this.status = status;
    this.code = String(about.code ?? "");
    this.about = about;
  }
}

/** @typedef {{data: any, etag: string | null, unchanged: boolean}} Answer */

/** @param {string} path @param {string | null} [etag] of what is known already @returns {Promise<Answer>} */
export const look = (path, etag) => asked("GET", path, undefined, etag ? { "If-None-Match": etag } : {});

/** Which answers are still news: one that was overtaken, by a later one or by an act of ours that is drawn, shows what is so no more. */
export function news() {
  let asked = 0, shown = 0;
  return {
    /** @returns {() => boolean} whether its answer is; from then on nothing older */
    asks: (turn = ++asked) => () => turn >= shown && Boolean((shown = turn)),
    acts: () => void (shown = asked + 1),
  };
}

/** @param {string} path */
export const get = async (path) => (await look(path)).data;

/** What is no JSON: a file, with its mark of UTF-8. @param {string} path @param {object} [body] what it is asked with @returns {Promise<string>} */
export const text = async (path, body) => (await asked(body ? "POST" : "GET", path, body, {}, written)).data;

/**
 * A write. Asked again under the same key it does nothing twice.
 * @param {string} method @param {string} path @param {object} [body] @param {string} [key]
 */
export async function send(method, path, body = {}, key = crypto.randomUUID()) {
  return (await asked(method, path, body, { "Idempotency-Key": key })).data;
}

/** @param {string} path @param {object} [body] @param {string} [key] */
export const post = (path, body, key) => send("POST", path, body, key);

/**
 * @param {string} method @param {string} path @param {object | undefined} body
 * @param {Record<string, string>} headers @param {(answer: Response) => Promise<any>} [as] @returns {Promise<Answer>}
 */
async function asked(method, path, body, headers, as = read) {
  if (isEndingSoon()) await renew();
  let answer = await tried(method, path, body, headers);
  if (answer.status === 401) {
    await renew();
    answer = await tried(method, path, body, headers);
    if (answer.status === 401) trouble.value = "no_role"; // a fresh sign-in that the API does not know
  }
  online.value = true;
  if (answer.status === 304) return { data: null, etag: answer.headers.get("ETag"), unchanged: true };
  if (answer.ok) return { data: await as(answer), etag: answer.headers.get("ETag"), unchanged: false };
  throw new Problem(answer.status, (await read(answer).catch(() => null)) ?? {});
}

/** @param {Response} answer its bytes as they came, for text() takes the mark away */
const written = async (answer) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(await answer.arrayBuffer());

/** @param {Response} answer */
async function read(answer) {
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

/**
 * Every request may be tried again: one that reads changes nothing, one that writes has its key.
 * @param {string} method @param {string} path @param {object | undefined} body @param {Record<string, string>} headers
 */
async function tried(method, path, body, headers) {
  const written = body && JSON.stringify(body);
  for (const wait of [...WAITS, 0]) {
    try {
      const begun = method === "GET" ? taken(path) : undefined;
      const answer = await (begun ?? reach(path, {
        method,
        body: written,
        keepalive: !!written && written.length < SMALL, // what was pressed is done also where the page is left at once
        headers: {
          ...asStaff(session.value?.token ?? ""),
          ...(body && { "Content-Type": "application/json" }),
          ...headers,
        },
      }));
      if (!wait || !PASSES.includes(answer.status)) return answer;
    } catch (trouble) {
      online.value = false;
      if (!wait) throw trouble;
    }
    await new Promise((go) => setTimeout(go, wait));
  }
  throw new Trouble("unreachable");
}

addEventListener("online", () => (online.value = true));
addEventListener("offline", () => (online.value = false));
