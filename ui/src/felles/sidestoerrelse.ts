/** Så mange oppgaver hentes om gangen. */
export const SIDESTOERRELSE = 100;
