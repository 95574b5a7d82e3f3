import { z } from 'zod';
import type { Arbeider, Arbeidsresultat } from '../src/engine/workers.ts';
import { Systemfeil } from '../src/logg/index.ts';
import { eierFraStart, fristPaaVirkedag, projiser, type ProjeksjonAvh } from '../src/oppgave/index.ts';

const variabler = z.object({ sakId: z.uuid().optional() });

/**
 * Lytteren `creating` på alle brukeroppgaver: skriver oppgaven i vår tabell før motoren viser den, og flytter en frist som
 * faller på en fridag til neste virkedag. Kommer oppgaven tilbake til en som hadde den, sies det til motoren her. Til den er
 * ferdig, er oppgaven ikke til å ta hos motoren.
 */
export function lagOppgaveOpprettes(avh: ProjeksjonAvh): Arbeider<z.infer<typeof variabler>> {
  return {
    type: 'oppgave-opprettes',
    variabler,
    async utfoer({ tx, jobb, klokke }, { sakId }): Promise<Arbeidsresultat> {
      const o = jobb.brukeroppgave;
      if (!o) throw new Systemfeil('Jobben hører ikke til en brukeroppgave.');
      const frist = o.frist ? fristPaaVirkedag(o.frist) : null;
      await projiser(
        tx,
        avh,
        {
          ...o,
          elementId: jobb.elementId,
          elementinstansnoekkel: jobb.elementinstansnoekkel,
          prosessinstansnoekkel: jobb.prosessinstansnoekkel,
          prosessdefinisjonsnoekkel: jobb.prosessdefinisjonsnoekkel,
          prosessId: jobb.prosessId,
          prosessversjon: jobb.prosessversjon,
          sakId: sakId ?? null,
        },
        frist,
        klokke.naa(),
      );
      const flyttet = frist && o.frist && frist.getTime() !== o.frist.getTime() ? { frist } : {};
      const eierId = await eierFraStart(tx, o.userTaskKey, jobb.prosessinstansnoekkel);
      const rettelser = { ...flyttet, ...(eierId && { eierId }) };
      return Object.keys(rettelser).length > 0 ? { rettelser } : {};
    },
  };
}
