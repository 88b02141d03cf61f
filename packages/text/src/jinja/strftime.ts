import { fail } from "./template-error.js";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const two = (value: number, fill = "0"): string => String(value).padStart(2, fill);
const hour = (date: Date): number => date.getHours() % 12 || 12;
const dayOfYear = (date: Date): number =>
  1 + Math.round((Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 1)) / 86_400_000);

const directives: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getFullYear()),
  y: (date) => two(date.getFullYear() % 100),
  m: (date) => two(date.getMonth() + 1),
  B: (date) => months[date.getMonth()]!,
  b: (date) => months[date.getMonth()]!.slice(0, 3),
  d: (date) => two(date.getDate()),
  e: (date) => two(date.getDate(), " "),
  A: (date) => days[date.getDay()]!,
  a: (date) => days[date.getDay()]!.slice(0, 3),
  j: (date) => String(dayOfYear(date)).padStart(3, "0"),
  H: (date) => two(date.getHours()),
  I: (date) => two(hour(date)),
  M: (date) => two(date.getMinutes()),
  S: (date) => two(date.getSeconds()),
  p: (date) => (date.getHours() < 12 ? "AM" : "PM"),
  F: (date) => strftime(date, "%Y-%m-%d"),
  T: (date) => strftime(date, "%H:%M:%S"),
  "%": () => "%",
};

/** Local time as Python's `strftime` writes it in the C locale; `%-d` leaves out the zero, as on Linux. */
export function strftime(date: Date, format: string): string {
  return format.replaceAll(/%(-?)([^]?)/g, (all, minus: string, letter: string) => {
    const write = Object.hasOwn(directives, letter) ? directives[letter]! : fail(`strftime_now does not support "${all}"`);
    return minus ? write(date).replace(/^[0 ](?=.)/, "") : write(date);
  });
}
