/** Sums as people write them: an amount in the smallest coins, with its currency. */

import { language } from "desk/words";

/** How many digits its coins have. @param {string} currency */
export const digits = (currency) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** @param {{minor: number, currency: string}} price */
export const money = ({ minor, currency }) => new Intl.NumberFormat(language.value, { style: "currency", currency }).format(minor / 10 ** digits(currency));
