/** The id that something new goes by in addresses: like its name where that has Latin letters, and never one's again. */

/** @param {string} name @param {string} kind */
export function newId(name, kind) {
  const like = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  return `${like || kind}-${crypto.randomUUID().slice(0, 6)}`;
}
