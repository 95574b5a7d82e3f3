import { expect } from 'chai';
import { hentRammer, vedtaksbrev } from '../../src/brev/index.ts';
import type { Brevvisning } from '../../src/contract/api.ts';
import { dagIOslo } from '../../src/contract/tid.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { Problemfeil } from '../../src/http/problem.ts';
import { hentSakForBrev } from '../../src/sak/index.ts';
import { iverksettVedtak } from '../../src/vedtak/index.ts';
import { lagSteg } from '../../src/steg/index.ts';
import { tekstI } from '../brev/eksempler.ts';
import { feilen, startFagdel, tilVedtak, type Fagdel } from '../sak/oppsett.ts';

/** Brevteksten slik den gamle malen foreslo den for et avslag, med en linje beslutteren har skrevet til. */
const ELDRE_BREV = (
  begrunnelse: string,
): string => `Vi har behandlet anmodningen om individuell plan for deg, som vi mottok 20. november 2026.

## Vedtak
Du får ikke individuell plan.

## Hvorfor vi har bestemt dette
${begrunnelse}

## Regler vi har brukt
- Pasient- og brukerrettighetsloven § 2-5: rett til individuell plan

## Hva skjer nå
Vedtaket endrer ikke tjenestene du har i dag. Endrer behovet seg, kan du be om individuell plan på nytt.

Ring meg gjerne.`;

describe('vedtak', () => {
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());

  async function klarSak(fodt = '1980-05-17', endringer: Record<string, unknown> = {}): Promise<string> {
    const sakId = await f.anmod(await f.nyPerson({ fodt }));
    await tilVedtak(f, sakId, endringer);
    return sakId;
  }
  const barn = {
    samtykkegiver: 'foreldre',
    samtykkegiverNavn: 'Marit Nordmann',
    barnetHoert: 'ja',
    barnetsMening: 'Vil ha én å snakke med.',
  };

  it('uten hjemmel eller begrunnelse blir det ikke noe vedtak (regel 6)', async () => {
    const sakId = await klarSak();
    expect((await feilen(f.gjoer(sakId, 'fatt-vedtak', { hjemmel: [] }))).felter).to.deep.equal(['hjemmel']);
    expect((await feilen(f.gjoer(sakId, 'fatt-vedtak', { begrunnelse: '  ' }))).felter).to.deep.equal(['begrunnelse']);
    expect(await f.sql(`select 1 from vedtak where sak_id = $1`, [sakId])).to.have.length(0);
  });

  it('databasen avviser også et vedtak uten hjemmel eller begrunnelse', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak');
    for (const felt of ['hjemmel', 'begrunnelse']) {
      let kode = '';
      try {
        await f.sql(`update vedtak set ${felt} = ' ' where sak_id = $1`, [sakId]);
      } catch (feil) {
        kode = feil instanceof Error && 'code' in feil ? String(feil.code) : '';
      }
      expect(kode, felt).to.equal('23514');
    }
  });

  it('en hjemmel som ikke gir rett til det som innvilges, avvises', async () => {
    const sakId = await klarSak();
    const feil = await feilen(f.gjoer(sakId, 'fatt-vedtak', { utfall: 'ip', hjemmel: ['pbrl-2-5c'] }));
    expect(feil.felter).to.deep.equal(['hjemmel']);
    const ukjent = await feilen(f.gjoer(sakId, 'fatt-vedtak', { hjemmel: ['bvl-3-2a'] }));
    expect(ukjent.felter).to.deep.equal(['hjemmel']);
  });

  it('den som fattet vedtaket, kan ikke godkjenne det selv', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak');
    const feil = await feilen(f.gjoer(sakId, 'godkjenn-vedtak', {}, 'ingrid-bakke'));
    expect(feil.felter).to.deep.equal(['godkjent']);
    await f.gjoer(sakId, 'godkjenn-vedtak', {}, 'per-lunde');
    const [v] = await f.sql<{ status: string; foreslaatt_av: string; godkjent_av: string }>(
      `select * from vedtak where sak_id = $1`,
      [sakId],
    );
    expect(v).to.include({ status: 'fattet', foreslaatt_av: 'ingrid-bakke', godkjent_av: 'per-lunde' });
  });

  it('et underkjent vedtak kommer tilbake med kommentaren og det som var skrevet, og rettes i en ny versjon', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak', { begrunnelse: 'For kort.' });
    await f.gjoer(sakId, 'godkjenn-vedtak', { godkjent: 'nei', kommentar: 'Skriv mer om overgangene.' });
    const kontekst = await f.kontekst(sakId, 'fatt-vedtak');
    const retur = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) => lagSteg()['fatt-vedtak'].retur?.(k.tx, sakId) ?? Promise.reject(),
    );
    expect(retur).to.include({ merke: 'Sendt tilbake av Per Lunde', tekst: 'Skriv mer om overgangene.' });
    expect(kontekst['begrunnelse']).to.equal('For kort.');
    await f.gjoer(sakId, 'fatt-vedtak');
    const versjoner = await f.sql(`select versjon, status from vedtak where sak_id = $1 order by versjon`, [sakId]);
    expect(versjoner).to.deep.equal([
      { versjon: 1, status: 'underkjent' },
      { versjon: 2, status: 'til-godkjenning' },
    ]);
  });

  it('barnekoordinator gis bare for barn under 18 år eller et ventet barn (regel 9)', async () => {
    const voksen = await klarSak('1980-05-17');
    const hjemmel = ['pbrl-2-5c', 'hol-7-2a'];
    const feil = await feilen(f.gjoer(voksen, 'fatt-vedtak', { utfall: 'barnekoordinator', hjemmel }));
    expect(feil.felter).to.deep.equal(['ventetBarn']);
    await f.gjoer(voksen, 'fatt-vedtak', { utfall: 'barnekoordinator', hjemmel, ventetBarn: true });
    const yngst = await klarSak('2008-11-24', { ...barn, samtykkegiver: 'planeier' });
    await f.gjoer(yngst, 'fatt-vedtak', { utfall: 'barnekoordinator', hjemmel });
  });

  it('individuell plan gis ikke til en som bare ønsker koordinator', async () => {
    const sakId = await klarSak('1980-05-17', { oenske: 'koordinator', hvorforIkkeIp: 'Vil ikke ha plan.' });
    expect((await feilen(f.gjoer(sakId, 'fatt-vedtak'))).felter).to.deep.equal(['utfall']);
    await f.gjoer(sakId, 'fatt-vedtak', { utfall: 'koordinator', hjemmel: ['pbrl-2-5b'] });
  });

  /** Vedtaksbrevet slik det blir sendt for det som er lagret i saken. */
  async function brevet(sakId: string): Promise<string> {
    const dag = dagIOslo(f.klokke.naa());
    const sak = await hentSakForBrev(f.ds.manager, sakId, dag);
    if (!sak.vedtak) throw new Error('Saken har ikke noe vedtak.');
    return tekstI(vedtaksbrev(sak, await hentRammer(f.ds.manager, dag), sak.vedtak));
  }
  const vis = (sakId: string, data: object): Promise<Brevvisning> =>
    f.iSteg(sakId, 'fatt-vedtak', (k) => lagSteg()['fatt-vedtak'].forhaandsvis?.(k, data) ?? Promise.reject());

  it('vedtaket åpnes uten ferdig brevtekst; forslaget til hjemmel følger utfallet', async () => {
    const sakId = await klarSak();
    const start = await f.kontekst(sakId, 'fatt-vedtak');
    expect(start['brevtekst']).to.equal('');
    const forslag = (data: object): Promise<Record<string, unknown>> =>
      f.iSteg(sakId, 'fatt-vedtak', (k) => lagSteg()['fatt-vedtak'].forslag?.(k, data) ?? Promise.reject());
    expect(await forslag(start)).to.deep.equal({ hjemmel: start['hjemmel'] });
    const koordinator = await forslag({ ...start, utfall: 'koordinator' });
    expect(koordinator['hjemmel']).to.include('pbrl-2-5b').and.not.include('pbrl-2-5');
    expect(await forslag({})).to.have.all.keys('hjemmel');
  });

  it('brevet sier utfallet, begrunnelsen, hjemmelen og klageadgangen av vedtaket, om feltet er tomt, borte eller fylt', async () => {
    for (const brevtekst of ['', ' \n ', undefined, null, 'Hei.']) {
      const sakId = await klarSak();
      await f.gjoer(sakId, 'fatt-vedtak', {
        utfall: 'avslag',
        begrunnelse: 'Tjenestene henger alt sammen.',
        brevtekst,
      });
      const brev = await brevet(sakId);
      expect(brev, String(brevtekst))
        .to.contain('## Vedtak\nDu får ikke individuell plan.')
        .and.contain('Tjenestene henger alt sammen.')
        .and.contain('Pasient- og brukerrettighetsloven § 2-5')
        .and.contain('Fristen for å klage er fire uker')
        .and.contain('Send klagen til HSK Hillevåg, Sandvik kommune, Postboks 100, 4001 Sandvik.');
      const [v] = await f.sql<{ brevtekst: string | null }>(`select brevtekst from vedtak where sak_id = $1`, [sakId]);
      expect(v?.brevtekst).to.equal(brevtekst === 'Hei.' ? 'Hei.' : null);
      const vist = (await vis(sakId, { utfall: 'avslag', begrunnelse: 'Tjenestene henger alt sammen.', brevtekst }))
        .html;
      for (const avsnitt of ['Du får ikke individuell plan.', 'Tjenestene henger alt sammen.', 'Du kan klage']) {
        expect(vist, String(brevtekst)).to.contain(avsnitt);
      }
    }
  });

  it('en hel brevtekst fra et eldre skjema blir ikke gjentatt: bare det som er skrevet til, blir egen tekst', async () => {
    const sakId = await klarSak();
    const begrunnelse = 'Tjenestene henger alt sammen.';
    const data = { utfall: 'avslag', hjemmel: ['pbrl-2-5'], begrunnelse, brevtekst: ELDRE_BREV(begrunnelse) };
    const utkast = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) => lagSteg()['fatt-vedtak'].utkast?.(k, data) ?? Promise.reject(),
    );
    expect(utkast).to.deep.equal({ ...data, brevtekst: 'Ring meg gjerne.' });
    await f.gjoer(sakId, 'fatt-vedtak', data);
    const [v] = await f.sql<{ brevtekst: string }>(`select brevtekst from vedtak where sak_id = $1`, [sakId]);
    expect(v?.brevtekst).to.equal('Ring meg gjerne.');
  });

  it('et eldre vedtak som venter på godkjenning, vises, godkjennes og sendes med hver ting én gang', async () => {
    const sakId = await klarSak();
    const begrunnelse = 'Tjenestene henger alt sammen.';
    await f.gjoer(sakId, 'fatt-vedtak', { utfall: 'avslag', hjemmel: ['pbrl-2-5'], begrunnelse });
    await f.sql(`update vedtak set brevtekst = $2 where sak_id = $1`, [sakId, ELDRE_BREV(begrunnelse)]);
    expect((await f.kontekst(sakId, 'godkjenn-vedtak'))['brevTekst']).to.equal('Ring meg gjerne.');
    const vist = await f.iSteg(
      sakId,
      'godkjenn-vedtak',
      (k) => lagSteg()['godkjenn-vedtak'].forhaandsvis?.(k, {}) ?? Promise.reject(),
    );
    await f.gjoer(sakId, 'godkjenn-vedtak');
    for (const tekst of [vist.html, await brevet(sakId)]) {
      for (const setning of [
        'Du får ikke individuell plan.',
        begrunnelse,
        'Vi har behandlet anmodningen',
        'Ring meg gjerne.',
      ]) {
        expect(tekst.split(setning), setning).to.have.length(2);
      }
    }
  });

  it('det som er skrevet til mottakeren, er med igjen når vedtaket er sendt tilbake', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak', { brevtekst: 'Jeg ringer deg på mandag.' });
    await f.gjoer(sakId, 'godkjenn-vedtak', { godkjent: 'nei', kommentar: 'Skriv mer.' });
    expect((await f.kontekst(sakId, 'fatt-vedtak'))['brevtekst']).to.equal('Jeg ringer deg på mandag.');
  });

  it('egne ord som sier et annet utfall, avvises', async () => {
    const sakId = await klarSak();
    const feil = await feilen(
      f.gjoer(sakId, 'fatt-vedtak', { utfall: 'avslag', brevtekst: 'Gratulerer. Du får individuell plan.' }),
    );
    expect(feil.felter).to.deep.equal(['brevtekst']);
    await f.gjoer(sakId, 'fatt-vedtak', { brevtekst: 'Gratulerer. Du får individuell plan.' });
  });

  it('et avslag begrunnet med at vilkårene er oppfylt, stopper med setningen som sier det; det samme den andre veien', async () => {
    const sakId = await klarSak();
    const avslag = await f
      .gjoer(sakId, 'fatt-vedtak', { utfall: 'avslag', begrunnelse: 'Kriteriene er oppfylt.' })
      .catch((feil: unknown) => feil);
    expect(avslag).to.be.instanceOf(Problemfeil).with.property('status', 422);
    expect(avslag instanceof Problemfeil && avslag.feil).to.deep.equal([
      {
        felt: 'begrunnelse',
        melding:
          'Begrunnelsen sier at vilkårene er oppfylt, men utfallet er avslag. Skriv hvorfor det blir avslag. Er det en annen grunn enn vilkårene, skriver du den i samme setning («Vilkårene er oppfylt, men …»).',
      },
    ]);
    const ja = await feilen(f.gjoer(sakId, 'fatt-vedtak', { begrunnelse: 'Vilkårene er ikke oppfylt.' }));
    expect(ja.felter).to.deep.equal(['begrunnelse']);
    await f.gjoer(sakId, 'fatt-vedtak', {
      utfall: 'avslag',
      begrunnelse: 'Vilkårene er oppfylt, men du har sagt at du ikke vil ha noen plan nå.',
    });
  });

  it('forslaget fra en kartlegging som sier at kriteriene er oppfylt, er ingen begrunnelse for avslag', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await f.gjoer(sakId, 'avklar-instans');
    await f.gjoer(sakId, 'informer-og-avklar');
    const kriterier = 'Behovet er langvarig, og fem tjenester må ses i sammenheng.';
    await f.gjoer(sakId, 'kartlegg-og-vurder', { kriterier });
    const { begrunnelse } = await f.kontekst(sakId, 'fatt-vedtak');
    const feil = await feilen(f.gjoer(sakId, 'fatt-vedtak', { utfall: 'avslag', begrunnelse }));
    expect(feil.felter).to.deep.equal(['begrunnelse']);
    await f.gjoer(sakId, 'fatt-vedtak', { utfall: 'ip', begrunnelse });
  });

  it('regelen holder også for forslag fra før den kom: de kan ikke godkjennes, bare sendes tilbake', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak', { utfall: 'avslag', begrunnelse: 'Tjenestene henger alt sammen.' });
    for (const [begrunnelse, egne] of [
      ['Kriteriene er oppfylt.', null],
      ['Tjenestene henger alt sammen.', 'Du får individuell plan.'],
      ['Tjenestene henger sammen 中.', null],
    ]) {
      await f.sql(`update vedtak set begrunnelse = $2, brevtekst = $3 where sak_id = $1`, [sakId, begrunnelse, egne]);
      const feil = await feilen(f.gjoer(sakId, 'godkjenn-vedtak'));
      expect(feil.felter, String(begrunnelse)).to.deep.equal(['godkjent']);
    }
    await f.gjoer(sakId, 'godkjenn-vedtak', { godkjent: 'nei', kommentar: 'Rett begrunnelsen.' });
  });

  it('forhåndsvisningen viser brevet med det som er skrevet, og HTML i teksten er bare tekst', async () => {
    const sakId = await klarSak();
    const vist = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) =>
        lagSteg()['fatt-vedtak'].forhaandsvis?.(k, { utfall: 'avslag', brevtekst: 'Nei. <script>alert(1)</script>' }) ??
        Promise.reject(),
    );
    expect(vist.tittel).to.contain('avslag');
    expect(vist.html).to.contain('&lt;script&gt;').and.contain('Du kan klage');
    expect(vist.html).not.to.contain('<script>');
  });

  it('brevet om et barn stiles til forelderen, og adressen utelates når den er beskyttet', async () => {
    const personId = await f.nyPerson({ navn: 'Ida Strand', fodt: '2020-01-15', beskyttetAdresse: true });
    await f.sql(
      `insert into representasjon (id, person_id, navn, slag, adresse, postnummer, poststed, fra)
       values (gen_random_uuid(), $1, 'Marit Strand', 'forelder', 'Hemmelig vei 2', '4000', 'Sandvik', '2020-01-15')`,
      [personId],
    );
    const sakId = await f.anmod(personId);
    await tilVedtak(f, sakId, { samtykkegiver: 'foreldre', samtykkegiverNavn: 'Marit Strand' });
    const vist = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) => lagSteg()['fatt-vedtak'].forhaandsvis?.(k, {}) ?? Promise.reject(),
    );
    expect(vist.html).to.contain('Marit Strand').and.contain('Ida Strand får individuell plan');
    expect(vist.html).not.to.contain('Hemmelig').and.not.to.contain('Storgata');
  });

  it('tidsbegrensningen må ligge fram i tid', async () => {
    const sakId = await klarSak();
    const feil = await feilen(f.gjoer(sakId, 'fatt-vedtak', { tidsbegrenset: 'ja', tidsbegrensetTil: '2026-11-23' }));
    expect(feil.felter).to.deep.equal(['tidsbegrensetTil']);
  });

  it('uten fire øyne er vedtaket fattet med en gang', async () => {
    await f.sql(`update kommune set konfig = konfig || '{"fireOeyne": false}'`);
    try {
      const sakId = await klarSak();
      await f.gjoer(sakId, 'fatt-vedtak');
      const [v] = await f.sql<{ status: string }>(`select status from vedtak where sak_id = $1`, [sakId]);
      expect(v?.status).to.equal('fattet');
      expect(await f.sql(`select 1 from plan where sak_id = $1`, [sakId])).to.have.length(1);
    } finally {
      await f.sql(`update kommune set konfig = konfig || '{"fireOeyne": true}'`);
    }
  });

  it('iverksetting åpner tjenesten én gang, også når jobben prøves på nytt', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak', { tidsbegrenset: 'ja', tidsbegrensetTil: '2028-01-01' });
    await f.gjoer(sakId, 'godkjenn-vedtak');
    await iTransaksjon(f.ds, (tx) => iverksettVedtak(tx, f.klokke, sakId));
    await iTransaksjon(f.ds, (tx) => iverksettVedtak(tx, f.klokke, sakId));
    const tjenester = await f.sql(`select type, fra::text, til::text from tjeneste where sak_id = $1`, [sakId]);
    expect(tjenester).to.deep.equal([{ type: 'ip', fra: '2026-11-23', til: '2028-01-01' }]);
  });
});
