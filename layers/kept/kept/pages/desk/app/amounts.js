/** Amounts of money: whole numbers of a currency's smallest coin, said and typed as people do. */

import { language } from "desk/words";

/** @typedef {{minor: number, currency: string}} Amount */

/** Whole, as CLDR and so all of Kept has them, though ISO 4217 and some browsers do not. */
const WHOLE = "AFN ALL IQD IRR KPW LAK LBP MGA MMK RSD SOS SYP YER";
/** How many figures stand behind the point. @param {string} currency */
export const digits = (currency) => (WHOLE.includes(currency) ? 0 : new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2);

/** @param {Amount} amount */
export const money = ({ minor, currency }) => new Intl.NumberFormat(language.value, { style: "currency", currency }).format(minor / 10 ** digits(currency));

/** For an input. @param {Amount} amount */
export const typed = ({ minor, currency }) => (minor / 10 ** digits(currency)).toFixed(digits(currency));

/** Of what was typed; NaN where it is none. @param {string} text @param {string} currency */
export const minorOf = (text, currency) => (text.trim() ? Math.round(Number(text) * 10 ** digits(currency)) : NaN);
