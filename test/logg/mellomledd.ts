import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** En setning på vei til databasen, slik mellomleddet ser den. */
export interface Setning {
  /** `application_name` på forbindelsen */
  app: string;
  sql: string;
  /** parametrene som tekst, etter hverandre */
  parametre: string;
}

/** Hva som skal skje med en setning: slippes fram, kappes, eller besvares med en feil med denne SQLSTATE. */
export type Dom = 'slipp' | 'kapp' | { sqlstate: string };

export interface Mellomledd {
  url: string;
  /** Avgjør hver setning; null slipper alt fram. */
  doem: ((s: Setning) => Dom) | null;
  /** Teksten som legges i hvert felt av hver feil, i tillegg til setningen og parametrene. */
  merke: string;
  slutt(): Promise<void>;
}

const tekst = (b: Buffer): string => b.toString('utf8').replaceAll('\u0000', ' ');

function melding(type: string, innhold: Buffer): Buffer {
  const hode = Buffer.alloc(5);
  hode.write(type, 0, 'latin1');
  hode.writeInt32BE(innhold.length + 4, 1);
  return Buffer.concat([hode, innhold]);
}

/** En feil som siterer alt PostgreSQL kan sitere: raden i meldingen, nøkkelen i DETAIL, setningen i CONTEXT og INTERNAL QUERY. */
function feilsvar(sqlstate: string, s: Setning, merke: string): Buffer {
  const alt = `${merke} ${s.parametre}`.slice(0, 4_000);
  const felt: [string, string][] = [
    ['S', 'ERROR'],
    ['V', 'ERROR'],
    ['C', sqlstate],
    ['M', `new row violates check: Failing row contains (${alt})\n    at ${merke} (/${merke}.ts:1:1)`],
    ['D', `Key (navn)=(${alt}) already exists.`],
    ['H', `Hint ${alt}`],
    ['W', `SQL statement "${s.sql} -- ${alt}"`],
    ['q', `${s.sql} -- ${alt}`],
    ['s', 'public'],
    ['t', 'person'],
    ['n', 'person_navn'],
    ['F', 'execMain.c'],
    ['L', '2034'],
    ['R', 'ExecConstraints'],
  ];
  const innhold = Buffer.concat([
    ...felt.map(([k, v]) => Buffer.from(`${k}${v.replaceAll('\u0000', '')}\u0000`)),
    Buffer.of(0),
  ]);
  return Buffer.concat([melding('E', innhold), melding('Z', Buffer.from('I'))]);
}

/**
 * En vei til databasen som kan få hvilken som helst setning til å feile med hvilken kode som helst. Det er den eneste måten å
 * få også lesende setninger, COMMIT og motorens egne til å feile på bestilling.
 */
export async function lagMellomledd(mot: string): Promise<Mellomledd> {
  const maal = new URL(mot);
  const aapne = new Set<Socket>();
  const ledd: Mellomledd = { url: '', doem: null, merke: '', slutt: () => Promise.resolve() };

  const tjener = createServer((inn) => {
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
    ut.pipe(inn);
    let rest = Buffer.alloc(0);
    let app: string | null = null;
    let bunke: Buffer[] = [];
    let setning = { sql: '', parametre: '' };
    const avgjoer = (): void => {
      const s = { app: app ?? '', ...setning };
      const alt = Buffer.concat(bunke);
      bunke = [];
      setning = { sql: '', parametre: '' };
      const dom = s.sql === '' || /^\s*rollback/i.test(s.sql) ? 'slipp' : (ledd.doem?.(s) ?? 'slipp');
      if (dom === 'slipp') ut.write(alt);
      else if (dom === 'kapp') inn.destroy();
      else inn.write(feilsvar(dom.sqlstate, s, ledd.merke));
    };
    inn.on('data', (biter: Buffer) => {
      rest = Buffer.concat([rest, biter]);
      for (;;) {
        const start = app === null ? 0 : 1;
        if (rest.length < start + 4) return;
        const lengde = rest.readInt32BE(start) + start;
        if (rest.length < lengde) return;
        const hel = rest.subarray(0, lengde);
        rest = rest.subarray(lengde);
        if (app === null) {
          app = /application_name\u0000([^\u0000]*)/.exec(hel.toString('utf8'))?.[1] ?? '';
          ut.write(hel);
          continue;
        }
        const type = String.fromCharCode(hel[0] ?? 0);
        if (type === 'Q') {
          bunke.push(hel);
          setning.sql = tekst(hel.subarray(5));
          avgjoer();
        } else if ('PBDEC'.includes(type)) {
          bunke.push(hel);
          if (type === 'P') setning.sql = tekst(hel.subarray(5));
          if (type === 'B') setning = { sql: setning.sql || 'forberedt', parametre: tekst(hel.subarray(5)) };
        } else if (type === 'S') {
          bunke.push(hel);
          avgjoer();
        } else {
          ut.write(Buffer.concat([...bunke, hel]));
          bunke = [];
        }
      }
    });
  });
  await new Promise<void>((ok) => tjener.listen(0, '127.0.0.1', ok));
  const url = new URL(mot);
  url.port = String((tjener.address() as AddressInfo).port); // en TCP-tjener som lytter, har alltid en slik adresse
  ledd.url = url.href;
  ledd.slutt = () =>
    new Promise((ok) => {
      for (const s of aapne) s.destroy();
      tjener.close(() => ok());
    });
  return ledd;
}
