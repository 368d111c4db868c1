/** A file that the browser keeps. */

/** @param {string} name @param {string} csv */
export function saveFile(name, csv) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
