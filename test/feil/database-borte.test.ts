import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import pg from 'pg';
import type { FullfoerSvar, Problem } from '../../src/contract/api.ts';
import { lagTestdatabase } from '../hjelp/database.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { STEGDATA } from '../hjelp/stegdata.ts';

/** En vei til databasen som kan stenges: åpne forbindelser brytes, og nye avvises som av en tjener som er stoppet. */
async function lagVei(mot: string): Promise<{ url: string; steng(): void; aapne(): void; slutt(): Promise<void> }> {
  const maal = new URL(mot);
  const aapne = new Set<Socket>();
  let stengt = false;
  const tjener = createServer((inn) => {
    if (stengt) return inn.destroy();
    const ut = connect(Number(maal.port), maal.hostname);
    for (const s of [inn, ut]) {
      aapne.add(s);
      s.on('error', () => undefined);
      s.on('close', () => {
        aapne.delete(s);
        inn.destroy();
        ut.destroy();
      });
    }
    inn.pipe(ut).pipe(inn);
    return undefined;
  });
  await new Promise<void>((ok) => tjener.listen(0, '127.0.0.1', ok));
  const url = new URL(mot);
  url.port = String((tjener.address() as AddressInfo).port); // en TCP-tjener som lytter, har alltid en slik adresse
  return {
    url: url.href,
    steng() {
      stengt = true;
      for (const s of aapne) s.destroy();
    },
    aapne() {
      stengt = false;
    },
    slutt: () => new Promise((ok) => tjener.close(() => ok())),
  };
}

describe('Databasen borte og tilbake', function () {
  this.timeout(90_000);

  async function tattOppgave(kjoer: Sakskjoering, navn: string): Promise<{ sakId: string; id: string }> {
    const sakId = await kjoer.anmod((await kjoer.nyPerson(navn)).id);
    const { id } = await kjoer.finnOppgave(sakId, 'avklar-instans');
    await (await kjoer.som('ola-hansen')).send('POST', `/api/oppgaver/${id}/ta`);
    return { sakId, id };
  }

  it('alle forbindelser kappes mens mange fullfører: hvert svar er enten gjort eller en setning, og ingenting er gjort to ganger eller halvt', async () => {
    const app: Testapp = await startTestapp({ motor: 'innebygd' });
    const kapper = new pg.Client({ connectionString: app.databaseUrl });
    await kapper.connect();
    try {
      const kjoer = new Sakskjoering(app.adresse);
      const oppgaver = [];
      for (let i = 0; i < 12; i++)
        oppgaver.push({ ...(await tattOppgave(kjoer, `Kappet ${i}`)), innsending: randomUUID() });
      const ola = await kjoer.som('ola-hansen');
      const send = (o: { id: string; innsending: string }) =>
        ola.send<Problem & FullfoerSvar>('POST', `/api/oppgaver/${o.id}/fullfoer`, {
          innsendingId: o.innsending,
          data: STEGDATA['avklar-instans'],
        });
      const paaVei = oppgaver.map(send);
      const forste = Promise.race(paaVei);
      await Promise.race([
        forste,
        ventTil('noe er i gang', async () => {
          const { rows } = await kapper.query<{ n: number }>(
            `select count(*)::int as n from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
          );
          return (rows[0]?.n ?? 0) > 0 ? true : null;
        }),
      ]);
      await kapper.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
      for (const svar of await Promise.all(paaVei)) {
        expect(svar.status, JSON.stringify(svar.kropp)).to.be.oneOf([200, 401, 503]);
        if (svar.status === 503) {
          expect(svar.hoder.get('content-type')).to.contain('application/problem+json');
          expect(svar.kropp.detail).to.equal(
            'Databasen svarer ikke. Det du har lagret før er trygt. Vent litt og prøv igjen.',
          );
        }
      }
      // «Prøv igjen» med samme innsending gjør det ferdig, uansett hva som rakk å skje.
      for (const o of oppgaver) {
        await ventTil('innsendingen er tatt imot', async () => ((await send(o)).status === 200 ? true : null));
        await kjoer.finnOppgave(o.sakId, 'informer-og-avklar');
        const { rows } = await kapper.query<{ svar: number; hendelser: number }>(
          `select (select count(*)::int from steg_svar where oppgave_id = $1) as svar,
                  (select count(*)::int from oppgave where sak_id = $2 and steg_id = 'informer-og-avklar') as hendelser`,
          [o.id, o.sakId],
        );
        expect(rows[0]).to.deep.equal({ svar: 1, hendelser: 1 });
      }
    } finally {
      await kapper.end();
      await app.stopp();
    }
  });

  it('tjeneren forsvinner og kommer tilbake: imens sier svaret at databasen er borte, siden leves, og etterpå går alt videre uten omstart', async () => {
    const db = await lagTestdatabase();
    const vei = await lagVei(db.url);
    const app = await startTestapp({ motor: 'innebygd', miljoe: { DATABASE_URL: vei.url } });
    try {
      const kjoer = new Sakskjoering(app.adresse);
      const { sakId, id } = await tattOppgave(kjoer, 'Stanset Stansen');
      const ola = await kjoer.som('ola-hansen');
      const innsending = { innsendingId: randomUUID(), data: STEGDATA['avklar-instans'] };
      vei.steng();
      for (const svar of [
        await ola.hent<Problem>('/api/oppgaver'),
        await ola.send<Problem>('POST', `/api/oppgaver/${id}/fullfoer`, innsending),
      ]) {
        expect(svar.status).to.equal(503);
        expect(svar.kropp.detail).to.match(/Databasen svarer ikke/);
      }
      expect((await fetch(`${app.adresse}/health/live`)).status).to.equal(200);
      expect((await fetch(`${app.adresse}/health/ready`)).status).to.equal(503);
      vei.aapne();
      await ventTil(
        'klar igjen',
        async () => ((await fetch(`${app.adresse}/health/ready`)).status === 200 ? true : null),
        40_000,
      );
      const svar = await ola.send<FullfoerSvar>('POST', `/api/oppgaver/${id}/fullfoer`, innsending);
      expect(svar.status).to.equal(200);
      await kjoer.finnOppgave(sakId, 'informer-og-avklar');
    } finally {
      vei.aapne();
      await app.stopp();
      await vei.slutt();
      await db.slett();
    }
  });
});
