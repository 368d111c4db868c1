/** Signing in: the authorization code with PKCE (RFC 7636), at the user pool's own page. */

import { signal } from "@preact/signals";
import { isEnding } from "desk/early";
import { forget, recall, remember } from "desk/kept_in_tab";
import { page } from "desk/page";

const SIGNED_IN = "signed-in", LEAVING = "leaving";
const callback = `${page.address}/desk/callback`;

/** @typedef {{token: string, refresh: string, until: number}} Session */
/** @type {import("@preact/signals").Signal<Session | null>} */
export const session = signal(recall(SIGNED_IN));
/** Whether the sign-in ended under somebody's hands: they are asked for it again, and what they typed stays. */
export const hasEnded = signal(false);

/** What keeps this tab from going on, by the name of its words. */
export class Trouble extends Error {}
/** What keeps the whole desk shut, by the name of its words. */
export const trouble = signal("");

/** @param {Uint8Array} bytes */
function encoded(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export async function signIn() {
  const back = location.pathname === "/desk/callback" ? "/desk" : location.pathname + location.search;
  if (location.origin !== new URL(page.address).origin) return location.assign(page.address + back);
  const [verifier, state] = [1, 2].map(() => encoded(crypto.getRandomValues(new Uint8Array(32))));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  remember(LEAVING, { verifier, state, back });
  location.assign(`${page.signIn}/oauth2/authorize?${new URLSearchParams({
    response_type: "code", client_id: page.client, redirect_uri: callback, scope: "openid", state,
    code_challenge: encoded(new Uint8Array(digest)), code_challenge_method: "S256",
  })}`);
}

/**
 * Only the tab that left for the sign-in takes its answer, and only once.
 * @param {URLSearchParams} asked
 */
export async function comeBack(asked) {
  const left = recall(LEAVING), code = asked.get("code");
  remember(LEAVING, null);
  if (!left || !code || asked.get("state") !== left.state) throw new Trouble("refused");
  const grant = { grant_type: "authorization_code", code, redirect_uri: callback, code_verifier: left.verifier };
  if (!(await exchange(grant))) throw new Trouble("refused");
  location.replace(left.back);
}

/** @type {Promise<void> | null} */
let renewing = null;

/** Once, however many requests wait for it. Raises Trouble where the sign-in has ended. */
export function renew() {
  renewing ??= renewed().finally(() => (renewing = null));
  return renewing;
}

export const isEndingSoon = () => isEnding(session.value);

async function renewed() {
  const refresh = session.value?.refresh ?? "";
  if (await exchange({ grant_type: "refresh_token", refresh_token: refresh })) return;
  remember(SIGNED_IN, null);
  hasEnded.value = true;
  throw new Trouble("ended");
}

/** @param {Record<string, string>} grant */
async function exchange(grant) {
  const body = new URLSearchParams({ client_id: page.client, ...grant });
  const answer = await reach(`${page.signIn}/oauth2/token`, { method: "POST", body });
  if (!answer.ok) return false;
  const { id_token: token, refresh_token: refresh = session.value?.refresh, expires_in: seconds } = await answer.json();
  session.value = { token, refresh, until: Date.now() + seconds * 1000 };
  remember(SIGNED_IN, session.value);
  return true;
}

export function signOut() {
  const us = { client_id: page.client };
  const token = session.value?.refresh ?? "";
  navigator.sendBeacon(`${page.signIn}/oauth2/revoke`, new URLSearchParams({ token, ...us }));
  forget();
  location.assign(`${page.signIn}/logout?${new URLSearchParams({ logout_uri: `${page.address}/desk`, ...us })}`);
}

/** @param {string} address @param {RequestInit} how */
export async function reach(address, how) {
  try {
    return await fetch(address, { ...how, cache: "no-store", signal: AbortSignal.timeout(30_000) });
  } catch {
    throw new Trouble("unreachable");
  }
}

/** @typedef {{email: string, business: string, staff: string, leads: boolean, owns: boolean}} Person */
/** @returns {Person} who is signed in, as their token says it; what they may is for the server to say */
export function whoami() {
  const middle = (session.value?.token ?? "").split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(middle), (letter) => letter.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  const groups = String(claims["cognito:groups"] ?? "");
  return {
    email: claims.email ?? "",
    business: claims["custom:business"] ?? "",
    staff: claims["custom:staff"] ?? "",
    leads: /owner|manager/.test(groups),
    owns: /owner/.test(groups),
  };
}
