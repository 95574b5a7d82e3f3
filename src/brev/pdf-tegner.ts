import PDFDocument from 'pdfkit';
import { datoITekst } from '../contract/tid.ts';
import { Systemfeil } from '../logg/index.ts';
import { adressefelt } from './adresse.ts';
import { blokker, type Blokk } from './blokker.ts';
import { GODKJENT, undertegnertittel } from './ordbruk.ts';
import { klynger, skriftFor, type Dekning, type Skrifter, type Vekt } from './skrift.ts';
import type { Brev, Brevdel } from './typer.ts';

type Doc = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

/** A4 i punkter. Adressefeltet ligger der vinduet i en C5-konvolutt er. */
const MARG = { top: 62, bottom: 78, left: 71, right: 71 };
const ADRESSE_Y = 140;
const REFERANSE_X = 360;
const TITTEL_Y = 262;
const BROEDTEKST = 10.5;
const LINJEAVSTAND = 4;
const FARGE = { tekst: '#1b1f24', dempet: '#4a5560', merke: '#0b4f6c' };

/** Det vi bruker av en åpnet skrift i dokumentet; pdfkit sine typer viser det ikke. */
interface AapenSkrift {
  /** fontkit sin skrift, som kan brukes igjen i neste dokument */
  font: { glyphForCodePoint(kode: number): unknown };
  ascender: number;
  descender: number;
  lineGap: number;
}
/** Skrifter som alt er åpnet i denne tråden: å tolke dem på nytt for hvert brev tar det meste av tiden. */
const aapnet = new Map<string, AapenSkrift['font']>();

/** Deler tekst etter hvilken skriftfil som har tegnene; PDF/UA tillater ikke tegn uten form. */
class Skriftvelger {
  private readonly doc: Doc;
  private readonly dekt: Dekning;
  private readonly funnet = new Map<string, number>();
  private maal: AapenSkrift | null = null;

  constructor(doc: Doc, skrifter: Skrifter, dekt: Dekning) {
    this.doc = doc;
    this.dekt = dekt;
    for (const vekt of ['normal', 'fet'] as const) {
      skrifter[vekt].forEach((data, i) => {
        const navn = `${vekt}-${i}`;
        // pdfkit tar imot en åpnet skrift også; typene kjenner bare filer og bytes.
        doc.registerFont(navn, (aapnet.get(navn) ?? Buffer.from(data)) as Buffer);
      });
    }
    this.velg('normal-0');
  }

  /** Gjør skriften gjeldende i dokumentet. Alle linjer er like høye, også de som har tegn fra en annen skrift. */
  velg(navn: string): AapenSkrift {
    this.doc.font(navn);
    const { _font: skrift } = this.doc as unknown as { _font: AapenSkrift }; // pdfkit sin gjeldende skrift
    if (!aapnet.has(navn)) {
      // En form husker tegnet den første gang ble slått opp for. Slås den opp som del av en annen (A i Å), husker den
      // ingenting, og bokstaven mangler i teksten til det neste brevet; derfor slås alle opp med en gang.
      for (const kode of this.dekt[Number(navn.split('-')[1])] ?? []) skrift.font.glyphForCodePoint(kode);
      aapnet.set(navn, skrift.font);
    }
    const { ascender, descender, lineGap } = (this.maal ??= skrift);
    return Object.assign(skrift, { ascender, descender, lineGap });
  }

  private del(klynge: string): number {
    const kjent = this.funnet.get(klynge);
    if (kjent !== undefined) return kjent;
    const del = skriftFor(this.dekt, klynge);
    if (del < 0) throw new Systemfeil('Brevet har et tegn skriften ikke har. Det er satt sammen utenom lagBrev.');
    this.funnet.set(klynge, del);
    return del;
  }

  /** Biter av teksten med hver sin skrift. */
  biter(tekst: string, vekt: Vekt): { tekst: string; skrift: string }[] {
    const ut: { tekst: string; skrift: string }[] = [];
    let forrige = 0;
    for (const klynge of klynger(tekst)) {
      // Mellomrom og linjeskift hører til biten de står i.
      const del = klynge === '\n' || klynge === ' ' ? forrige : this.del(klynge);
      forrige = del;
      const sist = ut.at(-1);
      const skrift = `${vekt}-${del}`;
      if (sist?.skrift === skrift) sist.tekst += klynge;
      else ut.push({ tekst: klynge, skrift });
    }
    return ut.length > 0 ? ut : [{ tekst: ' ', skrift: `${vekt}-0` }];
  }
}

interface Skriving {
  x?: number;
  y?: number;
  bredde?: number;
  vekt?: Vekt;
  storrelse?: number;
  farge?: string;
}

class Tegner {
  private readonly doc: Doc;
  private readonly skrift: Skriftvelger;
  private readonly rot: Element;

  constructor(doc: Doc, skrifter: Skrifter, dekt: Dekning) {
    this.doc = doc;
    this.skrift = new Skriftvelger(doc, skrifter, dekt);
    this.rot = doc.struct('Document');
    doc.addStructure(this.rot);
  }

  get bredde(): number {
    return this.doc.page.width - MARG.left - MARG.right;
  }

  private skriv(tekst: string, v: Skriving = {}): void {
    const biter = this.skrift.biter(tekst, v.vekt ?? 'normal');
    this.doc.fontSize(v.storrelse ?? BROEDTEKST).fillColor(v.farge ?? FARGE.tekst);
    biter.forEach((bit, i) => {
      const valg = { width: v.bredde ?? this.bredde, lineGap: LINJEAVSTAND, continued: i < biter.length - 1 };
      this.skrift.velg(bit.skrift);
      if (i === 0) this.doc.text(bit.tekst, v.x ?? MARG.left, v.y ?? this.doc.y, valg);
      else this.doc.text(bit.tekst, valg);
    });
  }

  /** Høyden teksten kommer til å ta. */
  private hoyde(tekst: string, v: Skriving = {}): number {
    this.skrift.velg(`${v.vekt ?? 'normal'}-0`);
    this.doc.fontSize(v.storrelse ?? BROEDTEKST);
    return this.doc.heightOfString(tekst, { width: v.bredde ?? this.bredde, lineGap: LINJEAVSTAND });
  }

  /** Begynner på ny side når det ikke er plass til så mye til. */
  private plass(hoyde: number): void {
    if (this.doc.y + hoyde > this.doc.page.height - MARG.bottom) {
      this.doc.addPage();
      this.doc.y = MARG.top;
    }
  }

  private element(slag: string, tekst: string, v?: Skriving, forelder = this.rot): void {
    forelder.add(this.doc.struct(slag, {}, () => this.skriv(tekst, v)));
  }

  brevhode(brev: Brev): void {
    const { hode } = brev;
    this.doc.markContent('Artifact', { type: 'Layout' });
    this.doc
      .save()
      .roundedRect(MARG.left, MARG.top - 12, 26, 30, 4)
      .fill(FARGE.merke);
    this.doc
      .lineWidth(1.6)
      .strokeColor('#ffffff')
      .moveTo(MARG.left + 5, MARG.top + 2)
      .bezierCurveTo(MARG.left + 9, MARG.top - 4, MARG.left + 13, MARG.top + 8, MARG.left + 21, MARG.top + 1)
      .stroke()
      .moveTo(MARG.left + 5, MARG.top + 9)
      .bezierCurveTo(MARG.left + 9, MARG.top + 3, MARG.left + 13, MARG.top + 15, MARG.left + 21, MARG.top + 8)
      .stroke()
      .restore();
    this.doc.endMarkedContent();
    const x = MARG.left + 36;
    this.element('P', hode.kommune, { x, y: MARG.top - 12, vekt: 'fet', storrelse: 13, bredde: 380 });
    this.element('P', hode.enhet, { x, y: MARG.top + 5, storrelse: 9.5, farge: FARGE.dempet, bredde: 380 });
    const adresse = adressefelt(hode.mottaker).join('\n');
    this.element('P', adresse, { y: ADRESSE_Y, bredde: 260 });
    const underAdresse = this.doc.y;
    const referanse = `Dato: ${datoITekst(hode.dato)}\nSaksnummer: ${hode.saksnummer}\nGjelder: ${hode.gjelder}`;
    this.element('P', referanse, {
      x: REFERANSE_X,
      y: ADRESSE_Y,
      storrelse: 9.5,
      farge: FARGE.dempet,
      bredde: this.doc.page.width - MARG.right - REFERANSE_X,
    });
    this.element('H1', brev.tittel, {
      y: Math.max(TITTEL_Y, underAdresse + 24, this.doc.y + 24),
      vekt: 'fet',
      storrelse: 16,
    });
    this.doc.y += 6;
  }

  private liste(punkter: string[]): void {
    const liste = this.doc.struct('L');
    this.rot.add(liste);
    const x = MARG.left + 16;
    const bredde = this.bredde - 16;
    for (const punkt of punkter) {
      // Punktet og den første linja skal stå på samme side; korte punkter deles ikke.
      this.plass(Math.min(this.hoyde(punkt, { bredde }), 60));
      const y = this.doc.y;
      const ledd = this.doc.struct('LI');
      liste.add(ledd);
      this.element('Lbl', '•', { x: MARG.left + 3, y, bredde: 12 }, ledd);
      this.element('LBody', punkt, { x, y, bredde }, ledd);
      this.doc.y += 2;
    }
    this.doc.y += 6;
  }

  private overskrift(merke: 'H2' | 'H3', tekst: string): void {
    const v: Skriving = { vekt: 'fet', storrelse: merke === 'H2' ? 12 : BROEDTEKST };
    this.doc.y += 6;
    // Overskriften skal aldri stå alene nederst på en side.
    this.plass(this.hoyde(tekst, v) + 44);
    this.element(merke, tekst, v);
    this.doc.y += 1;
  }

  private blokk(b: Blokk, slag: Brevdel['slag']): void {
    switch (b.slag) {
      case 'tittel':
        this.overskrift(slag === 'mal' ? 'H2' : 'H3', b.tekst);
        break;
      case 'liste':
        this.liste(b.punkter);
        break;
      case 'avsnitt':
        this.plass(Math.min(this.hoyde(b.tekst), 34));
        this.element('P', b.tekst);
        this.doc.y += 8;
        break;
    }
  }

  innhold(del: Brevdel): void {
    for (const b of blokker(del.tekst)) this.blokk(b, del.slag);
  }

  underskrift(brev: Brev): void {
    const { undertegnere, kopi } = brev.hode;
    this.plass(110 + (kopi.length > 0 ? 24 : 0));
    this.doc.y += 10;
    this.element('P', 'Med hilsen');
    this.doc.y += 6;
    const y = this.doc.y;
    let nederst = y;
    const kolonne = this.bredde / Math.max(2, undertegnere.length);
    undertegnere.forEach((u, i) => {
      const x = MARG.left + i * kolonne;
      this.element('P', u.navn, { x, y, vekt: 'fet', bredde: kolonne - 12 });
      this.element('P', undertegnertittel(u.tittel), { x, farge: FARGE.dempet, bredde: kolonne - 12 });
      nederst = Math.max(nederst, this.doc.y);
    });
    this.doc.y = nederst + 8;
    this.element('P', GODKJENT, {
      storrelse: 9,
      farge: FARGE.dempet,
    });
    if (kopi.length > 0) {
      this.doc.y += 8;
      this.element('P', `Kopi til: ${kopi.join(', ')}`, { storrelse: 9.5 });
    }
  }

  bunntekst(brev: Brev): void {
    const { start, count } = this.doc.bufferedPageRange();
    for (let i = start; i < start + count; i++) {
      this.doc.switchToPage(i);
      // Bunnteksten står utenfor margen; uten dette lager pdfkit en ny side for den.
      this.doc.page.margins.bottom = 0;
      this.doc.markContent('Artifact', { type: 'Pagination', attached: ['Bottom'] });
      const y = this.doc.page.height - 46;
      this.skriv(`${brev.hode.kommune} · Saksnummer ${brev.hode.saksnummer}`, {
        y,
        storrelse: 8.5,
        farge: FARGE.dempet,
      });
      const side = `Side ${i + 1} av ${count}`;
      this.skrift.velg('normal-0');
      this.doc.fontSize(8.5);
      const x = this.doc.page.width - MARG.right - this.doc.widthOfString(side) - 1;
      this.skriv(side, { x, y, storrelse: 8.5, farge: FARGE.dempet, bredde: 80 });
      this.doc.endMarkedContent();
    }
  }

  ferdig(): void {
    this.rot.end();
  }
}

/** pdfkit setter metadata rett inn i XML uten å kode dem. */
function metatekst(tekst: string): string {
  return tekst.replaceAll('&', 'og').replace(/[<>]/g, '');
}

/**
 * Tegner brevet som merket PDF (PDF/UA-1): tittel og språk i dokumentet, overskrifter, avsnitt og lister i
 * strukturtreet, bunntekst og merke som pynt (Artifact), og skriften innebygd. Kalles i PDF-tråden.
 */
export function tegnBrev(brev: Brev, skrifter: Skrifter, dekt: Dekning): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margins: MARG,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'nb-NO',
    displayTitle: true,
    bufferPages: true,
    info: {
      Title: metatekst(brev.tittel),
      Author: metatekst(brev.hode.kommune),
      Subject: metatekst(`Sak ${brev.hode.saksnummer}`),
      Creator: 'Individuell plan',
      CreationDate: new Date(`${brev.hode.dato}T12:00:00Z`),
    },
  });
  // Det pdfkit sitt valg `subset: 'PDF/UA'` legger til er denne linja – og en CIDSet-tabell som mangler delene av
  // sammensatte bokstaver (å, é), så veraPDF underkjenner den. Tabellen er valgfri, så vi skriver bare linja.
  doc.appendXML(
    '<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>',
  );
  const ferdig = new Promise<Buffer>((ok, feilet) => {
    const biter: Buffer[] = [];
    doc.on('data', (bit: Buffer) => biter.push(bit));
    doc.on('end', () => ok(Buffer.concat(biter)));
    doc.on('error', feilet);
  });
  const tegner = new Tegner(doc, skrifter, dekt);
  tegner.brevhode(brev);
  for (const del of brev.deler) tegner.innhold(del);
  tegner.underskrift(brev);
  tegner.bunntekst(brev);
  tegner.ferdig();
  doc.end();
  return ferdig;
}
