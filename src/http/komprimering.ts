import compression from 'compression';

/**
 * Komprimerer svar som lages der og da. Ikke varsler som strømmer (de ville blitt liggende i bufferen), og ikke noe et
 * fremmed nettsted har bedt om: lengden på et komprimert svar røper om noe en angriper valgte, også står ellers i det
 * (BREACH). CSRF-tokenet står bare i GET /api/meg, som ikke gjengir noe fra forespørselen.
 */
export const komprimer = compression({
  filter: (req, res) => {
    const type = String(res.getHeader('Content-Type') ?? '');
    if (type.startsWith('text/event-stream')) return false;
    const fra = req.headers['sec-fetch-site'];
    if (fra !== undefined && fra !== 'same-origin' && fra !== 'none') return false;
    return compression.filter(req, res);
  },
});
