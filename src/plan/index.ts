export { bestillPlan, harAktivPlan, personHarPlan, reserverPlan } from './plan.ts';
