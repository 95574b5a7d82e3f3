export interface SkjemaFelt {
  id: string;
  key: string;
  ledetekst: string;
  /** feltet kan ikke endres; det viser noe skjemaet fikk */
  laast: boolean;
  /** tekstene til valgene i feltet, når de står i skjemaet */
  valg: ReadonlyMap<string, string>;
  /** navnet på valglista i dataene, når valgene står der */
  valgliste: string | undefined;
  type: string;
}
interface Komponent {
  id?: string;
  key?: string;
  path?: string;
  label?: string;
  type?: string;
  action?: string;
  dateLabel?: string;
  disabled?: boolean;
  values?: { value: unknown; label: string }[];
  valuesKey?: string;
  components?: Komponent[];
}

function komponenter(skjema: unknown): Komponent[] {
  if (typeof skjema !== 'object' || skjema === null || !('components' in skjema)) return [];
  // Skjemaet kommer fra den publiserte rutinen; form-js kontrollerer formen når det åpnes.
  return Array.isArray(skjema.components) ? (skjema.components as Komponent[]) : [];
}

/** Alle felter som har en verdi, i skjemaets rekkefølge, også inne i grupper. */
export function felter(skjema: unknown): SkjemaFelt[] {
  const ut: SkjemaFelt[] = [];
  const gaa = (liste: Komponent[]): void => {
    for (const k of liste) {
      const navn = k.key ?? (k.components ? k.path : undefined);
      if (k.id && navn) {
        const noekkel = navn.split('.')[0] ?? navn;
        if (!ut.some((u) => u.key === noekkel)) {
          ut.push({
            id: k.id,
            key: noekkel,
            ledetekst: k.label ?? k.dateLabel ?? noekkel,
            laast: k.disabled === true,
            valg: new Map(k.values?.map((v) => [String(v.value), v.label])),
            valgliste: k.valuesKey,
            type: k.type ?? '',
          });
        }
      }
      if (k.components) gaa(k.components);
    }
  };
  gaa(komponenter(skjema));
  return ut;
}

/** Skjemaets egne knapper tas bort: siden har utfallsknappen. */
export function utenKnapper(skjema: unknown): unknown {
  const rens = (liste: Komponent[]): Komponent[] =>
    liste.filter((k) => k.type !== 'button').map((k) => (k.components ? { ...k, components: rens(k.components) } : k));
  return typeof skjema === 'object' && skjema !== null ? { ...skjema, components: rens(komponenter(skjema)) } : skjema;
}
