export { bestillPlan, harAktivPlan, reserverPlan } from './plan.ts';
