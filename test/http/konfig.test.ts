import { expect } from 'chai';
import { Innstillingsfeil, lesKonfig } from '../../src/config.ts';

describe('innstillinger', () => {
  it('har standardverdier når ingenting er satt', () => {
    const k = lesKonfig('/rot', {});
    expect(k).to.include({ PORT: 3000, HOST: '127.0.0.1', ENGINE_CLOCK: 'system', dataDir: '/rot/data' });
  });

  it('en verdi som ikke kan brukes, navngis', () => {
    const tilfeller: [NodeJS.ProcessEnv, RegExp][] = [
      [{ PORT: 'tre' }, /^PORT må være et heltall/],
      [{ PORT: '70000' }, /^PORT må være et heltall/],
      [{ ENGINE_CLOCK: 'rask' }, /^ENGINE_CLOCK må være system eller controlled/],
      [{ ENGINE_API_PORT: '8080' }, /ENGINE_API_TOKEN/],
      [{ ENGINE_API_PORT: '8080', ENGINE_API_TOKEN: 'kort' }, /minst 16 tegn/],
      [{ OIDC_ISSUER: 'https://id.example' }, /OIDC_CLIENT_ID/],
    ];
    for (const [miljoe, melding] of tilfeller) {
      expect(() => lesKonfig('/rot', miljoe)).to.throw(Innstillingsfeil, melding);
    }
  });
});
