import { z } from 'zod';
import type { Arkivkanal } from '../src/arkiv/index.ts';
import type { ProjeksjonAvh } from '../src/oppgave/index.ts';
import type { Utsendingskanal } from '../src/utsending/index.ts';

/** Det arbeiderne trenger utenfra: kanalene brev og arkivmeldinger går gjennom, og det oppgavelistene lages av. */
export interface Arbeideravh extends ProjeksjonAvh {
  utsending: Utsendingskanal;
  arkiv: Arkivkanal;
}

/** Variabelen alle jobber har: saken de arbeider for. */
export const sakvariabel = z.object({ sakId: z.uuid() });
