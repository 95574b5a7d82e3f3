/** What a failed statement means for the commands in it. */

/** Why a statement was certainly not carried out. */
export interface StoreFailure {
  /** `data`: the fault of what one command wrote; `server`: nobody's fault, the same may go well later. */
  readonly kind: 'data' | 'server';
  /** SQLSTATE, or the driver's own code. */
  readonly code: string;
  /** What was thrown, for the log, which knows what of it may be written: the database's sentence quotes what people wrote. */
  readonly error: unknown;
}

/** Codes of Node itself and of names that could not be resolved: the connection, not the statement. */
const CONNECTION = /^(E[A-Z]+|EAI_[A-Z]+)$/;

/**
 * @param error what the driver threw
 * @returns undefined when the connection or the server was lost, so that nobody knows whether the statement was carried out. That is
 *   so for classes 08 (connection) and 57P (the server goes down), for errors of the socket and for errors without a code.
 */
export function failureOf(error: unknown): StoreFailure | undefined {
  const given: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (typeof given !== 'string' || given === '') {
    // thrown before anything was sent: a text too long for the driver or for JavaScript
    const early = error instanceof RangeError || error instanceof TypeError;
    return early ? { kind: 'data', code: error.name, error } : undefined;
  }
  const code = given;
  if (/^ERR_(STRING|BUFFER|OUT_OF_RANGE|INVALID_ARG)/.test(code)) return { kind: 'data', code, error };
  if (CONNECTION.test(code) || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P)/.test(code)) return undefined;
  // out of disk, memory or connections; cancelled; read only; an error of the system below; serialization and locks
  return { kind: /^(53|57|25|58|XX|40|55)/.test(code) ? 'server' : 'data', code, error };
}
