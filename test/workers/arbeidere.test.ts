import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { pdfTekst } from '../feil/pdf-tekst.ts';
import { krevAltArkivert } from '../../src/arkiv/index.ts';
import { lukkPdf } from '../../src/brev/index.ts';
import { JOBBTYPER, JOBBVARIABLER } from '../../src/contract/prosess.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { dokumenterForSak } from '../../src/dokument/index.ts';
import { leggVedDokument } from '../../src/sak/dokument.ts';
import { tilVedtak } from '../sak/oppsett.ts';
import { lagArbeidere } from '../../workers/index.ts';
import { startArbeiderrigg, type Arbeiderrigg } from './rigg.ts';

describe('arbeiderne', function () {
  this.timeout(120_000);
  let r: Arbeiderrigg;
  before(async () => (r = await startArbeiderrigg()));
  after(async () => {
    await r.stopp();
    await lukkPdf();
  });

  const hendelser = async (sakId: string, type: string): Promise<string[]> =>
    (
      await r.sql<{ tekst: string }>(`select tekst from hendelse where sak_id = $1 and type = $2 order by tid`, [
        sakId,
        type,
      ])
    ).map((h) => h.tekst);
  const titler = async (sakId: string): Promise<string[]> =>
    (await dokumenterForSak(r.ds.manager, sakId)).map((d) => d.tittel).reverse();

  /** Fører saken til fattet vedtak (fatt og godkjenn). */
  async function fattVedtak(sakId: string, endringer: Record<string, unknown> = {}): Promise<void> {
    await tilVedtak(r, sakId);
    await r.gjoer(sakId, 'fatt-vedtak', endringer);
    await r.gjoer(sakId, 'godkjenn-vedtak');
  }

  it('finnes for hver jobbtype i prosesskontrakten', () => {
    const typer = lagArbeidere({} as Parameters<typeof lagArbeidere>[0]).map((a) => a.type);
    expect(typer).to.include.members([...JOBBTYPER]);
    expect(new Set(typer).size).to.equal(typer.length);
  });

  it('kvitteringen lages og sendes én gang, også når jobben kommer igjen', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    const foer = r.mapper('utsending').length;
    await r.jobb('send-kvittering', sakId);
    await r.jobb('send-kvittering', sakId);
    expect(await titler(sakId)).to.deep.equal(['Vi har mottatt anmodningen om individuell plan']);
    expect(r.mapper('utsending').length).to.equal(foer + 1);
    expect(await hendelser(sakId, 'brev-sendt')).to.deep.equal([
      'Brevet «Vi har mottatt anmodningen om individuell plan» ble sendt til Kari Nordmann.',
    ]);
  });

  it('drepes appen etter at kanalen tok imot brevet, sendes det ikke en gang til', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    await r.forbered('send-kvittering', sakId);
    // Slik basen ser ut når appen døde før raden ble merket sendt.
    await r.sql(`update utsending set sendt = null, referanse = null where sak_id = $1`, [sakId]);
    const foer = r.mapper('utsending');
    await r.jobb('send-kvittering', sakId);
    expect(r.mapper('utsending')).to.deep.equal(foer);
    const [rad] = await r.sql<{ sendt: Date | null }>(`select sendt from utsending where sak_id = $1`, [sakId]);
    expect(rad?.sendt).to.be.instanceOf(Date);
  });

  it('to som kjører den samme jobben samtidig, ender på ett brev og én forsendelse', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    const foer = r.mapper('utsending').length;
    await Promise.all([1, 2, 3].map(() => r.jobb('send-kvittering', sakId)));
    expect(await titler(sakId)).to.have.length(1);
    expect(r.mapper('utsending').length).to.equal(foer + 1);
    expect(await hendelser(sakId, 'brev-sendt')).to.have.length(1);
  });

  it('forsendelsen til en med beskyttet adresse har ingen adresse og går bare digitalt', async () => {
    const sakId = await r.anmod(await r.nyPerson({ beskyttetAdresse: true }));
    const foer = new Set(r.mapper('utsending'));
    await r.jobb('send-kvittering', sakId);
    const ny = r.mapper('utsending').find((m) => !foer.has(m)) ?? '';
    const f = JSON.parse(r.les('utsending', ny, 'forsendelse.json'));
    expect(f.kunDigitalLevering).to.equal(true);
    expect(f.mottaker.postAdresse).to.include({
      navn: 'Kari Nordmann',
      adresse1: null,
      postNummer: null,
      postSted: '',
    });
    expect(f.mottaker.digitalAdresse.fodselsNummer).to.match(/^\d{11}$/);
    expect(f.krevNiva4Innlogging).to.equal(true);
    expect(f.eksternReferanse).to.equal(ny);
  });

  it('brev om et barn under seksten går til de foresatte', async () => {
    const sakId = await r.anmod(await r.nyPerson({ navn: 'Ida Vik', fodt: '2020-03-01' }));
    await r.jobb('send-kvittering', sakId);
    expect(await hendelser(sakId, 'brev-sendt')).to.deep.equal([
      'Brevet «Vi har mottatt anmodningen om individuell plan» ble sendt til Foresatte til Ida Vik.',
    ]);
  });

  it('sjekk-aktiv-plan svarer med variabelen kontrakten nevner', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    const svar = await r.jobb('sjekk-aktiv-plan', sakId);
    expect('variabler' in svar && JOBBVARIABLER['sjekk-aktiv-plan'].parse(svar.variabler)).to.deep.equal({
      harPlan: false,
    });
  });

  it('innvilget plan: vedtaksbrev, oppnevning i egen enhet, bestilt plan og avsluttet sak – hver jobb to ganger', async () => {
    const sakId = await r.anmod(await r.nyPerson({ navn: 'Marit Solberg' }));
    const toGanger: Arbeiderrigg['jobb'] = async (...a) => {
      const foerste = await r.jobb(...a);
      expect(await r.jobb(...a)).to.deep.equal(foerste);
      return foerste;
    };
    await toGanger('send-kvittering', sakId);
    await fattVedtak(sakId, { utfall: 'ip' });
    await toGanger('iverksett-vedtak', sakId);
    await toGanger('lag-brev', sakId, { mal: 'vedtak' });
    await toGanger('send-brev', sakId, { gjelder: 'vedtak' });
    await toGanger('arkiver', sakId, { gjelder: 'vedtak' });
    await r.gjoer(sakId, 'vurder-valg', { utenforEnheten: 'nei', ansattId: 'mette-foss' });
    await r.gjoer(sakId, 'bekreft-oppdrag', {}, 'mette-foss');
    const kompetanse = await toGanger('sjekk-kompetanse', sakId);
    const { kravId } = JOBBVARIABLER['sjekk-kompetanse'].parse('variabler' in kompetanse ? kompetanse.variabler : null);
    expect(kravId).to.be.a('string');
    await toGanger('start-opplaering', sakId, {}, { kravId });
    await toGanger('registrer-oppdrag', sakId);
    await toGanger('lag-brev', sakId, { mal: 'oppnevning' });
    await toGanger('send-brev', sakId, { gjelder: 'oppnevning' });
    await toGanger('arkiver', sakId, { gjelder: 'oppnevning' });
    const plan = await toGanger('bestill-plan', sakId);
    expect('variabler' in plan && plan.variabler).to.have.property('planId');
    await toGanger('avslutt-sak', sakId, { grunn: 'innvilget' });

    const brev = await titler(sakId);
    expect(brev).to.have.length(3);
    expect(brev[1]).to.equal('Vedtak om individuell plan: innvilget');
    expect(brev[2]).to.match(/er oppnevnt som plankoordinator$/);
    const sendt = await hendelser(sakId, 'brev-sendt');
    expect(sendt).to.have.length(4);
    expect(sendt.filter((s) => s.startsWith('Kopi av brevet'))).to.have.length(1);
    expect(await hendelser(sakId, 'arkivert')).to.deep.equal([
      '2 dokumenter ble arkivert.',
      'Ett dokument ble arkivert.',
      'Arkivet fikk beskjed om at saken er avsluttet.',
    ]);
    const [sak] = await r.sql<{ status: string; avslutning: string }>(
      `select status, avslutning from sak where id = $1`,
      [sakId],
    );
    expect(sak).to.deep.equal({ status: 'avsluttet', avslutning: 'innvilget' });
    const meldinger = await r.sql<{ navn: string; n: number }>(
      `select innhold->>'navn' as navn, count(*)::int as n from utboks where sak_id = $1 and slag = 'publiser-melding'
        and innhold->>'navn' in ('PlanBestilt','OpplaeringTrengs') group by 1 order by 1`,
      [sakId],
    );
    expect(meldinger).to.deep.equal([
      { navn: 'OpplaeringTrengs', n: 1 },
      { navn: 'PlanBestilt', n: 1 },
    ]);
  });

  /** Teksten i PDF-en saken har som brev. */
  async function pdfen(sakId: string): Promise<string> {
    const [d] = await r.sql<{ innhold: Buffer }>(`select innhold from dokument where sak_id = $1`, [sakId]);
    if (!d) throw new Error('Saken har ikke noe brev.');
    return pdfTekst(d.innhold);
  }

  it('vedtaksbrevet som sendes, har utfallet, begrunnelsen, hjemmelen og klageadgangen fra vedtaket, og ordene til mottakeren', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    const begrunnelse = 'Tjenestene henger alt sammen ✓';
    await fattVedtak(sakId, { utfall: 'avslag', begrunnelse, brevtekst: 'Ring meg gjerne.' });
    const foer = new Set(r.mapper('utsending'));
    await r.jobb('lag-brev', sakId, { mal: 'vedtak' });
    expect(r.mapper('utsending').filter((m) => !foer.has(m))).to.deep.equal([]);
    await r.jobb('send-brev', sakId, { gjelder: 'vedtak' });
    expect(r.mapper('utsending').filter((m) => !foer.has(m))).to.have.length(1);
    const [v] = await r.sql<{ tittel: string; filnavn: string }>(
      `select tittel, filnavn from dokument where sak_id = $1`,
      [sakId],
    );
    expect(v?.tittel).to.equal('Vedtak om individuell plan: avslag');
    expect(v?.filnavn).to.match(/^vedtak-\d{4}-\d+\.pdf$/);
    const tekst = await pdfen(sakId);
    for (const del of [
      'Du får ikke individuell plan.',
      'Tjenestene henger alt sammen ✓',
      'Pasient- og brukerrettighetsloven § 2-5',
      'Mer om vedtaket Ring meg gjerne.',
      'Send klagen til HSK Hillevåg, Sandvik kommune',
      'Ingrid Bakke',
      'Per Lunde',
    ]) {
      expect(tekst).to.contain(del);
    }
  });

  it('lag-brev uten fattet vedtak feiler med en setning, og lager ingenting', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    const feil = await r.jobb('lag-brev', sakId, { mal: 'vedtak' }).catch((f: unknown) => f);
    expect(String(feil)).to.contain('ikke noe fattet vedtak');
    expect(await titler(sakId)).to.deep.equal([]);
  });

  it('henvendelsen går til enheten og merkes på oppdraget', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    await fattVedtak(sakId, { utfall: 'koordinator', hjemmel: ['pbrl-2-5b'] });
    await r.gjoer(sakId, 'vurder-valg', {
      utenforEnheten: 'ja',
      valgtEnhet: 'hjemmetjenesten-nord',
      bakgrunn: 'Bakgrunnen.',
    });
    await r.jobb('send-henvendelse', sakId);
    await r.jobb('send-henvendelse', sakId);
    expect(await titler(sakId)).to.deep.equal(['Henvendelse om koordinator']);
    expect(await hendelser(sakId, 'brev-sendt')).to.deep.equal([
      'Brevet «Henvendelse om koordinator» ble sendt til Hjemmetjenesten nord.',
    ]);
    const [o] = await r.sql<{ sendt: Date }>(
      `select henvendelse_sendt as sendt from koordinatoroppdrag where sak_id = $1`,
      [sakId],
    );
    expect(o?.sendt).to.be.instanceOf(Date);
  });

  it('den som takker nei, får bekreftelsen steget skrev når saken avsluttes', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    await r.gjoer(sakId, 'avklar-instans');
    await r.gjoer(sakId, 'informer-og-avklar', { oenske: 'ingen' });
    await r.gjoer(sakId, 'dokumenter-avslaatt-tilbud', { brevtekst: '' });
    await r.jobb('avslutt-sak', sakId, { grunn: 'avslaatt-tilbud' });
    await r.jobb('avslutt-sak', sakId, { grunn: 'avslaatt-tilbud' });
    expect(await titler(sakId)).to.deep.equal(['Du har takket nei til individuell plan og koordinator']);
    const tekst = await pdfen(sakId);
    expect(tekst)
      .to.contain('Planeier synes hjelpen henger godt sammen i dag.')
      .and.contain('takket nei til begge deler');
    expect(tekst.split('Du har takket nei')).to.have.length(2);
    expect(await hendelser(sakId, 'brev-sendt')).to.have.length(1);
    expect(await hendelser(sakId, 'arkivert')).to.deep.equal(['Ett dokument ble arkivert.']);
  });

  it('en trukket anmodning bekreftes, arkiveres og avsluttes', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    await r.sql(
      `insert into trekk (sak_id, innsending_id, begrunnelse, registrert_av, registrert) values ($1, gen_random_uuid(), 'Ringte og trakk den.', 'ola-hansen', $2)`,
      [sakId, r.klokke.naa()],
    );
    await r.jobb('bekreft-trukket', sakId);
    await r.jobb('bekreft-trukket', sakId);
    await r.jobb('avslutt-sak', sakId, { grunn: 'trukket' });
    expect(await titler(sakId)).to.deep.equal(['Anmodningen om individuell plan er trukket']);
    const [sak] = await r.sql<{ avslutning: string }>(`select avslutning from sak where id = $1`, [sakId]);
    expect(sak?.avslutning).to.equal('trukket');
    expect(await hendelser(sakId, 'arkivert')).to.have.length(1);
  });

  it('arkivpakken har meldingen og de samme filene som ligger i saken', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    await r.jobb('send-kvittering', sakId);
    const foer = new Set(r.mapper('arkiv'));
    await r.jobb('arkiver', sakId, { gjelder: 'vedtak' });
    const ny = r.mapper('arkiv').find((m) => !foer.has(m)) ?? '';
    const xml = r.les('arkiv', ny, 'arkivmelding.xml');
    expect(xml).to.contain('<referanseDokumentfil>dokument-001.pdf</referanseDokumentfil>');
    expect(xml).to.contain('<journalstatus>Ekspedert</journalstatus>');
    // Elleve sifre for seg selv; en sjekksum eller id kan ha så mange på rad.
    expect(xml).not.to.match(/(?<![\da-f])\d{11}(?![\da-f])/);
    const [d] = await r.sql<{ innhold: Buffer }>(`select innhold from dokument where sak_id = $1`, [sakId]);
    expect(r.les('arkiv', ny, 'dokument-001.pdf')).to.equal(d?.innhold.toString('utf8'));
  });

  it('et dokument som kom inn etterpå, arkiveres med sin egen avsender, og saken lukkes ikke før det er gjort', async () => {
    const sakId = await r.anmod(await r.nyPerson());
    await r.jobb('send-kvittering', sakId);
    await r.forbered('avslutt-sak', sakId, { grunn: 'trukket' });
    const fil = { originalname: 'uttalelse.txt', mimetype: 'text/plain', size: 3, buffer: Buffer.from('hei') };
    const om = { innsendingId: randomUUID(), avsender: 'Fastlegen', beskrivelse: '' };
    const ola = await r.som('ola-hansen');
    await iTransaksjon(r.ds, (tx) => leggVedDokument(tx, r.klokke, ola, sakId, om, [fil]));
    const nei = await iTransaksjon(r.ds, (tx) => krevAltArkivert(tx, sakId)).catch((feil: unknown) => feil);
    expect(nei).to.be.instanceOf(Error).with.property('message').that.contains('Et dokument kom inn');
    await r.jobb('avslutt-sak', sakId, { grunn: 'trukket' });
    const [sak] = await r.sql<{ status: string }>(`select status from sak where id = $1`, [sakId]);
    expect(sak?.status).to.equal('avsluttet');
    const meldinger = r.mapper('arkiv').map((m) => r.les('arkiv', m, 'arkivmelding.xml'));
    expect(meldinger.filter((xml) => xml.includes('Fastlegen'))).to.have.length(1);
  });
});
