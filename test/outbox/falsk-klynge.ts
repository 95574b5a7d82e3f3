import type { InnebygdKlynge } from '../../src/engine/client.ts';

export interface Kall {
  metode: string;
  sti: string;
  kropp: unknown;
}
type Svar = { status: number; kropp?: unknown } | 'ingen-svar';

/**
 * En motor som svarer det testen bestemmer, for det en ekte motor sjelden gjør: tier, avviser, svarer to ganger.
 * Det som ikke er bestemt, lykkes.
 */
export class FalskKlynge implements InnebygdKlynge {
  readonly kall: Kall[] = [];
  /** Motoren er borte så lenge denne er sann. */
  borte = false;
  private readonly regler: { passer: RegExp; svar: () => Svar }[] = [];
  private readonly jobber: Record<string, unknown>[] = [];

  /** Bestemmer svaret på kall der `METODE /sti` passer; den siste regelen som passer, gjelder. */
  svar(passer: RegExp, svar: Svar | (() => Svar)): void {
    this.regler.unshift({ passer, svar: typeof svar === 'function' ? svar : () => svar });
  }

  /** Legger en jobb klar til å deles ut. */
  leggJobb(jobb: {
    jobKey: string;
    type: string;
    variables?: object;
    retries?: number;
    processInstanceKey?: string;
  }): void {
    this.jobber.push({
      processDefinitionId: 'p',
      processDefinitionVersion: 1,
      processDefinitionKey: '1',
      processInstanceKey: '100',
      elementId: jobb.type,
      elementInstanceKey: '200',
      customHeaders: {},
      worker: 'w',
      retries: 3,
      deadline: 0,
      variables: {},
      tenantId: '<default>',
      kind: 'BPMN_ELEMENT',
      listenerEventType: 'UNSPECIFIED',
      ...jobb,
    });
  }

  /** Kallene der `METODE /sti` passer. */
  som(passer: RegExp): Kall[] {
    return this.kall.filter((k) => passer.test(`${k.metode} ${k.sti}`));
  }

  async fetch(request: Request): Promise<Response> {
    const sti = new URL(request.url).pathname;
    const linje = `${request.method} ${sti}`;
    const tekst = await request.text();
    const kropp: unknown = request.headers.get('content-type')?.includes('json') && tekst ? JSON.parse(tekst) : null;
    if (this.borte) throw new TypeError('fetch failed');
    if (sti === '/v2/jobs/activation') return this.del(kropp, request.signal);
    this.kall.push({ metode: request.method, sti, kropp });
    const svar = this.regler.find((r) => r.passer.test(linje))?.svar() ?? { status: 200, kropp: {} };
    if (svar === 'ingen-svar') throw new TypeError('fetch failed');
    if (svar.status === 204 || svar.kropp === undefined) return new Response(null, { status: svar.status });
    const type = svar.status >= 400 ? 'application/problem+json' : 'application/json';
    return new Response(JSON.stringify(svar.kropp), { status: svar.status, headers: { 'content-type': type } });
  }

  private async del(kropp: unknown, signal: AbortSignal): Promise<Response> {
    const type = typeof kropp === 'object' && kropp !== null && 'type' in kropp ? kropp.type : '';
    const frist = Date.now() + 200;
    let jobs: unknown[] = [];
    while (jobs.length === 0 && Date.now() < frist && !signal.aborted) {
      const n = this.jobber.findIndex((j) => j['type'] === type);
      if (n >= 0) jobs = this.jobber.splice(n, 1);
      else await new Promise((klar) => setTimeout(klar, 10));
    }
    return Response.json({ jobs });
  }
}

/** Et avslag slik motoren skriver det. */
export function problem(status: number, title: string, detail = title): { status: number; kropp: unknown } {
  return { status, kropp: { type: 'about:blank', title, status, detail, instance: '/v2' } };
}
