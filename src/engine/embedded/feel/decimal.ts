/**
 * Numbers as Camunda's FEEL has them: decimals of 34 significant digits (IEEE 754 decimal128), so 0.1 + 0.2 is 0.3 and 1 / 3 * 3 is not 1.
 * A whole number that JavaScript holds exactly is a plain `number`, and so is a number that comes straight out of a variable; what
 * is computed and not whole is a `Decimal`. All are `Num`.
 */

import { Failure, spend } from './budget.ts';

/** `digits` × 10^-`scale`; the scale is kept as written, as `string(1.50)` shows it. */
export class Decimal {
  readonly digits: bigint;
  readonly scale: number;

  constructor(digits: bigint, scale: number) {
    this.digits = digits;
    this.scale = scale;
  }
}

export type Num = number | Decimal;

const PRECISION = 34;

const POWERS: readonly bigint[] = Array.from({ length: 100 }, (_, n) => 10n ** BigInt(n));

/** @throws Failure when numbers so far apart would have to be brought together digit by digit */
function pow10(n: number): bigint {
  const known = POWERS[n];
  if (known !== undefined) return known;
  if (!(n < 4 * LARGEST_EXPONENT)) throw outOfRange();
  // such numbers are slow to work with, the more the longer they are
  spend((n / 100) ** 2);
  return 10n ** BigInt(n);
}

/** As the format decimal128 has it; the engine's own numbers go further, to where no calculation ends. */
const LARGEST_EXPONENT = 6144;
const outOfRange = (): Failure => new Failure(`a number with an exponent beyond ${LARGEST_EXPONENT} is not supported`);

function digitCount(n: bigint): number {
  return (n < 0n ? -n : n).toString().length;
}

/** Divides and rounds half to even. */
function divideHalfEven(n: bigint, by: bigint): bigint {
  const quotient = n / by;
  const rest = n % by;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const size = by < 0n ? -by : by;
  if (twice < size || (twice === size && quotient % 2n === 0n)) return quotient;
  return quotient + (n < 0n === by < 0n ? 1n : -1n);
}

/** JSON numbers are doubles, and Camunda reads a double by its shortest text. */
function toDecimal(n: Num): Decimal {
  if (typeof n !== 'number') return n;
  if (Number.isSafeInteger(n)) return new Decimal(BigInt(n), 0);
  const read = parseNum(String(n)) ?? 0;
  return typeof read === 'number' ? new Decimal(BigInt(read), 0) : read;
}

function whole(n: Num): n is number {
  return typeof n === 'number' && Number.isSafeInteger(n);
}

/** Rounds to 34 digits; what fits a whole JavaScript number and has no decimals becomes one. */
function rounded(digits: bigint, scale: number): Num {
  const over = digitCount(digits) - PRECISION;
  if (over > 0) {
    const cut = divideHalfEven(digits, pow10(over));
    return rounded(cut, scale - over);
  }
  if (Math.abs(scale) > LARGEST_EXPONENT + PRECISION) throw outOfRange();
  if (scale === 0 && digits <= BigInt(Number.MAX_SAFE_INTEGER) && digits >= BigInt(Number.MIN_SAFE_INTEGER))
    return Number(digits);
  return new Decimal(digits, scale);
}

/** More digits than these are not read one by one. */
const LONGEST_NUMBER = 200;

/** @param text decimal digits with optional sign, fraction and exponent; undefined when it is none */
export function parseNum(text: string): Num | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', integer = '', fraction = '', exponent = '0'] = match;
  if (integer === '' && fraction === '') return undefined;
  const all = (integer + fraction).replace(/^0+(?=\d)/, '');
  // reading very many digits is slow, and of those beyond the precision only counts whether one is not zero
  const rest = all.slice(LONGEST_NUMBER);
  const sticky = rest === '' ? '' : /[1-9]/.test(rest) ? '1' : '0';
  const digits = BigInt(all.slice(0, LONGEST_NUMBER) + sticky) * (sign === '-' ? -1n : 1n);
  const dropped = rest === '' ? 0 : rest.length - 1;
  return rounded(digits, fraction.length - Number(exponent) - dropped);
}

/**
 * As a result: whole numbers become 64-bit integers (and wrap around like them), others the nearest double.
 */
export function toDouble(n: Num): number {
  if (typeof n === 'number') return n;
  const { digits, scale } = n;
  if (scale <= 0) return Number(BigInt.asIntN(64, digits * pow10(-scale)));
  const unit = pow10(scale);
  if (digits % unit === 0n) return Number(BigInt.asIntN(64, digits / unit));
  return Number(`${digits}e${-scale}`);
}

export function isWhole(n: Num): boolean {
  return typeof n === 'number' ? Number.isInteger(n) : n.scale <= 0 || n.digits % pow10(n.scale) === 0n;
}

/** Cut to a 32-bit integer, as positions and lengths are. */
export function toInt(n: Num): number {
  if (typeof n === 'number') return Math.trunc(n) | 0;
  const cut = n.scale > 0 ? n.digits / pow10(n.scale) : n.digits * pow10(-n.scale);
  return Number(BigInt.asIntN(32, cut));
}

/** As `string()` writes it: like Java's BigDecimal, with an exponent for the very small. */
export function numText(n: Num): string {
  if (whole(n)) return String(n);
  const { digits, scale } = toDecimal(n);
  const sign = digits < 0n ? '-' : '';
  const plain = (digits < 0n ? -digits : digits).toString();
  const exponent = plain.length - 1 - scale;
  if (scale >= 0 && exponent >= -6) {
    if (scale === 0) return sign + plain;
    const padded = plain.padStart(scale + 1, '0');
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = plain.length > 1 ? `${plain.charAt(0)}.${plain.slice(1)}` : plain;
  return `${sign}${mantissa}E${exponent >= 0 ? '+' : ''}${exponent}`;
}

/** Negative, zero or positive. */
export function compareNum(a: Num, b: Num): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const x = toDecimal(a);
  const y = toDecimal(b);
  const scale = Math.max(x.scale, y.scale);
  const difference = x.digits * pow10(scale - x.scale) - y.digits * pow10(scale - y.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function add(a: Num, b: Num): Num {
  if (whole(a) && whole(b)) {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const x = toDecimal(a);
  const y = toDecimal(b);
  const scale = Math.max(x.scale, y.scale);
  return rounded(x.digits * pow10(scale - x.scale) + y.digits * pow10(scale - y.scale), scale);
}

export function negate(a: Num): Num {
  if (typeof a === 'number') return a === 0 ? 0 : -a;
  return new Decimal(-a.digits, a.scale);
}

export function subtract(a: Num, b: Num): Num {
  return add(a, negate(b));
}

export function multiply(a: Num, b: Num): Num {
  if (whole(a) && whole(b)) {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  const x = toDecimal(a);
  const y = toDecimal(b);
  return rounded(x.digits * y.digits, x.scale + y.scale);
}

export function isZero(n: Num): boolean {
  return typeof n === 'number' ? n === 0 : n.digits === 0n;
}

/** @returns undefined when the divisor is zero */
export function divide(a: Num, b: Num): Num | undefined {
  if (isZero(b)) return undefined;
  if (whole(a) && whole(b) && a % b === 0) return a / b === 0 ? 0 : a / b;
  const x = toDecimal(a);
  const y = toDecimal(b);
  const preferred = x.scale - y.scale;
  if (x.digits === 0n) return rounded(0n, Math.max(preferred, 0));
  // one digit more than needed, so that a remainder only decides how to round
  const shift = PRECISION + 3 + Math.max(0, digitCount(y.digits) - digitCount(x.digits));
  const numerator = x.digits * pow10(shift);
  let digits = numerator / y.digits;
  let scale = preferred + shift;
  if (numerator % y.digits !== 0n) {
    // a sticky digit keeps the rounding right
    digits = digits * 10n + (digits < 0n || numerator < 0n !== y.digits < 0n ? -1n : 1n);
    scale += 1;
    return rounded(digits, scale);
  }
  while (scale > preferred && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  return rounded(digits, scale);
}

/** @param exponent a whole number */
export function power(a: Num, exponent: number): Num | undefined {
  let result: Num = 1;
  let base = a;
  for (let n = Math.abs(exponent); n > 0; n >>= 1) {
    if (n & 1) result = multiply(result, base);
    base = multiply(base, base);
  }
  return exponent < 0 ? divide(1, result) : result;
}

export type Rounding = 'floor' | 'ceiling' | 'up' | 'down' | 'half up' | 'half down' | 'half even';

/** To so many decimals; a negative number of decimals rounds tens, hundreds … */
export function round(n: Num, decimals: number, mode: Rounding): Num {
  if (Math.abs(decimals) > LARGEST_EXPONENT) throw outOfRange();
  const x = toDecimal(n);
  if (x.scale <= decimals) return rounded(x.digits * pow10(decimals - x.scale), decimals);
  const unit = pow10(x.scale - decimals);
  let quotient = x.digits / unit;
  const rest = x.digits % unit;
  if (rest !== 0n) {
    const away = x.digits < 0n ? -1n : 1n;
    const twice = (rest < 0n ? -rest : rest) * 2n;
    const up =
      mode === 'up' ||
      (mode === 'floor' && away < 0n) ||
      (mode === 'ceiling' && away > 0n) ||
      (mode === 'half up' && twice >= unit) ||
      (mode === 'half down' && twice > unit) ||
      (mode === 'half even' && (twice > unit || (twice === unit && quotient % 2n !== 0n)));
    if (up) quotient += away;
  }
  return rounded(quotient, decimals);
}

/** The rest with the sign of the divisor (floored division). */
export function modulo(a: Num, b: Num): Num {
  if (whole(a) && whole(b)) {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest === 0 ? 0 : rest;
  }
  const x = toDecimal(a);
  const y = toDecimal(b);
  const scale = Math.max(x.scale, y.scale);
  const dividend = x.digits * pow10(scale - x.scale);
  const divisor = y.digits * pow10(scale - y.scale);
  let rest = dividend % divisor;
  if (rest !== 0n && rest < 0n !== divisor < 0n) rest += divisor;
  return rounded(rest, scale);
}
