import { expect } from 'chai';
import type { OppgaveListe, OppgaveRad } from '../../src/contract/api.ts';
import { byggPlasser, type Plass } from '../../ui/src/sider/oppgaver/plasser.ts';

function rad(id: string, del: Partial<OppgaveRad> = {}): OppgaveRad {
  return {
    id,
    type: 'steg',
    stegId: 'fatt-vedtak',
    tittel: 'Fatt vedtak',
    sakId: null,
    saksnummer: '2026/1',
    personNavn: 'Ida Solberg',
    rutineNavn: 'Saksbehandle',
    fase: 'Vedtak',
    enhetId: 'hsk',
    enhetNavn: 'HSK',
    frist: null,
    gruppe: 'senere',
    opprettet: '2026-11-01T10:00:00Z',
    eier: null,
    tatt: null,
    eierBorte: false,
    retur: null,
    kanFordele: false,
    status: 'aapen',
    kanTa: true,
    hindring: null,
    kanLeggeTilbake: false,
    ...del,
  };
}
function svar(rader: OppgaveRad[], totalt = rader.length): OppgaveListe {
  return {
    rader,
    totalt,
    antall: { mine: 0, ledige: totalt, forfalt: 0, enheten: null },
    filtre: { steg: [], rutiner: [], enheter: [] },
  };
}
const vist = (plasser: Plass[]): string[] =>
  plasser.map((p) => (p.slag === 'venter' ? 'venter' : `${p.slag}:${p.rad.id}`));

describe('Oppgavelista på skjermen', () => {
  it('setter overskrift over den første i hver gruppe, bare når det sorteres på frist', () => {
    const side = svar([
      rad('a', { gruppe: 'forfalt' }),
      rad('b', { gruppe: 'forfalt' }),
      rad('c', { gruppe: 'senere' }),
    ]);
    const forste = (gruppert: boolean): boolean[] =>
      byggPlasser([], [side], [0], gruppert).map((p) => p.slag !== 'venter' && p.forste);
    expect(forste(true)).to.deep.equal([true, false, true]);
    expect(forste(false)).to.deep.equal([false, false, false]);
  });

  it('lar en rad en annen tok, bli stående der den sto', () => {
    const foer = byggPlasser([], [svar([rad('a'), rad('b'), rad('c')])], [0], false);
    const etter = byggPlasser(foer, [svar([rad('a'), rad('c')])], [0], false);
    expect(vist(etter)).to.deep.equal(['rad:a', 'borte:b', 'rad:c']);
  });

  it('lar også den første raden bli stående, og setter nye rader på plassen sin', () => {
    const foer = byggPlasser([], [svar([rad('a'), rad('b')])], [0], false);
    const etter = byggPlasser(foer, [svar([rad('b'), rad('ny')])], [0], false);
    expect(vist(etter)).to.deep.equal(['borte:a', 'rad:b', 'rad:ny']);
  });

  it('viser en falmet rad som vanlig igjen når den kommer tilbake', () => {
    const foer = byggPlasser([], [svar([rad('a'), rad('b')])], [0], false);
    const tatt = byggPlasser(foer, [svar([rad('a')])], [0], false);
    const tilbake = byggPlasser(tatt, [svar([rad('a'), rad('b')])], [0], false);
    expect(vist(tilbake)).to.deep.equal(['rad:a', 'rad:b']);
  });

  it('holder av plass til sider som ikke er hentet, så rullefeltet er riktig fra start', () => {
    const side = svar(
      Array.from({ length: 100 }, (_, i) => rad(`r${i}`)),
      10_000,
    );
    const plasser = byggPlasser([], [side], [0], true);
    expect(plasser).to.have.length(10_000);
    expect(plasser[100]?.slag).to.equal('venter');
  });

  it('regner ikke en rad som flyttet seg til en annen side, som borte', () => {
    const mange = (fra: number): OppgaveRad[] => Array.from({ length: 100 }, (_, i) => rad(`r${fra + i}`));
    const foer = byggPlasser([], [svar(mange(0), 200), svar(mange(100), 200)], [0, 1], false);
    // r5 er tatt: r100 rykker opp på den første siden.
    const forste = [...mange(0).filter((r) => r.id !== 'r5'), rad('r100')];
    const andre = mange(101).slice(0, 99);
    const etter = byggPlasser(foer, [svar(forste, 199), svar(andre, 199)], [0, 1], false);
    const borte = etter.filter((p) => p.slag === 'borte');
    expect(vist(borte)).to.deep.equal(['borte:r5']);
  });
});
